#!/usr/bin/env bash
# Builds the gate in each language into build/sdks/: rust.wasm and go.wasm. install.sh installs what this needs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
out=$PWD/../../build/sdks
mkdir -p "$out"

build_rust() {
  # Debian's own: a rustup that comes first in the PATH need not have a standard library for Wasm.
  local cargo=/usr/bin/cargo target=wasm32-wasip1
  [[ -x $cargo ]] || fail "expected $cargo, found none: run test/sdks/install.sh first"
  [[ -d /usr/lib/rustlib/$target ]] || target=wasm32-wasi # its name before rustc 1.78
  # Cargo before 1.68 reads the registry's index the short way only when it is told to.
  (cd rust && RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR=$out/target \
    $cargo -Z sparse-registry build --quiet --release --target "$target")
  cp "$out/target/$target/release/gate.wasm" "$out/rust.wasm"
}

build_go() {
  (cd go && GOOS=wasip1 GOARCH=wasm go build -trimpath -buildmode=c-shared -o "$out/go.wasm" .)
}

fail() {
  echo "build.sh: $1" >&2
  exit 1
}

build_rust
build_go
