import { once } from "node:events";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { FilterwrightError } from "../errors.ts";
import { LogLevel } from "../host/index.ts";
import { entriesText, reportText } from "../run/report.ts";
import { startHostRun } from "../run/host-run.ts";
import { type Run, type RunOptions, startRun } from "../run/run.ts";
import { headersModule } from "../rules/headers-module.ts";
import { findingText, isRulesFile, planOf, readRulesFile } from "../rules/rules-file.ts";
import { defineVerb, print, printError } from "./command.ts";
import { engineOf, envoyOrHost } from "./envoy-or-host.ts";
import { readModule, textOrFile } from "./text-or-file.ts";

export default defineVerb(
  {
    meta: {
      name: "run",
      description: "Run rules, or a module, in front of an upstream, and say what each request becomes",
    },
    args: {
      module: {
        type: "positional",
        required: true,
        description: "A rules file (.yaml, .json); a module, or NAME for build/NAME.wasm",
      },
      "root-id": { type: "string", description: "root_id (Default: the file's base name)", valueHint: "ID" },
      config: {
        type: "string",
        description: "The plugin's configuration, or @ and the name of a file that has it",
        valueHint: "TEXT|@FILE",
      },
      upstream: { type: "string", description: "Where requests go (Default: an echo)", valueHint: "URL" },
      cluster: {
        type: "string",
        description: "Another cluster that the module may call; may be given again",
        valueHint: "NAME=URL",
      },
      on: {
        type: "string",
        description: "wasm: a real Envoy, host: the TypeScript host (Default: wasm, where an Envoy is to be had)",
        valueHint: "wasm|host",
      },
      engine: {
        type: "string",
        default: "wasm",
        description: "How Envoy runs the module: in its Wasm engine, or compiled ahead of time",
        valueHint: "wasm|aot",
      },
      port: { type: "string", default: "10000", description: "Port of 127.0.0.1; 0 for any", valueHint: "N" },
      "log-level": {
        type: "string",
        default: "info",
        description: `Least level of the plugin's log: ${LogLevel.join(", ")}, off`,
        valueHint: "LEVEL",
      },
      json: { type: "boolean", default: false, description: "Print one JSON object a request, a line each" },
    },
    async run({ args, rawArgs }) {
      const [, surplus] = args._;
      if (surplus !== undefined)
        throw new FilterwrightError("FW_USAGE", `expected one module, found ${surplus} behind it`);
      const filter = isRulesFile(args.module)
        ? rulesFilter(args.module, args)
        : moduleFilter(args.module, args["root-id"], args.config);
      const options: Omit<RunOptions, "envoy"> = {
        ...filter,
        engine: engineOf(args.engine, args.on),
        logLevel: logLevel(args["log-level"]),
        upstream: args.upstream,
        clusters: clusters(rawArgs),
        port: port(args.port),
        onReport: (report) => (args.json ? console.log(JSON.stringify(report)) : print(reportText(report))),
        onEntries: (entries) => entriesText(entries).forEach(printError),
      };
      const envoy = await envoyOrHost(options.engine === "aot" ? "wasm" : args.on);
      const running = await (envoy ? startRun({ ...options, envoy }) : startHostRun(options));
      try {
        const say = args.json ? console.error : console.log;
        say(greeting(running, isRulesFile(args.module) ? args.module : filter.wasm, args.upstream));
        const interrupted = ["SIGINT", "SIGTERM"].map((signal) => once(process, signal));
        await Promise.race([...interrupted, running.failure]);
      } finally {
        await running.close();
      }
    },
  },
  [
    "filterwright run rules.yaml                          the headers filter with these rules, in front of an echo",
    "filterwright run add-header                          build/add-header.wasm in front of an echo",
    `filterwright run filter.wasm --config '{"a": "b"}'   with a configuration`,
    "filterwright run rules.yaml --upstream http://127.0.0.1:3000",
    "filterwright run auth --cluster auth=http://127.0.0.1:9000 --on host --json",
  ],
);

type Filter = Pick<RunOptions, "wasm" | "rootId" | "configuration" | "environment">;

function moduleFilter(name: string, rootId: string | undefined, config: string | undefined): Filter {
  const { file: wasm } = readModule(name);
  const configuration = textOrFile(config) ?? "";
  return {
    wasm,
    rootId: rootId ?? basename(wasm, ".wasm"),
    configuration: typeof configuration === "string" ? configuration : Buffer.from(configuration).toString(),
    environment: [],
  };
}

/** @throws FilterwrightError FW_RULES */
function rulesFilter(file: string, args: { config?: string | undefined; "root-id"?: string | undefined }): Filter {
  if (args.config !== undefined || args["root-id"] !== undefined)
    throw new FilterwrightError("FW_USAGE", "expected --config and --root-id beside a module, found them beside rules");
  const rules = readRulesFile(file);
  const plan = planOf(rules);
  for (const finding of rules.findings) printError(findingText(rules.file, finding));
  const environment = [...new Set(plan.needs.environment)];
  return { wasm: headersModule(), rootId: "headers", configuration: rules.configuration, environment };
}

function greeting({ title, port: listening }: Run, filter: string, upstream = "an echo"): string {
  const url = `http://127.0.0.1:${listening}`;
  return `${filter} on ${title}, in front of ${upstream}\n\n  curl -i ${url}/hello\n\nControl-C ends it.\n`;
}

function logLevel(text: string): LogLevel | "off" {
  const known = [...LogLevel, "off" as const].find((level) => level === text);
  if (known) return known;
  throw new FilterwrightError(
    "FW_USAGE",
    `expected one of ${LogLevel.join(", ")}, off after --log-level, found ${text}`,
  );
}

function port(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number < 65_536) return number;
  throw new FilterwrightError("FW_USAGE", `expected a port after --port, found ${text}`);
}

/** Every --cluster: citty gives the last alone. */
function clusters(rawArgs: string[]): Map<string, string> {
  const { values } = parseArgs({
    args: rawArgs,
    options: { cluster: { type: "string", multiple: true } },
    strict: false,
  });
  return new Map(
    (values.cluster ?? []).map((pair) => {
      const [, name, url] = /^([^=]+)=(.+)$/.exec(String(pair)) ?? [];
      if (name !== undefined && url !== undefined) return [name, url];
      throw new FilterwrightError("FW_USAGE", `expected NAME=URL after --cluster, found ${pair}`);
    }),
  );
}
