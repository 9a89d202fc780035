#!/usr/bin/env bash
# Builds Traefik once, from its published Go module: 11 minutes with two cores and cold caches.
# The cache is that of test/kind/rig. modules/traefik repeats the replaces and the exclude of Traefik's own go.mod.
#
#   TANDEM_RIG_CACHE  where it is kept  (default: ~/.cache/tandem-rig)
#
# Stdout: one line of JSON (traefik: its path). Exit 3 and one sentence on stderr: this machine cannot.
# Nothing is left running; no root.
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "${BASH_SOURCE[0]}")/../../kind/rig"
. ./lib.sh
. ./build.sh

export CGO_ENABLED=0 GOWORK=off GOFLAGS=-buildvcs=false LC_ALL=C
OWN=../../gateway/rig/modules/traefik
MODULE=github.com/traefik/traefik/v3

preflight() {
  [ "$(uname -s)" = Linux ] || cannot "the rig of a gateway needs Linux and this is $(uname -s): run it there."
  command -v go >/dev/null || cannot "there is no Go on PATH to build Traefik with: install Go 1.26 or later."
  (cd "$OWN" && go list -m >/dev/null 2>&1) || cannot "$(go env GOVERSION) is too old to build Traefik: install Go 1.26 or later."
}

build_traefik() { # FOLDER
  local version
  version=$(cd "$OWN" && go list -m -f '{{.Version}}' "$MODULE")
  go_build "$OWN" "$1" "-X $MODULE/pkg/version.Version=$version" "$MODULE/cmd/traefik"
}

preflight
mkdir -p "$CACHE/log"
exec 9>"$CACHE/lock-traefik"
flock 9 # a lock of its own: who builds something else does not wait for this
stage 'Traefik from Go modules'
cached traefik "$(key "$OWN" "$(declare -f go_build build_traefik)" "$(go env GOVERSION)")" build_traefik
stage
printf '{"traefik":"%s"}\n' "$TRAEFIK/traefik"
