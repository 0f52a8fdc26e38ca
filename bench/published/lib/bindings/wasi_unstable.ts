// The one WASI declaration that `@solo-io/proxy-runtime` imports. Envoy's host logs the call and
// returns; the trap comes from the `unreachable` that the compiler puts behind an abort.

// @ts-ignore: decorator
@external("wasi_unstable", "proc_exit")
export declare function proc_exit(code: u32): void;
