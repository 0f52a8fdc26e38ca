import loadWabt from "wabt";

const { parseWat } = await loadWabt();
const FEATURES = { threads: true, simd: true, exceptions: true };

/** @param text WebAssembly's text format */
export function toWasm(text: string): Uint8Array {
  return parseWat("test.wat", text, FEATURES).toBinary({}).buffer;
}

export const MEMORY = '(memory (export "memory") 1)';
export const MALLOC = '(func (export "malloc") (param i32) (result i32) (i32.const 1024))';
export const START = '(func (export "_initialize"))';
export const ABI = '(func (export "proxy_abi_version_0_2_1"))';

/** A module with nothing to say against it, and more in it. @param parts in the place of those that it has */
export function sound(more = "", { memory = MEMORY, malloc = MALLOC, start = START, abi = ABI } = {}): Uint8Array {
  return toWasm(`(module ${more} ${memory} ${malloc} ${start} ${abi})`);
}

/** An import of a host call. @param type such as `(param i32) (result i32)` */
export function imported(name: string, type: string, module = "env"): string {
  return `(import "${module}" "${name}" (func $${name} ${type}))`;
}

export function exported(name: string, type: string, body = ""): string {
  return `(func (export "${name}") ${type} ${body})`;
}
