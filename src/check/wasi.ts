import { isWasi } from "../host/signatures.ts";
import { idleWasi, refusedWasi } from "../host/calls/wasi.ts";
import type { WasmModule } from "../host/wasm-module.ts";

/** A WASI call that the module imports. */
export interface WasiNeed {
  name: string;
  /** `works`; `does nothing`, and says that it did; or the error that Envoy answers, and nothing else. */
  inEnvoy: string;
}

export function wasiNeeds({ imports }: WasmModule): WasiNeed[] {
  const names = new Set(imports.filter(({ module }) => isWasi(module)).map(({ name }) => name));
  return [...names].map((name) => ({ name, inEnvoy: answerOf(name) }));
}

function answerOf(name: string): string {
  if (Object.hasOwn(refusedWasi, name)) return refusedWasi[name as keyof typeof refusedWasi];
  return idleWasi.has(name) ? "does nothing" : "works";
}
