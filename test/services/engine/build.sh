#!/bin/sh
# Builds a part of the real engine into .cache/services/engine: `cli`, the Pulumi CLI, or `kubernetes`,
# its plugin for Kubernetes. Does nothing where it is built from these very files and versions already.
# Needs Go and the module proxy.
set -eu
part=$1
here=$(cd "$(dirname "$0")" && pwd)
project=$(cd "$here/../../.." && pwd)
out=$project/.cache/services/engine
mkdir -p "$out"
cd "$here/$part"

# $1 is the program, and the rest is how Go builds it.
build() {
  program=$1
  shift
  stamp=$( (cat "$here/build.sh" go.* ./*.go 2>/dev/null; echo "$*") | sha256sum | cut -d ' ' -f 1)
  if [ -x "$out/$program" ] && [ "$(cat "$out/$part.stamp" 2>/dev/null || true)" = "$stamp" ]; then
    return
  fi
  CGO_ENABLED=0 go build -mod=readonly -trimpath -o "$out/$program" "$@"
  echo "$stamp" >"$out/$part.stamp"
}

case $part in
  cli)
    # A CLI that reports no version refuses plugins and states of another.
    pulumi=github.com/pulumi/pulumi
    version=$(sed -n "s|^[[:space:]]*$pulumi/pkg/v3 \(v[^ ]*\).*|\1|p" go.mod)
    build pulumi -ldflags "-s -w -X $pulumi/sdk/v3/go/common/version.Version=$version" \
      $pulumi/pkg/v3/cmd/pulumi
    ;;
  kubernetes)
    # The program asks for the plugin by the version of its npm package.
    version=$(sed -n 's|^ *"@pulumi/kubernetes": "\(.*\)",*|\1|p' "$project/package.json")
    build pulumi-resource-kubernetes -ldflags "-s -w -X main.version=$version" .
    ;;
  *)
    echo "usage: build.sh cli|kubernetes" >&2
    exit 2
    ;;
esac
