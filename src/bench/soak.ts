// `npm run soak`: a module under millions of requests on a host that answers what it must. Its memory must end as it was
// after the first ten thousand, and what a request costs must not depend on how many others are open.
import { readFileSync } from "node:fs";
import { defineVerb, report, runVerb } from "../cli/command.ts";
import { isDeepStrictEqual } from "node:util";
import { cachedLibrary } from "../aot/cache.ts";
import { aotConfig } from "../envoy/aot-config.ts";
import { wasmConfig } from "../envoy/wasm-config.ts";
import { CONNECTIONS } from "./ask-many.ts";
import { instantiate } from "./bare-host.ts";
import { buildGuest } from "./modules.ts";
import { ENVOY_WARM_UP, soakEnvoy } from "./soak-envoy.ts";
import { residentAfter, soakAheadOfTime } from "./soak-aot.ts";
import { soakModules } from "./soak-modules.ts";

const WARM_UP = 10_000;
const AOT_WARM_UP = 50_000;
/** What a module ahead of time may add to what an Envoy with one worker holds. */
const ADDED_KIB = 2048;
/** What an allocator may take in bits and pieces; a leak of eight bytes a request would be eight times as much. */
const RESIDENT_SLACK_KIB = 1024;

const soak = defineVerb(
  {
    meta: { name: "npm run soak --", description: "Run a filter for millions of requests and watch its memory" },
    args: {
      requests: { type: "string", default: "10000000", description: "Requests", valueHint: "N" },
      envoy: {
        type: "string",
        default: "1000000",
        description: "Requests through a real Envoy",
        valueHint: "N",
      },
      aot: {
        type: "string",
        default: "1000000",
        description: "Requests ahead of time, with configuration changes and traps",
        valueHint: "N",
      },
      open: { type: "string", default: "1000", description: "Other streams that stay open", valueHint: "N" },
    },
    run: async ({ args }) => {
      const inV8 = await run(Number(args.requests), Number(args.open), Number(args.envoy));
      const ahead = await runAheadOfTime(Number(args.aot));
      return inV8 && ahead ? 0 : 1;
    },
  },
  [
    "npm run soak                                                   ten million requests",
    "npm run soak -- --requests 200000 --envoy 50000 --aot 100000   a short one",
  ],
);

process.exitCode = await runVerb(soak, process.argv.slice(2)).catch(report);

async function run(requests: number, open: number, envoyRequests: number): Promise<boolean> {
  const results: boolean[] = [];
  const modules = await soakModules(process.cwd());
  for (const { name, file, configuration, hasBodies = false } of modules) {
    const { before, after, total } = await grow(file, configuration, requests, open, hasBodies);
    const sizes = `${before / 1024} KiB after ${WARM_UP} requests, ${after / 1024} KiB after ${total}`;
    results.push(tell(after === before, `${name}, ${open} other streams open: ${sizes}`));
  }
  for (const { name, file, configuration } of modules.filter(({ hasBodies }) => !hasBodies)) {
    const { before, after } = await soakEnvoy(file, configuration, envoyRequests);
    const isFlat =
      after.residentKiB - before.residentKiB <= RESIDENT_SLACK_KIB && isDeepStrictEqual(after.vms, before.vms);
    const resident = `${before.residentKiB} KiB resident after ${ENVOY_WARM_UP} requests, ${after.residentKiB} KiB after ${envoyRequests} more`;
    results.push(tell(isFlat, `${name} in Envoy: ${resident}; VMs ${JSON.stringify(after.vms)}`));
  }
  return !results.includes(false);
}

/** @returns whether every answer was right, and memory stays as small as it is to be */
async function runAheadOfTime(requests: number): Promise<boolean> {
  const wasm = await buildGuest(process.cwd(), "bench/guest/soak-answer.ts");
  const { tally, changes, refusals, beforeKiB, afterKiB } = await soakAheadOfTime(wasm, AOT_WARM_UP, requests);
  for (const wrong of tally.wrong) console.log(`WRONG ${wrong}`);
  const isRight = tally.wrong.length === 0 && tally.right + tally.failed === requests;
  // Who is on the way when the VM traps fails with it.
  const isContained = tally.failed <= tally.traps * (CONNECTIONS + 1) && refusals > 0 && changes > refusals;
  const what = `ahead of time: of ${requests} requests ${tally.right} answered right, ${tally.failed} with 503 for ${tally.traps} traps`;
  const resident = `${beforeKiB} KiB resident after ${AOT_WARM_UP} requests, ${afterKiB} KiB after these`;
  const results = [
    tell(isRight && isContained, `${what}, ${changes} configurations, ${refusals} refused`, ["right", "WRONG"]),
    tell(afterKiB - beforeKiB <= RESIDENT_SLACK_KIB, `ahead of time: ${resident}`),
  ];
  const none = await residentAfter(AOT_WARM_UP);
  for (const { name, file, configuration = "soak" } of (await soakModules(process.cwd())).filter((m) => !m.hasBodies)) {
    const config = wasmConfig({ wasm: file, rootId: "demo" }, configuration);
    const held = await residentAfter(AOT_WARM_UP, aotConfig(config, await cachedLibrary(file)));
    const added = held - none;
    results.push(
      tell(added <= ADDED_KIB, `${name} ahead of time: ${added} KiB more than no filter, at most ${ADDED_KIB}`),
    );
  }
  return !results.includes(false);
}

function tell(isFlat: boolean, what: string, [good, bad] = ["flat ", "GREW "]): boolean {
  console.log(`${isFlat ? good : bad} ${what}`);
  return isFlat;
}

/** @returns bytes of memory after the warm-up and at the end, and how many requests that was */
async function grow(
  file: string,
  configuration: string | undefined,
  requests: number,
  open: number,
  hasBodies: boolean,
): Promise<{ before: number; after: number; total: number }> {
  const guest = await instantiate(readFileSync(file), "demo", configuration);
  for (let i = 0; i < open; i++) guest.openStream();
  // Sizes of bodies differ, and have all been there when the warm-up is over. Bodies take longer: fewer of them.
  const sizeOf = (i: number) => (hasBodies ? 1 + ((i * 7919) % 65_536) : 0);
  const total = hasBodies ? Math.max(2 * WARM_UP, requests / 100) : requests;
  for (let i = 0; i < WARM_UP; i++) guest.exchange(sizeOf(i));
  const before = guest.memorySize();
  for (let i = WARM_UP; i < total; i++) guest.exchange(sizeOf(i));
  return { before, after: guest.memorySize(), total };
}
