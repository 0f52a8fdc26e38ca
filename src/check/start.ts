import type { WasmModule } from "../host/wasm-module.ts";
import type { Finding } from "./finding.ts";
import { START } from "./trial.ts";

/** How Envoy starts the module. */
export function startFindings({ start, exports }: WasmModule): Finding[] {
  if (start !== undefined) {
    const message = "the module has a start section: a host call there, even to log, crashes Envoy";
    return [{ severity: "warning", kind: "start-section", name: "", message, hint: START }];
  }
  if (exports.some(({ name }) => name === "_initialize" || name === "_start")) return [];
  const message = "Envoy runs nothing when it starts the module: no _initialize is exported, and no _start";
  const hint = `What stands at the top level, such as registerRootContext, does not run. ${START}`;
  return [{ severity: "warning", kind: "nothing-starts", name: "_initialize", message, hint }];
}
