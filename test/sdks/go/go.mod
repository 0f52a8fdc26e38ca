module gate

go 1.24

// It has no releases: this is the newest commit. https://github.com/proxy-wasm/proxy-wasm-go-sdk
require github.com/proxy-wasm/proxy-wasm-go-sdk v0.0.0-20260105142703-44c7d5847745
