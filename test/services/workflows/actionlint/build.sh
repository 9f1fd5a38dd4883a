#!/bin/sh
# Builds actionlint, which checks workflows, into .cache/services/actionlint.
# Does nothing where it is built from these very files already. Needs Go and the module proxy.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=$(cd "$here/../../../.." && pwd)/.cache/services/actionlint
stamp=$(cat "$here/build.sh" "$here"/go.* | sha256sum | cut -d ' ' -f 1)
if [ -x "$out/actionlint" ] && [ "$(cat "$out/stamp" 2>/dev/null || true)" = "$stamp" ]; then
  exit 0
fi
mkdir -p "$out"
cd "$here"
CGO_ENABLED=0 go build -mod=readonly -trimpath -o "$out/" -ldflags "-s -w" tool
echo "$stamp" >"$out/stamp"
