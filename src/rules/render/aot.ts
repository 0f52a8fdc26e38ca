import { aotConfig } from "../../envoy/aot-config.ts";
import type { Operation, Plan } from "../plan.ts";
import { isNeverEmpty } from "./native-value.ts";
import { allOperations, titleOf } from "./passes.ts";
import { Refusals, type Rendering } from "./refusal.ts";
import { renderWasm } from "./wasm.ts";

/**
 * The filter's configuration for Envoy's dynamic modules: what `renderWasm` gives, with the library in the module's place. Envoy takes a line
 * with an empty value from no dynamic module: what is about to write one leaves what was there, which nobody may mean who empties it.
 *
 * @param configuration the rules as JSON
 * @param library path of the library, as Envoy will see it
 */
export function renderAot(plan: Plan, configuration: string, library: string): Rendering {
  const refusals = new Refusals();
  for (const [rule, operation] of allOperations(plan)) {
    if (mayWriteEmpty(operation)) {
      refusals.of(rule, titleOf(operation))("Envoy takes no line with an empty value from a dynamic module");
    }
  }
  if (refusals.list.length > 0) return { refusals: refusals.list };
  return { config: aotConfig(renderWasm(plan, configuration, ""), library) };
}

/** Whether it makes an empty value of one that is not. */
function mayWriteEmpty(operation: Operation): boolean {
  if ("keepEmptyValue" in operation) return operation.keepEmptyValue && !operation.values.every(isNeverEmpty);
  return "substitution" in operation && !isNeverEmpty(operation.substitution);
}

/** Whether it writes lines again that came empty. */
export function mayMoveEmpty({ operation }: Operation): boolean {
  return ["rename", "copy", "replace", "replaceMatching", "dedupe", "append", "removeLines"].includes(operation);
}
