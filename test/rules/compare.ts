import fc from "fast-check";
import { checkConfiguration } from "../../src/rules/check-module.ts";
import { renderLua } from "../../src/rules/render/lua.ts";
import { headersModule } from "../../src/rules/headers-module.ts";
import { renderWasm } from "../../src/rules/render/wasm.ts";
import { renderNative } from "../../src/rules/render/native.ts";
import { describeRefusal } from "../../src/rules/render/refusal.ts";
import type { Engine, Engines, Seen, Sent } from "./engines.ts";
import { program } from "./programs.ts";

/** How many documents were run on an engine, and why others were not. */
export interface Tally {
  count: number;
  lua: number;
  native: number;
  refused: Record<string, number>;
}

/** How many exchanges each document has. */
const EXCHANGES = 6;

/**
 * Runs so many random documents on the Wasm filter, and on the others that can do the same.
 *
 * @param isRich they take a script
 * @throws Error for the first whose outcomes differ, made as small as it gets, with the seed
 */
export async function compareRandom(engines: Engines, isRich: boolean, count: number, seed: number): Promise<Tally> {
  const tally: Tally = { count: 0, lua: 0, native: 0, refused: {} };
  const property = fc.asyncProperty(program(isRich, EXCHANGES), async ({ document, sent }) => {
    tally.count++;
    const difference = await compareOne(engines, document, sent, tally);
    if (difference) throw new Error(difference);
  });
  await fc.assert(property, { numRuns: count, seed });
  return tally;
}

/** @returns the first difference; undefined where there is none */
export async function compareOne(
  engines: Engines,
  document: object,
  sent: Sent[],
  tally?: Tally,
): Promise<string | undefined> {
  const { plan, problems } = checkConfiguration(JSON.stringify(document));
  if (!plan) throw new Error(`not a good document: ${JSON.stringify(problems)}`);
  const renderings = { lua: renderLua(plan), native: renderNative(plan) };
  const chosen: Exclude<Engine, "wasm">[] = [];
  const ready = [engines.use("wasm", renderWasm(plan, JSON.stringify(document), headersModule()))];
  for (const engine of ["lua", "native"] as const) {
    const rendering = renderings[engine];
    if ("config" in rendering) {
      chosen.push(engine);
      ready.push(engines.use(engine, rendering.config));
      if (tally) tally[engine]++;
    } else if (tally) {
      const why = `${engine}: ${describeRefusal(rendering.refusals[0]!)}`;
      tally.refused[why] = (tally.refused[why] ?? 0) + 1;
    }
  }
  await Promise.all(ready);
  for (const one of sent) {
    const expected = await engines.send("wasm", one);
    for (const engine of chosen) {
      const difference = describeDifference(engine, expected, await engines.send(engine, one));
      if (difference) return `${difference}\n${JSON.stringify(renderings[engine], null, 1).replaceAll("\\n", "\n")}`;
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
