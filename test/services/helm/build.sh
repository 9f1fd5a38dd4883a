#!/bin/sh
# Builds Helm's own command into .cache/services/helm.
# Does nothing where it is built from these very files already. Needs Go and the module proxy.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=$(cd "$here/../../.." && pwd)/.cache/services/helm
stamp=$(cat "$here/build.sh" "$here"/go.* | sha256sum | cut -d ' ' -f 1)
if [ -x "$out/helm" ] && [ "$(cat "$out/stamp" 2>/dev/null || true)" = "$stamp" ]; then
  exit 0
fi
mkdir -p "$out"
cd "$here"
helm=helm.sh/helm/v4
version=$(go list -mod=readonly -m -f '{{.Version}}' $helm)
# Charts can ask for Helm's version.
CGO_ENABLED=0 go build -mod=readonly -trimpath -o "$out/helm" \
  -ldflags "-s -w -X $helm/internal/version.version=$version" $helm/cmd/helm
echo "$stamp" >"$out/stamp"
