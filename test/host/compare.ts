import fc from "fast-check";
import { exchange } from "./exchanges.ts";
import type { Prober } from "./probe.ts";
import { program } from "./programs.ts";
import { describeDifference } from "./readable.ts";

/** What became of random programs. */
export interface Tally {
  equal: number;
  /** The host said why it does not do what Envoy does. */
  declined: Record<string, number>;
}

/**
 * Runs so many random programs on both.
 *
 * @throws Error for the first whose outcomes differ, made as small as it gets, with the seed and both outcomes
 */
export async function compareRandom(prober: Prober, count: number, seed: number): Promise<Tally> {
  const tally: Tally = { equal: 0, declined: {} };
  const before: string[] = [];
  const property = fc.asyncProperty(program, exchange, async (lines, passing) => {
    const began = Date.now();
    const compared = await prober.compare(lines, passing);
    if (process.env["SLOW"] && Date.now() - began > Number(process.env["SLOW"]))
      console.log(Date.now() - began, compared.kind, JSON.stringify([lines, passing]));
    if (compared.kind === "equal") tally.equal++;
    if (compared.kind === "different") throw new Error(describeDifference(compared.host, compared.envoy));
    if (compared.kind === "crashed")
      throw new Error(
        `Envoy crashed, the host did not say so: ${compared.error.message}\nbefore it: ${before.join("\n")}`,
      );
    if (compared.kind !== "declined") {
      before.push(JSON.stringify([lines, passing]));
      if (before.length > 4) before.shift();
    }
    if (compared.kind === "declined")
      tally.declined[compared.error.message] = (tally.declined[compared.error.message] ?? 0) + 1;
  });
  await fc.assert(property, { numRuns: count, seed });
  return tally;
}
