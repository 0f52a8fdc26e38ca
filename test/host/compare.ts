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
  const property = fc.asyncProperty(program, exchange, async (lines, passing) => {
    const compared = await prober.compare(lines, passing);
    switch (compared.kind) {
      case "equal":
        tally.equal++;
        return;
      case "declined":
        tally.declined[compared.error.message] = (tally.declined[compared.error.message] ?? 0) + 1;
        return;
      case "crashed":
        throw new Error(`Envoy crashes, and the host does not say so: ${compared.error.message}`);
      default:
        throw new Error(describeDifference(compared.host, compared.envoy));
    }
  });
  await fc.assert(property, { numRuns: count, seed });
  return tally;
}
