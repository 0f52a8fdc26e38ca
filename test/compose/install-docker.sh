#!/usr/bin/env bash
# Debian, as root: installs docker and docker-compose where they are missing, and starts the daemon if none answers.
# Harmless to run again.
set -euo pipefail

log=/var/log/dockerd.log

main() {
  install_missing
  if ! daemon_answers; then
    start_daemon
    wait_for_daemon
  fi
  echo "docker $(docker version --format '{{.Server.Version}}') is ready, with compose $(compose_version)"
}

install_missing() {
  local missing=()
  if ! daemon_answers && ! has dockerd || ! has docker; then missing+=(docker.io); fi
  if ! compose_version >/dev/null; then missing+=(docker-compose); fi
  if [[ ${#missing[@]} -eq 0 ]]; then return; fi
  has apt-get || fail "expected apt-get, found none: install docker and docker compose by hand"
  require_root "install ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${missing[@]}"
}

start_daemon() {
  if [[ -d /run/systemd/system ]]; then
    require_root "start the docker service"
    systemctl start docker
  else
    require_root "start dockerd"
    # A session of its own, so that it outlives the terminal or the CI step that runs this.
    setsid dockerd >"$log" 2>&1 </dev/null &
  fi
}

wait_for_daemon() {
  local deadline=$((SECONDS + 60))
  until daemon_answers; do
    if ((SECONDS > deadline)); then
      tail -n 40 "$log" >&2 || journalctl --no-pager --unit docker --lines 40 >&2 || true
      fail "dockerd did not answer within 60 s; the end of its log is above"
    fi
    sleep 0.2
  done
}

daemon_answers() { docker version --format '{{.Server.Version}}' >/dev/null 2>&1; }

compose_version() { docker compose version --short 2>/dev/null || docker-compose version --short 2>/dev/null; }

has() { command -v "$1" >/dev/null; }

require_root() { [[ $(id -u) -eq 0 ]] || fail "expected to run as root to $1: use sudo"; }

fail() {
  echo "install-docker.sh: $1" >&2
  exit 1
}

main
