import fc from "fast-check";
import type { TypedConfig } from "../../src/envoy/swap.ts";
import type { Plan } from "../../src/rules/plan.ts";
import { checkConfiguration } from "../../src/rules/check-module.ts";
import { renderLua } from "../../src/rules/render/lua.ts";
import { headersModule } from "../../src/rules/headers-module.ts";
import { renderWasm } from "../../src/rules/render/wasm.ts";
import { renderNative } from "../../src/rules/render/native.ts";
import { describeRefusal, type Rendering } from "../../src/rules/render/refusal.ts";
import type { Engine, Engines, Seen, Sent } from "./engines.ts";
import type { Program } from "./exchanges.ts";

/** What is held against the Wasm filter. */
export type Twin = Exclude<Engine, "wasm">;
/** Renders a plan, whose document is at hand. */
export type Renderer = (plan: Plan, document: string) => Rendering;
export type Renderers = Partial<Record<Twin, Renderer>>;

export const TWINS: Renderers = { lua: renderLua, native: renderNative };

/** How many documents were run on an engine, and why others were not. */
export interface Tally extends Record<Twin, number> {
  count: number;
  refused: Record<string, number>;
}

/**
 * Runs so many random documents on the Wasm filter, and on the others that can do the same.
 *
 * @throws Error for the first whose outcomes differ, made as small as it gets, with the seed
 */
export async function compareRandom(
  engines: Engines,
  renderers: Renderers,
  programs: fc.Arbitrary<Program>,
  count: number,
  seed: number,
): Promise<Tally> {
  const tally: Tally = { count: 0, lua: 0, native: 0, aot: 0, refused: {} };
  const property = fc.asyncProperty(programs, async ({ document, sent }) => {
    tally.count++;
    const difference = await compareOne(engines, renderers, document, sent, tally);
    if (difference) throw new Error(difference);
  });
  await fc.assert(property, { numRuns: count, seed });
  return tally;
}

/** @returns the first difference; undefined where there is none */
async function compareOne(
  engines: Engines,
  renderers: Renderers,
  document: object,
  sent: Sent[],
  tally: Tally,
): Promise<string | undefined> {
  const { plan, problems } = checkConfiguration(JSON.stringify(document));
  if (!plan) throw new Error(`not a good document: ${JSON.stringify(problems)}`);
  const chosen: [Twin, TypedConfig][] = [];
  const ready = [engines.use("wasm", renderWasm(plan, JSON.stringify(document), headersModule()))];
  for (const [engine, render] of Object.entries(renderers) as [Twin, Renderer][]) {
    const rendering = render(plan, JSON.stringify(document));
    if ("config" in rendering) {
      chosen.push([engine, rendering.config]);
      ready.push(engines.use(engine, rendering.config));
      tally[engine]++;
    } else {
      const why = `${engine}: ${describeRefusal(rendering.refusals[0]!)}`;
      tally.refused[why] = (tally.refused[why] ?? 0) + 1;
    }
  }
  await Promise.all(ready);
  for (const one of sent) {
    const expected = await engines.send("wasm", one);
    for (const [engine, config] of chosen) {
      const difference = describeDifference(engine, expected, await engines.send(engine, one));
      if (difference) return `${difference}\n${JSON.stringify(config, null, 1).replaceAll("\\n", "\n")}`;
    }
  }
  return undefined;
}

function describeDifference(engine: Engine, wasm: Seen, other: Seen): string | undefined {
  for (const end of ["upstream", "client"] as const) {
    const [expected, seen] = [wasm[end], other[end]].map((lines) => lines?.join("\n    ") ?? "nothing");
    if (expected !== seen) return `${end} with wasm:\n    ${expected}\n${end} with ${engine}:\n    ${seen}`;
  }
  return undefined;
}
