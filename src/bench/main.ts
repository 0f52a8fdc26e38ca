// `npm run bench`: what each way to do a job adds to one request, in instructions, side by side in one run.
import { defineVerb, report, runVerb } from "../cli/command.ts";
import { findEnvoy } from "../envoy/find.ts";
import { benchBootstrap } from "./bootstrap.ts";
import { instructionsPerRequest } from "./instructions.ts";
import { type Bar, readBars, referenceBars } from "./bars.ts";
import { readVariants, referenceVariants, type Variant } from "./variants.ts";

const HEADERS: [string, string][] = [
  ["user-agent", "bench"],
  ["accept", "*/*"],
  ["x-internal", "secret"],
];

const bench = defineVerb(
  {
    meta: { name: "npm run bench --", description: "Count the instructions that filters add to one request" },
    args: {
      "warm-up": { type: "string", default: "2000", description: "Requests before counting", valueHint: "N" },
      smoke: { type: "boolean", default: false, description: "Only what the bars of the reference job need" },
      count: { type: "string", default: "500", description: "Requests to count over", valueHint: "N" },
    },
    run: ({ args }) => run(Number(args["warm-up"]), Number(args.count), args.smoke),
  },
  ["npm run bench                       all, in a few minutes", "npm run bench -- --count 2000       the same, finer"],
);

process.exitCode = await runVerb(bench, process.argv.slice(2)).catch(report);

async function run(warmUp: number, count: number, isSmoke: boolean): Promise<number> {
  const root = process.cwd();
  const { version } = await findEnvoy();
  console.log(`Instructions added to one request, Envoy ${version}, counted over ${count} requests\n`);
  const needed = new Set(["no filter", ...referenceBars.flatMap(({ variant, against }) => [variant, against])]);
  const variants = (await referenceVariants(root)).filter(({ name }) => !isSmoke || needed.has(name));
  const reference = await measure(variants, warmUp, count);
  print("Reference job: each direction gains a header and loses one", reference, "floor");
  if (isSmoke) return check(referenceBars, reference).length === 0 ? 0 : 1;
  const reading = await measure(await readVariants(root), warmUp, count);
  print("Reading job: three headers read, one written", reading, "Lua");
  const missed = [...check(referenceBars, reference), ...check(readBars, reading)];
  return missed.length === 0 ? 0 : 1;
}

async function measure(variants: Variant[], warmUp: number, count: number): Promise<Map<string, number>> {
  const added = new Map<string, number>();
  let base = 0;
  for (const { name, filters } of variants) {
    console.error(`measuring ${name}`);
    const total = await instructionsPerRequest({ bootstrap: benchBootstrap(filters), warmUp, count, headers: HEADERS });
    if (filters.length === 0) base = total;
    added.set(name, total - base);
  }
  return added;
}

function print(title: string, added: Map<string, number>, against: string): void {
  const unit = added.get(against)!;
  console.log(`${title}\n`);
  for (const [name, instructions] of added) {
    if (instructions === 0) continue;
    const ratio = (instructions / unit).toFixed(3);
    console.log(
      `  ${name.padEnd(32)} ${Math.round(instructions).toLocaleString("en").padStart(9)}  ${ratio} x ${against}`,
    );
  }
  console.log();
}

function check(bars: Bar[], added: Map<string, number>): Bar[] {
  return bars.filter(({ variant, limit, against }) => {
    const ratio = added.get(variant)! / added.get(against)!;
    const holds = ratio <= limit;
    console.log(`  ${holds ? "holds " : "MISSED"}  ${variant}: ${ratio.toFixed(3)} x ${against}, at most ${limit}`);
    return !holds;
  });
}
