import { type AbiVersion, CALLBACK_NAMES, callbackType } from "../host/signatures.ts";
import type { WasmModule } from "../host/wasm-module.ts";
import type { Finding } from "./finding.ts";
import { isIdle } from "./idle.ts";
import { nearest } from "../host/nearest.ts";

/** Exported callbacks that Envoy calls and that do nothing. */
export function idleCallbacks({ imports, exports, bodies }: WasmModule, abi: AbiVersion): string[] {
  const imported = imports.filter(({ kind }) => kind === "function").length;
  return exports
    .filter(({ name, kind, type, index }) => {
      const body = kind === "function" && callbackType(name, abi) === type ? bodies[index - imported] : undefined;
      return body !== undefined && isIdle(name, type, body);
    })
    .map(({ name }) => name);
}

export function idleFindings(names: string[]): Finding[] {
  return names.map((name) => ({
    severity: "warning",
    kind: "idle-callback",
    name,
    message: `${name} does nothing, and Envoy calls into the VM for it all the same`,
    hint: "Leave out the export: Envoy takes a callback that is not there as one that does nothing.",
  }));
}

/** Exports that look like callbacks and are none that Envoy knows: they are never called. */
export function unknownCallbacks({ exports }: WasmModule, abi: AbiVersion): Finding[] {
  return exports
    .filter(({ name }) => /^proxy_(on|validate)_/.test(name) && name !== "proxy_on_memory_allocate")
    .filter(({ name }) => callbackType(name, abi) === undefined)
    .map(({ name }) => {
      const message = `Envoy never calls ${name}: ABI ${abi} has no such callback`;
      const other = nearest(name, CALLBACK_NAMES);
      const finding: Finding = { severity: "warning", kind: "unknown-callback", name, message };
      if (other !== undefined) finding.hint = `The nearest name is ${other}.`;
      return finding;
    });
}
