#!/usr/bin/env bash
# Debian, as root: installs what the tests of modules ahead of time need, where it is missing: a C compiler, and what runs an Envoy for
# 64-bit ARM: an emulator, and that platform's C library, unpacked for targets.test.ts. Harmless to run again.
set -euo pipefail

main() {
  has cc || install_packages gcc
  has qemu-aarch64 || install_packages qemu-user
  [[ -e $root/lib/ld-linux-aarch64.so.1 ]] || unpack_c_library
  echo "$(cc --version | head -n 1) and $(qemu-aarch64 --version | head -n 1) are ready"
}

root=${XDG_CACHE_HOME:-$HOME/.cache}/filterwright-tests/arm64

install_packages() {
  has apt-get || fail "expected apt-get, found none: install $* by hand"
  [[ $(id -u) -eq 0 ]] || fail "expected to run as root to install $*: use sudo"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "$@"
}

# Beside the machine's own packages, which it need not be of one version with.
unpack_c_library() {
  local work
  work=$(mktemp -d)
  chmod 755 "$work" # for apt's own user
  [[ $(dpkg --print-architecture) == arm64 ]] || dpkg --add-architecture arm64
  apt-get update -qq
  (cd "$work" && apt-get download libc6:arm64 libgcc-s1:arm64)
  mkdir -p "$root"
  for package in "$work"/*.deb; do dpkg-deb --extract "$package" "$root"; done
  rm -r "$work"
}

has() { command -v "$1" >/dev/null; }

fail() {
  echo "install.sh: $1" >&2
  exit 1
}

main
