#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { type CommandDef, defineCommand, renderUsage } from "citty";
import { packageFile } from "../package-files.ts";
import type { Verb } from "./command.ts";
import { print, report, runVerb } from "./command.ts";

const verbs: Record<string, () => Promise<Verb>> = {
  build: async () => (await import("./build.ts")).default,
  run: async () => (await import("./run.ts")).default,
  test: async () => (await import("./test.ts")).default,
  check: async () => (await import("./check.ts")).default,
  render: async () => (await import("./render.ts")).default,
  import: async () => (await import("./import.ts")).default,
  aot: async () => (await import("./aot.ts")).default,
};

const { version } = JSON.parse(readFileSync(packageFile("package.json"), "utf8")) as { version: string };

process.exitCode = await main(process.argv.slice(2)).catch(report);

async function main([name, ...rawArgs]: string[]): Promise<number> {
  if (name === undefined || name === "--help" || name === "-h") {
    print(await renderUsage(await program()));
    return name === undefined ? 2 : 0;
  }
  if (name === "--version" || name === "-v") {
    console.log(version);
    return 0;
  }
  const verb = verbs[name];
  if (verb) return await runVerb(await verb(), rawArgs, await program());
  console.error(`error FW_USAGE: expected one of ${Object.keys(verbs).join(", ")}, found ${name}`);
  console.error("filterwright --help lists them.");
  return 2;
}

async function program(): Promise<CommandDef> {
  const subCommands: Record<string, CommandDef> = {};
  for (const [name, load] of Object.entries(verbs)) subCommands[name] = (await load()).command;
  return defineCommand({
    meta: {
      name: "filterwright",
      version,
      description: "Write, test, compare and ship Envoy HTTP filters in AssemblyScript",
    },
    subCommands,
  });
}
