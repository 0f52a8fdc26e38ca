import type { Plan, Template } from "../plan.ts";
import { mayMoveEmpty } from "./aot.ts";
import { luaKeepsState } from "./lua.ts";
import { allOperations, reachableRules } from "./passes.ts";

/**
 * What remains different where a plan is rendered for another engine than Wasm, in sentences: only what can show for this plan.
 *
 * @param plan one that the engine can render
 */
export function differences(plan: Plan, engine: "native" | "lua" | "aot"): string[] {
  return engine === "aot" ? differencesAheadOfTime(plan) : differencesOfTwin(plan, engine);
}

function differencesAheadOfTime(plan: Plan): string[] {
  const found: string[] = [];
  if (plan.rules.length > 0) {
    found.push("counters have the same names in /stats, and begin with envoy_wasmcustom_ for Prometheus");
  }
  if (allOperations(plan).some(([, operation]) => mayMoveEmpty(operation))) {
    found.push(
      "a line that comes without a value is not written to another place: Envoy takes none from a dynamic module",
    );
  }
  return found;
}

function differencesOfTwin(plan: Plan, engine: "native" | "lua"): string[] {
  const rules = reachableRules(plan);
  const ofRequests = rules.flatMap(({ request }) => request);
  const ofResponses = [...rules.flatMap(({ response }) => response), ...plan.securityHeaders];
  const keepsState = engine === "lua" && luaKeepsState(plan);
  const found: string[] = [];
  if (plan.rules.length > 0) found.push("there are no counters headers.rules.NAME.*");
  if (engine === "native" && ofRequests.length > 0) {
    found.push(
      "the route stays as it was chosen before: header_mutation does not clear the route cache, Wasm and Lua do",
    );
  }
  if (ofResponses.length > 0 && !keepsState) {
    found.push(
      "responses are changed too where Envoy, or a filter in front, answered a request before the filter saw it; Wasm does not run there",
    );
  }
  if (engine === "native" && [...ofRequests, ...ofResponses].some(hasOperators)) {
    found.push("a control character that another filter has put into a header is copied, and not rejected");
  }
  if (keepsState) {
    found.push(
      "what the response must know of the request is in dynamic metadata, filterwright.headers, which access logs may show",
    );
  }
  return found;
}

function hasOperators(operation: object): boolean {
  const { values = [] } = operation as { values?: Template[] };
  return values.some((template) => template.some((part) => typeof part !== "string"));
}
