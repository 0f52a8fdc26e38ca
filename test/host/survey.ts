// `node test/host/survey.ts FIRST COUNT [RUNS]`: for each seed the first difference, made small.
import { compareRandom } from "./compare.ts";
import { Prober } from "./probe.ts";
const [first = "1", count = "10", runs = "60"] = process.argv.slice(2);
const prober = await Prober.start();
const seen = new Set<string>();
const declined: Record<string, number> = {};
let equal = 0;
try {
  for (let seed = Number(first); seed < Number(first) + Number(count); seed++) {
    try {
      const t = await compareRandom(prober, Number(runs), seed);
      equal += t.equal;
      for (const [k, v] of Object.entries(t.declined)) declined[k] = (declined[k] ?? 0) + v;
    } catch (e) {
      const { message, cause } = e as Error;
      const ex = /Counterexample: (.*)/.exec(message)?.[1] ?? message;
      const what = cause instanceof Error ? cause.message : "";
      if (seen.has(what)) continue;
      seen.add(what);
      console.log(`=== ${seed}\n${ex.slice(0, 900)}\n${what}`);
    }
  }
} finally {
  await prober.close();
}
console.log(equal, declined);
