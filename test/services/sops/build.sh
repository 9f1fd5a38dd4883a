#!/bin/sh
# Builds sops and age-keygen, which makes its keys, into .cache/services/sops.
# Does nothing where they are built from these very files already. Needs Go and the module proxy.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=$(cd "$here/../../.." && pwd)/.cache/services/sops
stamp=$(cat "$here/build.sh" "$here"/go.* | sha256sum | cut -d ' ' -f 1)
if [ -x "$out/sops" ] && [ "$(cat "$out/stamp" 2>/dev/null || true)" = "$stamp" ]; then
  exit 0
fi
mkdir -p "$out"
cd "$here"
CGO_ENABLED=0 go build -mod=readonly -trimpath -o "$out/" -ldflags "-s -w" tool
echo "$stamp" >"$out/stamp"
