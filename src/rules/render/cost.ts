import type { Entry, Operation, Plan } from "../plan.ts";
import { capabilitiesOf } from "./capabilities.ts";

// What engines add to one request, in instructions: `npm run bench` on Envoy 1.40, its reference, adding and deciding jobs,
// taken apart. Good to compare engines for a plan, not to say what a plan costs to the last thousand.

/** For each engine: what is paid whatever it does, and for each header that is written or removed. */
const COSTS = {
  native: { fixed: 9_000, write: 720 },
  lua: { fixed: 29_300, write: 1_650 },
  wasm: { fixed: 15_800, write: 2_700 },
  aot: { fixed: 14_300, write: 1_170 },
};
/** One reading of all headers by the module: most of it is the module's own work, in either engine. */
const READ = { wasm: 11_000, aot: 10_000 };
/** One condition, by the module. */
const CONDITION = 800;
/** One header, by Lua. */
const LUA_READ = 1_900;

/** What a plan adds to a request whose rules all match, in instructions; where each rule ends the pass, the dearest of them. */
export function costOf(plan: Plan, engine: keyof typeof COSTS): number {
  const rules = plan.rules.map((rule) => operationsCost([...rule.request, ...rule.response], engine));
  const ofRules = plan.rules.every(({ stops }) => stops) ? Math.max(0, ...rules) : sum(rules);
  const conditions = sum(plan.rules.map(({ matches }) => sum(matches.map(conditionsOf))));
  const isModule = engine === "wasm" || engine === "aot";
  const reads = isModule && capabilitiesOf(plan).includes("proxy_get_header_map_pairs");
  return (
    COSTS[engine].fixed +
    ofRules +
    operationsCost(plan.securityHeaders, engine) +
    (reads ? READ[engine] : 0) +
    conditions * (engine === "lua" ? LUA_READ : CONDITION)
  );
}

function conditionsOf({ request, response, not }: Entry): number {
  return request.length + response.length + (not ? conditionsOf(not) : 0);
}

function operationsCost(operations: Operation[], engine: keyof typeof COSTS): number {
  const writes = sum(operations.map((operation) => ("values" in operation ? operation.values.length : 1)));
  const readers = operations.filter(({ operation }) => !["set", "add", "remove"].includes(operation)).length;
  const operators = JSON.stringify(operations).split('"operator"').length - 1;
  return COSTS[engine].write * writes + (engine === "lua" ? LUA_READ * (readers + operators) : 0);
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
