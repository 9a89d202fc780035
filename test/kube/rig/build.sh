#!/usr/bin/env bash
# Builds what a plane of this rig is made of, once, with Go modules and nothing else: Kubernetes, etcd, kwok, and the
# CRDs of Gateway API and Multi-Cluster Services. The cache and the Kubernetes in it are those of test/kind/rig.
#
#   TANDEM_RIG_CACHE  where all of it is kept  (default: ~/.cache/tandem-rig)
#
# Stdout: one line of JSON (folders: kube, etcd, kwok, crds). Exit 3 and one sentence on stderr: this machine cannot.
# Nothing is left running; no root.
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "${BASH_SOURCE[0]}")/../../kind/rig"
. ./lib.sh
. ./build.sh

export CGO_ENABLED=0 GOWORK=off GOFLAGS=-buildvcs=false LC_ALL=C
OWN=../../kube/rig/modules
GATEWAY_API=v1.6.3 MCS_API=v0.5.2

preflight() {
  [ "$(uname -s)" = Linux ] || cannot "the rig of a Kubernetes API needs Linux and this is $(uname -s): run it there."
  command -v go >/dev/null || cannot "there is no Go on PATH to build Kubernetes with: install Go 1.26 or later."
  command -v openssl >/dev/null || cannot "there is no openssl on PATH to make certificates with: install it."
  (cd modules/kube && go list -m >/dev/null 2>&1) || cannot "$(go env GOVERSION) is too old to build Kubernetes: install Go 1.26 or later."
}

# kwok plays no node and no pod without stages; its module carries a fast set.
build_kwok() { # FOLDER
  local stages name
  go_build "$OWN/kwok" "$1" '' sigs.k8s.io/kwok/cmd/kwok
  stages=$(cd "$OWN/kwok" && go list -m -f '{{.Dir}}' sigs.k8s.io/kwok)/kustomize/stage
  for name in node/fast/node-initialize node/heartbeat-with-lease/node-heartbeat-with-lease pod/fast/pod-{ready,complete,delete}; do
    echo '---'
    cat "$stages/$name.yaml"
  done >"$1/stages.yaml"
}

module_folder() { # MODULE@VERSION
  (cd / && go mod download -json "$1") | sed -n 's/^\t"Dir": "\(.*\)",*$/\1/p'
}

fetch_crds() { # FOLDER
  mkdir -p "$1/gateway-api" "$1/mcs-api"
  cp "$(module_folder "sigs.k8s.io/gateway-api@$GATEWAY_API")"/config/crd/standard/*.yaml "$1/gateway-api/"
  cp "$(module_folder "sigs.k8s.io/mcs-api@$MCS_API")"/config/crd/multicluster*.yaml "$1/mcs-api/"
  chmod -R u+w "$1"
}

preflight
mkdir -p "$CACHE/log"
exec 9>"$CACHE/lock"
flock 9 # two at once would build in each other's folders
stage 'Kubernetes from Go modules'
cached_kube
stage 'etcd from Go modules'
cached_etcd
stage 'kwok from Go modules'
cached kwok "$(key "$OWN/kwok" "$(declare -f go_build build_kwok)" "$(go env GOVERSION)")" build_kwok
stage 'CRDs of Gateway API and Multi-Cluster Services'
cached crds "$(key "$GATEWAY_API" "$MCS_API" "$(declare -f fetch_crds module_folder)")" fetch_crds
stage
printf '%7d s  in all\n' "$SECONDS" >&2
printf '{"kube":"%s","etcd":"%s","kwok":"%s","crds":"%s"}\n' "$KUBE" "$ETCD" "$KWOK" "$CRDS"
