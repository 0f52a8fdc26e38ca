import { checkConfiguration } from "../../../src/rules/check-module.ts";
import type { Plan } from "../../../src/rules/plan.ts";
import { renderLua } from "../../../src/rules/render/lua.ts";
import { renderNative } from "../../../src/rules/render/native.ts";
import { describeRefusal, type Rendering } from "../../../src/rules/render/refusal.ts";

/** The plan of a document. */
export function planOf(document: object): Plan {
  const { plan, problems } = checkConfiguration(JSON.stringify(document));
  if (!plan) throw new Error(`not a good document: ${JSON.stringify(problems)}`);
  return plan;
}

/** The plan of one rule. */
export const rule = (parts: object): Plan => planOf({ rules: [parts] });

/** The mutations of a header_mutation filter, or the lines of a script from the first function for Envoy on. */
export function rendered(engine: "lua" | "native", plan: Plan): unknown {
  const rendering = engine === "lua" ? renderLua(plan) : renderNative(plan);
  if (!("config" in rendering)) throw new Error(refusals(rendering).join("\n"));
  const { mutations, default_source_code: code } = rendering.config as { mutations?: object } & {
    default_source_code?: { inline_string: string };
  };
  return code === undefined ? mutations : functionsOf(code.inline_string);
}

/** What is behind the helpers. */
function functionsOf(script: string): string {
  const start = script.search(/^(local function (request|response)_rules|function envoy_on_)/m);
  return start < 0 ? "" : script.slice(start);
}

/** Why a plan is not rendered, a sentence each. */
export function refusals(rendering: Rendering): string[] {
  return "config" in rendering ? [] : rendering.refusals.map(describeRefusal);
}

export const refusedByNative = (plan: Plan): string[] => refusals(renderNative(plan));
export const refusedByLua = (plan: Plan): string[] => refusals(renderLua(plan));
