#!/usr/bin/env bash
# Puts on a Debian machine the real services that the tests in this folder and in test/engine talk to:
# an SSH server, an image registry, etcd, a Kubernetes API, a Jupyter Enterprise Gateway, a browser, Pulumi and Helm;
# and what checks workflows.
# Safe to run again; quiet when all is there. Nothing that it installs is started or left to start by
# itself: each test starts its own.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
project="$(cd "$here/../.." && pwd)"
cache="$project/.cache/services"
gateway="$cache/eg"
hub="$cache/jupyterhub"
zizmor="$cache/zizmor"
log="$cache/install.log"
mkdir -p "$cache"

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

# Runs a step without its chatter; shows the end of it where it fails, and the time of one that took some.
quietly() {
  local what="$1" start="$SECONDS"
  shift
  if ! "$@" >"$log" 2>&1; then
    echo "install.sh: $what failed:" >&2
    tail -n 30 "$log" >&2
    exit 1
  fi
  if [ "$((SECONDS - start))" -gt 1 ]; then
    echo "install.sh: $what: $((SECONDS - start)) s"
  fi
}

installed() {
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# Debian asks policy-rc.d before a package starts its service; 101 means "don't".
install_packages() {
  local policy=/usr/sbin/policy-rc.d made=""
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
    made=yes
    trap 'as_root rm -f /usr/sbin/policy-rc.d' EXIT
  fi
  quietly "apt-get update" as_root apt-get update -qq
  quietly "apt-get install $*" as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "$@"
  if [ -n "$made" ]; then
    as_root rm -f "$policy"
    trap - EXIT
  fi
}

# Only the services that this run brought: one that was there before belongs to the machine.
keep_from_starting() {
  local service
  for package in "$@"; do
    case "$package" in
      openssh-server) service=ssh ;;
      etcd-server) service=etcd ;;
      docker-registry) service=docker-registry ;;
      *) continue ;;
    esac
    if [ -d /run/systemd/system ]; then
      quietly "systemctl disable $service" as_root systemctl disable --now "$service"
    elif [ -e "/etc/init.d/$service" ]; then
      quietly "update-rc.d $service disable" as_root update-rc.d "$service" disable
    fi
  done
}

# Installs a Python program in an environment of its own: in_venv FOLDER PROGRAM REQUIREMENT...
# One that was made of other requirements is made again.
in_venv() {
  local folder="$1" program="$2" python
  shift 2
  if [ -x "$folder/bin/$program" ] && [ "$(cat "$folder/.complete" 2>/dev/null)" = "$*" ]; then
    return
  fi
  rm -rf "$folder"
  python="$(command -v python3.11 || command -v python3)"
  quietly "python3 -m venv" "$python" -m venv "$folder"
  quietly "pip install $program" "$folder/bin/pip" install --quiet --disable-pip-version-check "$@"
  echo "$*" >"$folder/.complete"
}

missing=()
for package in openssh-server docker-registry etcd-server openssl python3-venv chromium fonts-dejavu-core; do
  installed "$package" || missing+=("$package")
done
if [ "${#missing[@]}" -gt 0 ]; then
  install_packages "${missing[@]}"
  keep_from_starting "${missing[@]}"
fi

# jupyter_enterprise_gateway pins old libraries, so it lives alone.
in_venv "$gateway" jupyter-enterprisegateway "jupyter_enterprise_gateway==3.3.0" ipykernel
# The version of Zero to JupyterHub's newest chart, with what renders its form.
in_venv "$hub" jupyterhub "jupyterhub==5.5.4" "jupyter-server==2.21.1" ipykernel \
  "jupyterhub-kubespawner==7.1.0" "jupyterhub-fancy-profiles==0.7.0"
# Checks workflows for what makes them unsafe.
in_venv "$zizmor" zizmor "zizmor==1.32.0"

# Go where its own installer puts it. Debian's is too old to fetch a newer one by itself.
export PATH="$PATH:/usr/local/go/bin"
if [ -e "$cache/engine/kubernetes.stamp" ] || command -v go >/dev/null; then
  quietly "the Kubernetes API (cluster/build.sh)" "$here/cluster/build.sh"
  quietly "the Pulumi CLI (engine/build.sh cli)" "$here/engine/build.sh" cli
  quietly "the Kubernetes plugin (engine/build.sh kubernetes)" "$here/engine/build.sh" kubernetes
  quietly "Helm (helm/build.sh)" "$here/helm/build.sh"
  quietly "sops (sops/build.sh)" "$here/sops/build.sh"
  quietly "actionlint (workflows/actionlint/build.sh)" "$here/workflows/actionlint/build.sh"
else
  echo "install.sh: Go is missing, so no Kubernetes API, Pulumi, Helm, sops or actionlint is built (https://go.dev/doc/install)" >&2
fi

version_of() { dpkg-query -W -f='${Version}' "$1"; }
pulumi="$("$cache/engine/pulumi" version 2>/dev/null || echo missing)"
sops="$("$cache/sops/sops" --disable-version-check --version 2>/dev/null | cut -d ' ' -f 2 || echo missing)"
helm="$("$cache/helm/helm" version --template '{{.Version}}' 2>/dev/null || echo missing)"
echo "services: openssh-server $(version_of openssh-server), docker-registry $(version_of docker-registry)," \
  "etcd $(version_of etcd-server), chromium $(version_of chromium), enterprise gateway $("$gateway/bin/jupyter-enterprisegateway" --version)," \
  "jupyterhub $("$hub/bin/jupyterhub" --version), pulumi $pulumi, helm $helm, sops $sops, $("$zizmor/bin/zizmor" --version)"
