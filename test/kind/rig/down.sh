#!/usr/bin/env bash
# Stops the dockerd that up.sh has started, and no other. The cache stays, and with it
# Docker's images; clusters that are left in that dockerd are removed.
#   --keep-clusters   they stay, and are there again after the next up.sh: what tests
#                     of "Docker is down" need
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. ./lib.sh
PATH=$PATH:/usr/sbin:/sbin

# A daemon that stops leaves the bridges and masquerade rules of its networks in the
# kernel. Those of a network with the same subnet in another rig's Docker would rewrite
# its traffic: workers then cannot reach their control plane. So the networks go first,
# and what uses them before that.
remove_leftovers() {
  local docker=("$CACHE/bin/docker" -H "unix://$(cat "$STATE/socket")") nodes
  mapfile -t nodes < <("${docker[@]}" ps -aq --filter label=io.x-k8s.kind.cluster)
  [ ${#nodes[@]} -eq 0 ] || "${docker[@]}" rm -f -v "${nodes[@]}" >/dev/null
  "${docker[@]}" network prune -f >/dev/null
  [ ${#nodes[@]} -eq 0 ] || echo "rig: removed ${#nodes[@]} cluster node(s) that were left" >&2
}

if pid=$(our_dockerd); then
  [ "${1:-}" = --keep-clusters ] || remove_leftovers || echo "rig: dockerd did not clean up, stopping it all the same" >&2
  end_process "$pid" || broken "dockerd (pid $pid) still runs after 30 s" "$STATE/log"
  # the default bridge is no network that can be pruned
  ip link del docker0 2>/dev/null || true
  echo "rig: dockerd (pid $pid) stopped" >&2
else
  echo "rig: no dockerd of the rig runs" >&2
fi
# left mounted on itself by a dockerd that was killed: it could not be deleted
while mountpoint -q "$STATE/data"; do umount "$STATE/data"; done
