// `npm run fuzz:robust -- --count 100000 --seed 7`: any configuration and any headers through the headers filter.
import { parseArgs } from "node:util";
import fc from "fast-check";
import { trial, tryOut } from "./robust.ts";

const { values } = parseArgs({ options: { count: { type: "string" }, seed: { type: "string" } } });
const count = Number(values.count ?? 100_000);
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
const seen = { taken: 0, refused: 0 };

const details = fc.check(
  fc.property(trial, (one) => {
    const outcome = tryOut(one);
    if (typeof outcome !== "string") throw new Error(outcome.problem);
    seen[outcome]++;
    const done = seen.taken + seen.refused;
    if (done % 10_000 === 0) console.error(`${done} of ${count}`);
  }),
  { numRuns: count, seed },
);
console.log(`${seen.taken} configurations taken, ${seen.refused} refused, seed ${seed}`);
if (details.failed) console.error(fc.defaultReportMessage(details));
process.exitCode = details.failed ? 1 : 0;
