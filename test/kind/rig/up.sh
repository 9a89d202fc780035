#!/usr/bin/env bash
# Brings up Docker and everything that "kind create cluster" needs, with no container
# registry: packages of Debian, Kubernetes built from Go modules, a node image of both.
# Run it as often as you like, the second time takes seconds. Debian 12, root, Go 1.26.
#
#   TANDEM_RIG_CACHE  where all of it is kept  (default: ~/.cache/tandem-rig)
#   SOCK              Docker's socket          (default: /var/run/docker.sock)
#
# Stdout: one line of JSON (docker, dockerHost, kind, kubectl, nodeImage, binDir).
# Exit 3 and one sentence on stderr: this machine cannot. down.sh stops it.
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "${BASH_SOURCE[0]}")"
. ./lib.sh
. ./build.sh
. ./oci.sh
. ./node-image.sh

export CGO_ENABLED=0 GOWORK=off GOFLAGS=-buildvcs=false LC_ALL=C
unset DOCKER_HOST DOCKER_CONTEXT
PATH=$PATH:/usr/sbin:/sbin
DOCKER='' # the CLI that the daemon understands
SYS_ADMIN=21 SYS_RESOURCE=24 # numbers of capabilities

has_capability() { # NUMBER
  local mask
  mask=$(awk '/^CapEff/ {print $2}' /proc/self/status)
  ((16#$mask >> $1 & 1))
}

preflight() {
  [ "$(uname -s)" = Linux ] || cannot "the kind rig needs Linux and this is $(uname -s): run it on a Debian 12 machine."
  [ "$(id -u)" = 0 ] || cannot "the kind rig has to be root to run Docker: start it as root."
  grep -qsx 'ID=debian' /etc/os-release ||
    cannot "the kind rig takes its packages from Debian and this is another system: run it on a Debian 12 machine."
  command -v go >/dev/null || cannot "there is no Go on PATH to build Kubernetes with: install Go 1.26 or later."
  (cd modules/kube && go list -m >/dev/null 2>&1) || cannot "$(go env GOVERSION) is too old to build Kubernetes: install Go 1.26 or later."
  has_capability "$SYS_ADMIN" ||
    cannot "root has no CAP_SYS_ADMIN here, so Docker cannot run: use a machine or container with full privileges."
}

# Finds a CLI that gets an answer from the daemon: a new one may refuse an old daemon.
daemon_answers() {
  local cli
  for cli in $(type -ap docker) /usr/bin/docker; do
    if "$cli" -H "unix://$SOCK" version >/dev/null 2>&1; then
      DOCKER=$(readlink -f "$cli")
      return 0
    fi
  done
  return 1
}

install_packages() {
  local want=(debootstrap iptables iproute2 zstd jq) missing=() package log=$CACHE/log/apt
  daemon_answers || want+=(docker.io)
  for package in "${want[@]}"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -qx 'install ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  : >"$log"
  # other sources of the machine may be out of reach: what counts is the install
  apt-get -qq update >>"$log" 2>&1 || true
  # RUNLEVEL: no service is to start by itself
  RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends -o DPkg::Lock::Timeout=300 "${missing[@]}" >>"$log" 2>&1 ||
    cannot "apt cannot install ${missing[*]}: see $log, and connect this machine to its Debian mirror."
}

build_all() {
  local go
  go=$(go env GOVERSION)
  stage 'kind, containerd and CNI plugins of Debian sid'
  cached debs "$(key "$(declare -f fetch_debs)")" fetch_debs
  stage "the rig's own programs"
  cached programs "$(key programs "$(declare -f go_build build_programs)" "$go")" build_programs
  stage 'Kubernetes from Go modules'
  cached_kube
  stage 'etcd from Go modules'
  cached_etcd
  stage 'CoreDNS from Go modules'
  cached coredns "$(key modules/coredns "$(declare -f go_build build_coredns)" "$go")" build_coredns
  stage "the node's Debian"
  cached base "$(key "$SUITE" "${NODE_PACKAGES[*]}" "$(declare -f build_base)")" build_base
  stage 'node image'
  local stamp part
  stamp=$(for part in "$DEBS" "$PROGRAMS" "$KUBE" "$ETCD" "$COREDNS" "$BASE"; do basename "$part"; done)
  stamp=$(key node node-image.sh oci.sh "$stamp")
  IMAGE=tandem-rig/node:$("$KUBE/kubeadm" version -o short)-$stamp
  cached node_image "$stamp" build_node_image
}

# A dockerd that was killed leaves pid files, and its containerd perhaps for a moment. A
# new dockerd waits in vain for the containerd of such a file, whatever has that pid now.
forget_killed_dockerd() {
  local folder=$STATE/exec/containerd pid
  if pid=$(running "$folder/containerd.pid" containerd "$folder/containerd.toml"); then
    end_process "$pid" || broken "the containerd (pid $pid) of a killed dockerd still runs" "$STATE/log"
  fi
  rm -f "$folder/containerd.pid" "$STATE/dockerd.pid"
}

start_dockerd() {
  local pid args
  if pid=$(our_dockerd); then
    [ "$(cat "$STATE/socket")" = "$SOCK" ] ||
      cannot "the rig's dockerd (pid $pid) listens on $(cat "$STATE/socket") and not on $SOCK: run down.sh first, or set SOCK to that one."
    daemon_answers || broken "the rig's dockerd (pid $pid) does not answer" "$STATE/log"
    return 0
  fi
  if daemon_answers; then
    stage "Docker: using the daemon that already answers on $SOCK and is not the rig's (down.sh leaves it alone)"
    return 0
  fi
  forget_killed_dockerd
  args=(--host "unix://$SOCK" --pidfile "$STATE/dockerd.pid" --data-root "$STATE/data" --exec-root "$STATE/exec"
    --storage-driver overlay2 --log-level warn
    --ip 127.0.0.1) # published ports stay on the loopback address
  if ! has_capability "$SYS_RESOURCE"; then
    install -m 755 "$PROGRAMS/runc-nores" "$STATE/runc-nores"
    args+=(--add-runtime "nores=$STATE/runc-nores" --default-runtime nores)
  fi
  echo "$SOCK" >"$STATE/socket"
  # 9 is the lock: dockerd must not hold it
  setsid nohup dockerd "${args[@]}" >"$STATE/log" 2>&1 </dev/null 9>&- &
  for _ in {1..150}; do
    if daemon_answers; then
      daemon_answers # anew: it may have come up between the trials of two CLIs
      return 0
    fi
    sleep 0.2
  done
  broken 'dockerd does not answer after 30 s' "$STATE/log"
}

load_image() {
  local docker=("$DOCKER" -H "unix://$SOCK") old
  ! "${docker[@]}" image inspect "$IMAGE" >/dev/null 2>&1 || return 0
  zstd -qdc "$NODE_IMAGE/image.tar.zst" | "${docker[@]}" load >/dev/null
  for old in $("${docker[@]}" images --format '{{.Repository}}:{{.Tag}}' "${IMAGE%:*}"); do
    # one that a cluster still uses stays
    [ "$old" = "$IMAGE" ] || "${docker[@]}" rmi "$old" >/dev/null 2>&1 || true
  done
}

# One folder to put before PATH: kind finds the right "docker" in it.
link_commands() {
  mkdir -p "$CACHE/bin"
  ln -sfn "$DEBS/kind" "$CACHE/bin/kind"
  ln -sfn "$KUBE/kubectl" "$CACHE/bin/kubectl"
  ln -sfn "$DOCKER" "$CACHE/bin/docker"
}

preflight
mkdir -p "$CACHE/log" "$STATE"
exec 9>"$CACHE/lock"
flock 9 # two at once would build in each other's folders
stage 'packages of Debian'
install_packages
build_all
stage "Docker on $SOCK"
start_dockerd
stage "node image loaded into Docker"
load_image
link_commands
stage
printf '%7d s  in all\n' "$SECONDS" >&2
jq -nc --arg docker "$DOCKER" --arg dockerHost "unix://$SOCK" --arg nodeImage "$IMAGE" --arg binDir "$CACHE/bin" \
  '{$docker, $dockerHost, kind: "\($binDir)/kind", kubectl: "\($binDir)/kubectl", $nodeImage, $binDir}'
