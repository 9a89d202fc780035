# Shared by the rig's scripts: where things are, how a stage is shown, what the cache
# holds, and which dockerd is ours. Sourced, never run; the caller is in this folder.
# shellcheck shell=bash

CACHE=${TANDEM_RIG_CACHE:-$HOME/.cache/tandem-rig}
[[ $CACHE == /* ]] || CACHE=$OLDPWD/$CACHE # the caller has changed to this folder
STATE=$CACHE/docker # of our dockerd: data, pid file, log, socket's name
SOCK=${SOCK:-/var/run/docker.sock}

# The machine cannot do it: one sentence that says what is missing and what to do.
cannot() {
  printf 'rig: %s\n' "$*" >&2
  exit 3
}

# Something that should have worked did not.
broken() { # WHAT [LOG]
  [ -z "${2:-}" ] || tail -n 30 "$2" >&2
  printf 'rig: %s\n' "$1${2:+; the whole log is $2}" >&2
  exit 1
}

# stage TEXT: closes the line of the stage before with its seconds and begins a new one.
STAGE='' STAGE_BEGAN=0
stage() {
  local now
  now=$(date +%s%N)
  if [ -n "$STAGE" ]; then
    printf '%7.1f s  %s\n' "$(((now - STAGE_BEGAN) / 1000000))e-3" "$STAGE" >&2
  fi
  STAGE=${1:-} STAGE_BEGAN=$now
}

# key INPUT...: a short hash. An INPUT that is a path counts by what the files in it
# hold (paths are relative to this folder: a cache serves every checkout), else as text.
key() {
  local input
  for input in "$@"; do
    if [ -e "$input" ]; then
      find "$input" -type f -print0 | sort -z | xargs -0 sha256sum
    else
      printf '%s\n' "$input"
    fi
  done | sha256sum | cut -c 1-12
}

# Sets the variable NAME, in capitals, to a folder of the cache that COMMAND FOLDER has
# filled: it does so once for each KEY, and the folders of other keys are removed.
# Not to be called in a condition: bash would overlook the errors of COMMAND.
cached() { # NAME KEY COMMAND
  local folder=$CACHE/$1/$2
  if [ ! -d "$folder" ]; then
    rm -rf "${CACHE:?}/$1"
    mkdir -p "$folder.part"
    "$3" "$folder.part"
    mv "$folder.part" "$folder" # whole or not there
  fi
  printf -v "${1^^}" %s "$folder"
}

# Prints the pid in PIDFILE if that process runs, is PROGRAM and has the argument ARG.
running() { # PIDFILE PROGRAM ARG
  local pid
  pid=$(cat "$1" 2>/dev/null) || return 1
  [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = "$2" ] || return 1
  tr '\0' '\n' <"/proc/$pid/cmdline" | grep -qxF -- "$3" || return 1
  printf '%s\n' "$pid"
}

# The pid of the dockerd that up.sh has started, if it runs.
our_dockerd() {
  running "$STATE/dockerd.pid" dockerd "$STATE/dockerd.pid"
}

# Asks process PID to end and waits for that, for 30 s at most.
end_process() { # PID
  kill "$1"
  for _ in {1..300}; do
    [ -d "/proc/$1" ] || return 0
    sleep 0.1
  done
  return 1
}
