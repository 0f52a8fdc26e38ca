// `npm run bench`: what each way to do a job adds to one request, in instructions, side by side in one run.
import { aotBootstrap } from "../aot/bootstrap.ts";
import { defineVerb, report, runVerb } from "../cli/command.ts";
import { engineOf } from "../cli/envoy-or-host.ts";
import { FilterwrightError } from "../errors.ts";
import { findEnvoy } from "../envoy/find.ts";
import { benchBootstrap } from "./bootstrap.ts";
import { cpuAdded } from "./cpu-time.ts";
import { instructionsPerRequest } from "./instructions.ts";
import type { Bar } from "./bars.ts";
import type { BenchRequest } from "./request.ts";
import { type Job, jobs, referenceJob } from "./jobs.ts";
import { holdFilter } from "./open-streams.ts";
import { aheadOfTime, hasModule, type Variant } from "./variant.ts";

const bench = defineVerb(
  {
    meta: { name: "npm run bench --", description: "Count the instructions that filters add to one request" },
    args: {
      "warm-up": { type: "string", default: "2000", description: "Requests before counting", valueHint: "N" },
      smoke: { type: "boolean", default: false, description: "Only what the bars of the reference job need" },
      count: { type: "string", default: "500", description: "Requests to count over", valueHint: "N" },
      job: { type: "string", description: "Only this one", valueHint: jobs.map(({ name }) => name).join("|") },
      engine: {
        type: "string",
        default: "wasm",
        description: "With aot every module is counted ahead of time, too, and no bar is looked at",
        valueHint: "wasm|aot",
      },
    },
    run: ({ args }) => {
      const isAot = engineOf(args.engine, undefined) === "aot";
      const options = { warmUp: Number(args["warm-up"]), count: Number(args.count), isSmoke: args.smoke };
      const chosen = jobsNamed(args.job);
      return isAot ? measureAheadOfTime(chosen, options) : run(chosen, options);
    },
  },
  [
    "npm run bench                       all, in a few minutes",
    "npm run bench -- --count 2000       the same, finer",
    "npm run bench -- --job deciding     one job",
    "npm run bench -- --engine aot       each module in V8 and ahead of time",
  ],
);

process.exitCode = await runVerb(bench, process.argv.slice(2)).catch(report);

interface Options {
  warmUp: number;
  count: number;
  /** Only what the bars need. */
  isSmoke: boolean;
}

function jobsNamed(name: string | undefined): Job[] {
  const found = jobs.filter((job) => name === undefined || job.name === name);
  if (found.length > 0) return found;
  const names = jobs.map((job) => job.name).join(", ");
  throw new FilterwrightError("FW_USAGE", `expected one of ${names} after --job, found ${name}`);
}

async function run(chosen: Job[], { warmUp, count, isSmoke }: Options): Promise<number> {
  const root = process.cwd();
  const { version } = await findEnvoy();
  const clock = isSmoke ? "" : "; processor time in microseconds beside it, which differs from run to run";
  console.log(`Instructions added to one request, Envoy ${version}, counted over ${count} requests${clock}\n`);
  const missed: Bar[] = [];
  for (const job of chosen.filter(({ isLong }) => !isSmoke || !isLong)) {
    const needed = new Set(["no filter", ...job.bars.flatMap(({ variant, against }) => [variant, against])]);
    const variants = (await job.variants(root)).filter(({ name }) => !isSmoke || needed.has(name));
    const added = await measure(variants, job.request, warmUp, count, !isSmoke);
    print(job, added);
    missed.push(...check(job.bars, added));
    console.log();
  }
  if (isSmoke || !chosen.includes(referenceJob)) return missed.length === 0 ? 0 : 1;
  const built = (await referenceJob.variants(root)).find(({ name }) => name === "class API, built")!;
  const isConstant = await checkOpenStreams(built, warmUp, count);
  return missed.length === 0 && isConstant ? 0 : 1;
}

/** Every job, with each module in V8 and ahead of time. */
async function measureAheadOfTime(chosen: Job[], { warmUp, count }: Options): Promise<number> {
  for (const job of chosen) {
    const variants = (await job.variants(process.cwd())).filter(({ isAot }) => !isAot);
    const both = variants.flatMap((variant) => (hasModule(variant) ? [variant, aheadOfTime(variant)] : [variant]));
    print(job, await measure(both, job.request, warmUp, count, false));
  }
  return 0;
}

/** A request must cost the same however many other streams are open: within 2 %, the other costs of Envoy included. */
async function checkOpenStreams({ name, filters }: Variant, warmUp: number, count: number): Promise<boolean> {
  const bootstrap = benchBootstrap([...filters, holdFilter]);
  const costs: number[] = [];
  for (const openStreams of [0, 1000, 10_000]) {
    console.error(`measuring ${name}, ${openStreams} other streams open`);
    costs.push(await instructionsPerRequest({ bootstrap, warmUp, count, request: referenceJob.request, openStreams }));
  }
  const [none = 0, ...others] = costs;
  const worst = Math.max(...others.map((cost) => Math.abs(cost / none - 1)));
  const seen = costs.map((cost) => Math.round(cost).toLocaleString("en")).join(", ");
  const holds = worst <= 0.02;
  console.log(
    `  ${holds ? "holds " : "MISSED"}  a request with 0, 1,000 and 10,000 other streams open: ${seen} instructions in all, at most 2 % apart`,
  );
  return holds;
}

/** What a variant adds to one request. */
interface Added {
  instructions: number;
  /** Where it was asked for. */
  microseconds?: number;
}

async function measure(
  variants: Variant[],
  request: BenchRequest,
  warmUp: number,
  count: number,
  hasClock: boolean,
): Promise<Map<string, Added>> {
  const added = new Map<string, Added>();
  let base = 0;
  for (const { name, filters, isAot } of variants) {
    console.error(`measuring ${name}`);
    const inWasm = benchBootstrap(filters);
    const bootstrap = isAot ? await aotBootstrap(inWasm) : inWasm;
    const instructions = await instructionsPerRequest({ bootstrap, warmUp, count, request });
    if (filters.length === 0) base = instructions;
    const hasClockHere = hasClock && filters.length > 0;
    added.set(name, {
      instructions: instructions - base,
      ...(hasClockHere && { microseconds: await cpuAdded(benchBootstrap([]), bootstrap, request) }),
    });
  }
  return added;
}

function print({ name, title, against }: Job, added: Map<string, Added>): void {
  const unit = added.get(against)!.instructions;
  console.log(`${name[0]!.toUpperCase()}${name.slice(1)} job: ${title}\n`);
  for (const [variant, { instructions, microseconds }] of added) {
    if (instructions === 0) continue;
    const ratio = (instructions / unit).toFixed(3);
    const clock = microseconds === undefined ? "" : `${microseconds.toFixed(1).padStart(7)} us`;
    console.log(
      `  ${variant.padEnd(46)} ${Math.round(instructions).toLocaleString("en").padStart(9)}${clock}  ${ratio} x ${against}`,
    );
  }
  console.log();
}

function check(bars: Bar[], added: Map<string, Added>): Bar[] {
  return bars.filter(({ variant, limit, against }) => {
    const ratio = added.get(variant)!.instructions / added.get(against)!.instructions;
    const holds = ratio <= limit;
    console.log(`  ${holds ? "holds " : "MISSED"}  ${variant}: ${ratio.toFixed(3)} x ${against}, at most ${limit}`);
    return !holds;
  });
}
