/** How an Envoy runs a module: in its own Wasm engine, or compiled ahead of time as a dynamic module. */
export const WASM_ENGINES = ["wasm", "aot"] as const;
export type WasmEngine = (typeof WASM_ENGINES)[number];
