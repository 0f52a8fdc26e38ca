// The demo: one request through Envoy without a filter, with the AssemblyScript filters, with Lua and with
// header_mutation, and what became of its headers. Where there is no Envoy, the TypeScript host runs the AssemblyScript
// filters.
import { once } from "node:events";
import { relative } from "node:path";
import { build } from "../build/build.ts";
import type { CaseFile, EnvoySetup } from "../cases/case-file.ts";
import { readCaseFile } from "../cases/read.ts";
import { defineVerb, report, runVerb } from "../cli/command.ts";
import { engineOf, envoyOrHost } from "../cli/envoy-or-host.ts";
import { EchoControl } from "../echo/control.ts";
import { type Echo, startEcho } from "../echo/server.ts";
import type { EnvoyBinary } from "../envoy/find.ts";
import { FilterwrightError } from "../errors.ts";
import type { WasmEngine } from "../envoy/wasm-engine.ts";
import { portBusy } from "../envoy/ports.ts";
import {
  type Contestant,
  type EnvoyContestant,
  hostContestants,
  hostWithRules,
  startEnvoys,
  startRendered,
} from "./contestants.ts";
import { compareContestants, type Comparison } from "./demo.ts";
import { readRulesFile } from "../rules/rules-file.ts";
import type { Row } from "./rows.ts";
import { renderTable } from "./table.ts";

const CASES = "test/cases/demo.yaml";
const RULES = "envoy/rules.yaml";
/** The module that reads rules for the tools. */
const CHECK = "assembly/filters/headers/headers-check.ts";

const demo = defineVerb(
  {
    meta: {
      name: "npm run demo --",
      description: "Send one request through Wasm, Lua and native filters in real Envoys",
    },
    args: {
      keep: { type: "boolean", default: false, description: "Leave the Envoys running and print curl commands" },
      on: {
        type: "string",
        description: "wasm: real Envoys, host: the TypeScript host (Default: wasm, where an Envoy is to be had)",
        valueHint: "wasm|host",
      },
      engine: {
        type: "string",
        default: "wasm",
        description: "How Envoy runs the modules: in its Wasm engine, or compiled ahead of time",
        valueHint: "wasm|aot",
      },
    },
    run: ({ args }) => run(args.keep, args.on, engineOf(args.engine, args.on)),
  },
  [
    "npm run demo                 the table",
    "npm run demo -- --keep       the table, and Envoys to play with",
    "npm run demo -- --on host    the table of what the filters do on the TypeScript host",
    "npm run demo -- --engine aot the table, with the same modules compiled ahead of time",
  ],
);

process.exitCode = await runVerb(demo, process.argv.slice(2)).catch(report);

async function run(keep: boolean, on: string | undefined, engine: WasmEngine): Promise<number> {
  if (keep && on === "host") {
    const hint = "filterwright run NAME --on host leaves a filter running.";
    throw new FilterwrightError("FW_USAGE", "expected --keep without --on host: it leaves Envoys running", { hint });
  }
  for (const filters of [[], [CHECK]]) {
    for await (const { file, rebuilt } of build({ filters })) if (rebuilt) console.error(`built ${file}`);
  }
  // What is to be kept running is an Envoy: nothing stands in for it.
  const envoy = await envoyOrHost(keep || engine === "aot" ? (on ?? "wasm") : on);
  const file = readCaseFile(CASES);
  if (envoy) return await runOnEnvoys(file, envoy, keep, engine);
  const filters = (file.setup as EnvoySetup).files.wasm!;
  const status = await compareAll(
    file,
    hostContestants(file),
    `the TypeScript host, with no filter and with those of ${relative(".", filters)}`,
  );
  const ofRules = await compareChanges(file, hostWithRules(readRulesFile(RULES)), `The same from ${RULES}`);
  return Math.max(status, ofRules);
}

async function runOnEnvoys(file: CaseFile, binary: EnvoyBinary, keep: boolean, engine: WasmEngine): Promise<number> {
  const echo = await startUpstream(keep);
  const contestants: EnvoyContestant[] = [];
  const rest: EnvoyContestant[] = [];
  try {
    contestants.push(...(await startEnvoys(file, binary, echo, keep, engine)));
    const status = await compareAll(
      file,
      contestants,
      `Envoy ${binary.version}, with no filter and with each of three`,
    );
    const rendered = await startRendered(file, readRulesFile(RULES), binary, echo, engine);
    rest.push(...rendered);
    const title = `The same from ${RULES}, rendered as each of the three`;
    const ofRules = await compareChanges(file, [contestants[0]!, ...rendered], title);
    if (keep) await serve(contestants, echo);
    return Math.max(status, ofRules);
  } finally {
    await Promise.all([...[...contestants, ...rest].map(({ envoy }) => envoy.stop()), echo.close()]);
  }
}

async function compareAll(file: CaseFile, contestants: Contestant[], title: string): Promise<number> {
  const comparison = await compareContestants(file, contestants);
  const { method, path } = file.cases[0]!.request;
  console.log(`${method} ${path} through ${title}\n`);
  print(comparison, contestants);
  return comparison.agrees && comparison.differences.length === 0 ? 0 : 1;
}

/** The same as `compareAll`, of what filters change alone. */
async function compareChanges(file: CaseFile, contestants: Contestant[], title: string): Promise<number> {
  const comparison = await compareContestants(file, contestants);
  const changed = ({ fates }: Row) => fates.some((fate) => fate === "added" || fate === "removed");
  console.log(`\n${title}\n`);
  print(
    { ...comparison, request: comparison.request.filter(changed), response: comparison.response.filter(changed) },
    contestants,
  );
  return comparison.agrees && comparison.differences.length === 0 ? 0 : 1;
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
  const verdict = contestants.length > 2 ? `${filters} agree` : filters;
  if (agrees) console.log(`${verdict}: ${count("added")} headers added, ${count("removed")} removed.`);
  else console.log(`${filters} do not agree.`);
  for (const [title, difference] of differences) console.log(`${title}: ${difference}`);
}

async function serve(contestants: EnvoyContestant[], echo: Echo): Promise<void> {
  await new EchoControl(`http://127.0.0.1:${echo.controlPort}`).reset();
  console.log("\nThe Envoys go on running. The upstream answers with what it received:\n");
  for (const { title, envoy } of contestants) {
    console.log(`  curl -i -H 'x-internal: secret' http://127.0.0.1:${envoy.port}/hello    # ${title}`);
  }
  console.log("\nControl-C ends them.");
  const interrupted = ["SIGINT", "SIGTERM"].map((signal) => once(process, signal));
  await Promise.race([...interrupted, ...contestants.map(({ envoy }) => envoy.failure)]);
}
