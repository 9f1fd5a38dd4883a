#!/bin/sh
# Builds kube-apiserver, kube-controller-manager, kube-scheduler and kwok into .cache/services/cluster.
# Does nothing where they are built from this very go.mod already. Needs Go and the module proxy.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=$(cd "$here/../../.." && pwd)/.cache/services/cluster
stamp=$(cat "$here/go.mod" "$here/build.sh" | sha256sum | cut -d ' ' -f 1)
if [ "$(cat "$out/stamp" 2>/dev/null || true)" = "$stamp" ]; then
  exit 0
fi
mkdir -p "$out"
cd "$here"
version=$(go list -mod=readonly -m -f '{{.Version}}' k8s.io/kubernetes)
# A server that reports no version can't be parsed by clients.
CGO_ENABLED=0 go build -mod=readonly -trimpath -o "$out/" \
  -ldflags "-s -w -X k8s.io/component-base/version.gitVersion=$version" \
  tool
# kwok plays nodes and pods by stages that come with its module.
stages=$(go list -mod=readonly -m -f '{{.Dir}}' sigs.k8s.io/kwok)/kustomize/stage
rm -rf "$out/stage"
cp -r "$stages" "$out/stage"
chmod -R u+w "$out/stage"
echo "$stamp" >"$out/stamp"
