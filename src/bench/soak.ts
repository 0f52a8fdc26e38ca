// `npm run soak`: a module under millions of requests on a host that answers what it must. Its memory must end as it was
// after the first ten thousand, and what a request costs must not depend on how many others are open.
import { readFileSync } from "node:fs";
import { defineVerb, report, runVerb } from "../cli/command.ts";
import { isDeepStrictEqual } from "node:util";
import { instantiate } from "./bare-host.ts";
import { ENVOY_WARM_UP, soakEnvoy } from "./soak-envoy.ts";
import { soakModules } from "./soak-modules.ts";

const WARM_UP = 10_000;
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
      open: { type: "string", default: "1000", description: "Other streams that stay open", valueHint: "N" },
    },
    run: ({ args }) => run(Number(args.requests), Number(args.open), Number(args.envoy)),
  },
  [
    "npm run soak                          ten million requests",
    "npm run soak -- --requests 200000 --envoy 50000     a short one",
  ],
);

process.exitCode = await runVerb(soak, process.argv.slice(2)).catch(report);

async function run(requests: number, open: number, envoyRequests: number): Promise<number> {
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
  return results.includes(false) ? 1 : 0;
}

function tell(isFlat: boolean, what: string): boolean {
  console.log(`${isFlat ? "flat " : "GREW "} ${what}`);
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
