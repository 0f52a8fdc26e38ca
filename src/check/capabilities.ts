import { type AbiVersion, callbackType, isCapability } from "../host/signatures.ts";
import type { WasmModule } from "../host/wasm-module.ts";

/** All that a capability restriction must allow for the module to work: its callbacks, its host calls, its WASI calls. */
export function neededCapabilities({ imports, exports }: WasmModule, abi: AbiVersion, idle: string[]): string[] {
  const callbacks = exports
    .filter(({ kind, name }) => kind === "function" && callbackType(name, abi) !== undefined && !idle.includes(name))
    .map(({ name }) => name);
  const calls = imports.filter(({ kind }) => kind === "function").map(({ name }) => name);
  return [...new Set([...callbacks, ...calls].filter(isCapability))];
}

/** A field of the plugin's configuration, as YAML. Empty where nothing is needed: an empty list would allow everything. */
export function restrictionBlock(capabilities: string[]): string {
  if (capabilities.length === 0) return "";
  const names = capabilities.map((name) => `    ${name}: {}\n`).join("");
  return `capability_restriction_config:\n  allowed_capabilities:\n${names}`;
}
