import { FilterwrightError } from "../../errors.ts";
import type { TypedConfig } from "../../envoy/swap.ts";
import type { Plan } from "../plan.ts";
import { planOf, type RulesFile } from "../rules-file.ts";
import { renderAot } from "./aot.ts";
import { costOf } from "./cost.ts";
import { differences } from "./differences.ts";
import { renderLua } from "./lua.ts";
import { renderNative } from "./native.ts";
import { describeRefusal, type Rendering } from "./refusal.ts";
import { renderWasm } from "./wasm.ts";

export const ENGINES = ["wasm", "aot", "lua", "native"] as const;
export type Engine = (typeof ENGINES)[number];

/** A filter of Envoy's that does what a rules file says, to be put into `http_filters` in front of the router. */
export interface Rendered {
  engine: Engine;
  filter: { name: string; typed_config: TypedConfig };
  /** What it adds to a request, in instructions, by what its parts were measured to cost. */
  cost: number;
  /** What is not as with Wasm, in sentences. */
  differences: string[];
  /** Of `auto`: why not the others, a sentence each. */
  reasons: string[];
}

const NAMES: Record<Engine, string> = {
  wasm: "envoy.filters.http.wasm",
  aot: "envoy.filters.http.dynamic_modules",
  lua: "envoy.filters.http.lua",
  native: "envoy.filters.http.header_mutation",
};

/** Paths as Envoy will see them. */
export interface EngineFiles {
  /** Of headers.wasm. */
  wasm: string;
  /** Of its library, compiled ahead of time; undefined where `auto` may not take that. */
  library?: string | undefined;
}

/**
 * Renders a rules file for an engine, exactly; or for the cheapest that can do it exactly.
 *
 * @throws FilterwrightError FW_RULES where the rules have mistakes, FW_RENDER where the engine cannot do what they ask for
 */
export function render(rules: RulesFile, engine: Engine | "auto", files: EngineFiles): Rendered {
  const plan = planOf(rules);
  return engine === "auto" ? cheapest(rules, plan, files) : only(rules, plan, engine, files);
}

function only(rules: RulesFile, plan: Plan, engine: Engine, files: EngineFiles): Rendered {
  const rendering = renderingOf(rules, plan, engine, files);
  if ("config" in rendering) return rendered(plan, engine, rendering.config);
  throw new FilterwrightError("FW_RENDER", `${engine} cannot do exactly what ${rules.file} asks for`, {
    detail: rendering.refusals.map((refusal) => `${refusal.path}: ${describeRefusal(refusal)}`).join("\n"),
    hint: "--engine wasm does all of it; --engine auto takes the cheapest engine that does.",
  });
}

function cheapest(rules: RulesFile, plan: Plan, files: EngineFiles): Rendered {
  const reasons: string[] = [];
  const candidates: Rendered[] = [];
  for (const engine of ENGINES) {
    if (engine === "aot" && files.library === undefined) continue;
    const rendering = renderingOf(rules, plan, engine, files);
    if ("config" in rendering) candidates.push(rendered(plan, engine, rendering.config));
    else reasons.push(`${engine} cannot do it: ${firstFew(rendering.refusals.map(describeRefusal))}`);
  }
  const [best, ...others] = candidates.toSorted((left, right) => left.cost - right.cost);
  for (const { engine, cost } of others) reasons.push(`${engine} would add about ${thousands(cost)} instructions`);
  return { ...best!, reasons };
}

const FEW = 5;

function firstFew(texts: string[]): string {
  const more = texts.length > FEW ? `; and ${texts.length - FEW} more` : "";
  return texts.slice(0, FEW).join("; ") + more;
}

function renderingOf(rules: RulesFile, plan: Plan, engine: Engine, { wasm, library = "" }: EngineFiles): Rendering {
  switch (engine) {
    case "wasm":
      return { config: renderWasm(plan, rules.configuration, wasm) };
    case "aot":
      return renderAot(plan, rules.configuration, library);
    case "lua":
      return renderLua(plan);
    case "native":
      return renderNative(plan);
  }
}

function rendered(plan: Plan, engine: Engine, config: TypedConfig): Rendered {
  return {
    engine,
    filter: { name: NAMES[engine], typed_config: config },
    cost: costOf(plan, engine),
    differences: engine === "wasm" ? [] : differences(plan, engine),
    reasons: [],
  };
}

/** As figures of this size are meant: 12,000. */
export function thousands(cost: number): string {
  return (Math.round(cost / 1000) * 1000).toLocaleString("en");
}
