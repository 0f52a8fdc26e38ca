#!/usr/bin/env bash
# Debian, as root: installs Chromium where it is missing. Harmless to run again.
set -euo pipefail

main() {
  has chromium || install_chromium
  echo "$(chromium --version 2>/dev/null) is ready"
}

install_chromium() {
  has apt-get || fail "expected apt-get, found none: install chromium by hand"
  [[ $(id -u) -eq 0 ]] || fail "expected to run as root to install chromium: use sudo"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends chromium
}

has() { command -v "$1" >/dev/null; }

fail() {
  echo "install.sh: $1" >&2
  exit 1
}

main
