// The demo: one request through Envoy without a filter, with the AssemblyScript filters, with Lua and with
// header_mutation, and what became of its headers.
import { once } from "node:events";
import { build } from "../build/build.ts";
import { readCaseFile } from "../cases/read.ts";
import { defineVerb, report, runVerb } from "../cli/command.ts";
import { EchoControl } from "../echo/control.ts";
import { type Echo, startEcho } from "../echo/server.ts";
import { findEnvoy } from "../envoy/find.ts";
import { portBusy } from "../envoy/ports.ts";
import { type Contestant, startContestants } from "./contestants.ts";
import { compareContestants, type Comparison } from "./demo.ts";
import { renderTable } from "./table.ts";

const CASES = "test/cases/demo.yaml";

const demo = defineVerb(
  {
    meta: {
      name: "npm run demo --",
      description: "Send one request through Wasm, Lua and native filters in real Envoys",
    },
    args: {
      keep: { type: "boolean", default: false, description: "Leave the Envoys running and print curl commands" },
    },
    run: ({ args }) => run(args.keep),
  },
  ["npm run demo                 the table", "npm run demo -- --keep       the table, and Envoys to play with"],
);

process.exitCode = await runVerb(demo, process.argv.slice(2)).catch(report);

async function run(keep: boolean): Promise<number> {
  for await (const { file, rebuilt } of build()) if (rebuilt) console.error(`built ${file}`);
  const envoy = await findEnvoy();
  const file = readCaseFile(CASES);
  const echo = await startUpstream(keep);
  const contestants: Contestant[] = [];
  try {
    contestants.push(...(await startContestants(file, envoy, echo, keep)));
    const comparison = await compareContestants(file, contestants, echo);
    const { method, path } = file.cases[0]!.request;
    console.log(`${method} ${path} through Envoy ${envoy.version}, with no filter and with each of three\n`);
    print(comparison, contestants);
    if (keep) await serve(contestants, echo);
    return comparison.agrees && comparison.differences.length === 0 ? 0 : 1;
  } finally {
    await Promise.all([...contestants.map((contestant) => contestant.envoy.stop()), echo.close()]);
  }
}

async function startUpstream(keep: boolean): Promise<Echo> {
  const ports = keep ? { port: 10080, controlPort: 10081 } : {};
  return await startEcho(ports).catch((error: NodeJS.ErrnoException & { port: number }) => {
    throw portBusy("127.0.0.1", error.port, error);
  });
}

function print({ request, response, agrees, differences }: Comparison, contestants: Contestant[]): void {
  const columns = contestants.map(({ title }) => title);
  const filters = columns
    .slice(1)
    .join(", ")
    .replace(/, ([^,]*)$/, " and $1");
  console.log(renderTable("What reached the upstream", columns, request).join("\n"));
  console.log();
  console.log(renderTable("What reached the client", columns, response).join("\n"));
  console.log();
  const fates = [...request, ...response].map(({ fates: [fate] }) => fate);
  const count = (wanted: string) => fates.filter((fate) => fate === wanted).length;
  if (agrees) console.log(`${filters} agree: ${count("added")} headers added, ${count("removed")} removed.`);
  else console.log(`${filters} do not agree.`);
  for (const [title, difference] of differences) console.log(`${title}: ${difference}`);
}

async function serve(contestants: Contestant[], echo: Echo): Promise<void> {
  await new EchoControl(`http://127.0.0.1:${echo.controlPort}`).reset();
  console.log("\nThe Envoys go on running. The upstream answers with what it received:\n");
  for (const { title, envoy } of contestants) {
    console.log(`  curl -i -H 'x-internal: secret' http://127.0.0.1:${envoy.port}/hello    # ${title}`);
  }
  console.log("\nControl-C ends them.");
  const interrupted = ["SIGINT", "SIGTERM"].map((signal) => once(process, signal));
  await Promise.race([...interrupted, ...contestants.map(({ envoy }) => envoy.failure)]);
}
