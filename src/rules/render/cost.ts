import type { Operation, Plan } from "../plan.ts";
import { capabilitiesOf } from "./capabilities.ts";

// What engines add to one request, in instructions: `npm run bench` on Envoy 1.40, its reference, adding and deciding jobs,
// taken apart. Good to compare engines for a plan, not to say what a plan costs to the last thousand.

/** For each engine: what is paid whatever it does, and for each header that is written or removed. */
const COSTS = {
  native: { fixed: 9_000, write: 720 },
  lua: { fixed: 29_300, write: 1_650 },
  wasm: { fixed: 15_800, write: 2_700 },
};
/** One reading of all headers, by Wasm. */
const WASM_READ = 11_000;
/** One header, by Lua. */
const LUA_READ = 1_900;

/** What a plan adds to a request whose rules all match, in instructions. */
export function costOf(plan: Plan, engine: keyof typeof COSTS): number {
  const rules = plan.rules;
  const operations = [...rules.flatMap(({ request, response }) => [...request, ...response]), ...plan.securityHeaders];
  const { fixed, write } = COSTS[engine];
  const writes = operations.reduce((sum, operation) => sum + writesOf(operation), 0);
  return fixed + write * writes + reading(plan, operations, engine);
}

function writesOf(operation: Operation): number {
  return "values" in operation ? operation.values.length : 1;
}

function reading(plan: Plan, operations: Operation[], engine: keyof typeof COSTS): number {
  if (engine === "native") return 0;
  if (engine === "lua") {
    const conditions = plan.rules.flatMap(({ matches }) =>
      matches.flatMap(({ request, response }) => [...request, ...response]),
    );
    const operators = JSON.stringify(operations).split('"operator"').length - 1;
    const readers = operations.filter(({ operation }) => !["set", "add", "remove"].includes(operation));
    return LUA_READ * (conditions.length + operators + readers.length);
  }
  return capabilitiesOf(plan).includes("proxy_get_header_map_pairs") ? WASM_READ : 0;
}
