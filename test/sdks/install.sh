#!/usr/bin/env bash
# Debian, as root: installs the compilers that build.sh needs, where they are missing. Harmless to run again.
set -euo pipefail

main() {
  install_missing
  has_rust || fail "expected Debian's rustc with a standard library for wasm32-wasi, found none"
  has_go || fail "expected Go 1.24 or newer, found $(go version 2>/dev/null || echo none): install it by hand"
  echo "$(/usr/bin/rustc --version) and $(go version) are ready"
}

install_missing() {
  local missing=()
  has_rust || missing+=(rustc cargo libstd-rust-dev-wasm32 lld)
  has go || missing+=(golang-go)
  if [[ ${#missing[@]} -eq 0 ]]; then return; fi
  has apt-get || fail "expected apt-get, found none: install ${missing[*]} by hand"
  [[ $(id -u) -eq 0 ]] || fail "expected to run as root to install ${missing[*]}: use sudo"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${missing[@]}"
}

# Debian's own: rustup's would have to fetch its standard library for Wasm from elsewhere.
has_rust() {
  [[ -x /usr/bin/rustc && -x /usr/bin/cargo && -x /usr/bin/wasm-ld ]] &&
    compgen -G "/usr/lib/rustlib/wasm32-wasi*" >/dev/null
}

# The first that builds Wasm libraries (reactors).
has_go() {
  has go && [[ $(printf '%s\n' go1.24 "$(go env GOVERSION)" | sort -V | head -n 1) == go1.24 ]]
}

has() { command -v "$1" >/dev/null; }

fail() {
  echo "install.sh: $1" >&2
  exit 1
}

main
