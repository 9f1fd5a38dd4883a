#!/bin/sh
# Builds the Pulumi CLI and its Kubernetes plugin into .cache/services/engine, and puts the scripts of
# the SDK that the CLI starts beside them. Does nothing for a part that is built from these very files
# already. Needs Go and the module proxy.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
project=$(cd "$here/../../.." && pwd)
out=$project/.cache/services/engine
mkdir -p "$out"

# $1 names the part, $2 the program, and the rest is how Go builds it.
build() {
  part=$1 program=$2
  shift 2
  stamp=$(cat "$here/build.sh" "$here/$part"/go.* "$here/$part"/*.go 2>/dev/null | sha256sum | cut -d ' ' -f 1)
  if [ "$(cat "$out/$part.stamp" 2>/dev/null || true)" != "$stamp" ]; then
    (cd "$here/$part" && CGO_ENABLED=0 go build -mod=readonly -trimpath -o "$out/$program" "$@")
    echo "$stamp" >"$out/$part.stamp"
  fi
}

version_of() { (cd "$here/cli" && go list -mod=readonly -m -f '{{.Version}}' "$1"); }
npm_version_of() { sed -n "s/^ *\"$(echo "$1" | sed 's/\//\\\//')\": \"\(.*\)\",*/\1/p" "$project/package.json"; }

# A CLI that reports no version refuses plugins and states of another.
cli=github.com/pulumi/pulumi
build cli pulumi \
  -ldflags "-s -w -X $cli/sdk/v3/go/common/version.Version=$(version_of $cli/pkg/v3)" $cli/pkg/v3/cmd/pulumi
build kubernetes pulumi-resource-kubernetes \
  -ldflags "-s -w -X main.version=$(npm_version_of @pulumi/kubernetes)" .
