// `npm run soak`: a module under millions of requests on a host that answers what it must. Its memory must end as it was
// after the first ten thousand, and what a request costs must not depend on how many others are open.
import { readFileSync } from "node:fs";
import { build } from "../build/build.ts";
import { defineVerb, report, runVerb } from "../cli/command.ts";
import { instantiate } from "./bare-host.ts";

const WARM_UP = 10_000;

const soak = defineVerb(
  {
    meta: { name: "npm run soak --", description: "Run a filter for millions of requests and watch its memory" },
    args: {
      requests: { type: "string", default: "10000000", description: "Requests", valueHint: "N" },
      open: { type: "string", default: "1000", description: "Other streams that stay open", valueHint: "N" },
    },
    run: ({ args }) => run(Number(args.requests), Number(args.open)),
  },
  ["npm run soak                          ten million requests", "npm run soak -- --requests 200000     a short one"],
);

process.exitCode = await runVerb(soak, process.argv.slice(2)).catch(report);

async function run(requests: number, open: number): Promise<number> {
  let failures = 0;
  for (const name of ["reference-all", "read"]) {
    for await (const { file } of build({ filters: [`bench/guest/${name}.ts`], outDir: "build/bench" })) {
      const { before, after } = await grow(file, requests, open);
      const isFlat = after === before;
      if (!isFlat) failures++;
      const sizes = `${before / 1024} KiB after ${WARM_UP} requests, ${after / 1024} KiB after ${requests}`;
      console.log(`${isFlat ? "flat " : "GREW "} ${name}, ${open} other streams open: ${sizes}`);
    }
  }
  return failures === 0 ? 0 : 1;
}

async function grow(file: string, requests: number, open: number): Promise<{ before: number; after: number }> {
  const guest = await instantiate(readFileSync(file), "demo");
  for (let i = 0; i < open; i++) guest.openStream();
  for (let i = 0; i < WARM_UP; i++) guest.exchange();
  const before = guest.memorySize();
  for (let i = WARM_UP; i < requests; i++) guest.exchange();
  return { before, after: guest.memorySize() };
}
