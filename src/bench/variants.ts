import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import loadWabt from "wabt";
import { build, configOf } from "../build/build.ts";
import { compile } from "../build/compile.ts";
import { wasmConfig } from "../cases/swappable-backend.ts";
import { type HttpFilter, readBootstrap } from "../envoy/bootstrap.ts";
import { checkConfiguration } from "../rules/check-module.ts";
import { renderWasm } from "../rules/render/wasm.ts";
import { readmeFilter } from "./published-readme.ts";

/** One way to do a job, as the filters before the router. */
export interface Variant {
  name: string;
  filters: HttpFilter[];
}

const OUT = "build/bench";

/** The reference job: each direction gains a header and loses one. The first variant is no filter, the second the floor. */
export async function referenceVariants(root: string): Promise<Variant[]> {
  return [
    { name: "no filter", filters: [] },
    { name: "floor", filters: wasm(await assembleFloor(root)) },
    { name: "native", filters: fromConfig(root, "envoy/envoy-native.yaml") },
    { name: "Lua", filters: fromConfig(root, "envoy/envoy-lua.yaml") },
    { name: "published SDK", filters: wasm(await buildPublished(root, "bench/guest/reference-all.ts")) },
    { name: "class API, minimal, plain asc", filters: wasm(await compileGuest(root, "reference-all")) },
    { name: "class API, minimal, proxy/headers", filters: wasm(await compileGuest(root, "reference")) },
    { name: "class API, minimal, built", filters: wasm(await buildGuest(root, "bench/guest/reference-all.ts")) },
    { name: "class API, built", filters: wasm(await buildGuest(root, "bench/guest/reference-default.ts")) },
    { name: "rules", filters: fromRules(await buildGuest(root, "headers"), REFERENCE_RULES) },
    { name: "published README's filter", filters: wasm(await buildReadme(root), "add_header") },
  ];
}

const REFERENCE_RULES = {
  rules: [
    {
      name: "demo",
      request: [{ add: { name: "x-demo-request", value: "hello" } }, { remove: "x-internal" }],
      response: [{ add: { name: "x-demo-response", value: "world" } }, { remove: "x-powered-by" }],
    },
  ],
};

/** Three headers read, one written. */
export async function readVariants(root: string): Promise<Variant[]> {
  const lua = readFileSync(join(root, "bench/lua/read.lua"), "utf8");
  return [
    { name: "no filter", filters: [] },
    { name: "Lua", filters: [{ name: "lua", typed_config: luaConfig(lua) }] },
    { name: "published SDK", filters: wasm(await buildPublished(root, "bench/guest/read.ts")) },
    { name: "class API, built", filters: wasm(await buildGuest(root, "bench/guest/read.ts")) },
  ];
}

/** With some configuration: without one the published SDK traps. */
function wasm(file: string, rootId = "demo"): HttpFilter[] {
  return [{ name: "wasm", typed_config: wasmConfig({ wasm: file, rootId }, "bench") }];
}

/** The headers filter, as `filterwright render` has it configured. */
function fromRules(file: string, rules: object): HttpFilter[] {
  const configuration = JSON.stringify(rules);
  const { plan, problems } = checkConfiguration(configuration);
  if (!plan) throw new Error(`the rules of the bench are wrong: ${JSON.stringify(problems)}`);
  return [{ name: "wasm", typed_config: renderWasm(plan, configuration, file) }];
}

function luaConfig(script: string): object {
  return {
    "@type": "type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua",
    default_source_code: { inline_string: script },
  };
}

/** The filters of one of our Envoy configurations. */
function fromConfig(root: string, file: string): HttpFilter[] {
  const { static_resources: resources } = readBootstrap(join(root, file));
  return resources.listeners[0]!.filter_chains[0]!.filters[0]!.typed_config.http_filters.slice(0, -1);
}

async function assembleFloor(root: string): Promise<string> {
  const { parseWat } = await loadWabt();
  const module = parseWat("floor.wat", readFileSync(join(root, "bench/floor.wat"), "utf8"));
  const file = join(root, OUT, "floor.wasm");
  mkdirSync(join(root, OUT), { recursive: true });
  writeFileSync(file, module.toBinary({}).buffer);
  return file;
}

/** As `filterwright build` does it: callbacks that no class overrides are left out. */
async function buildGuest(root: string, entry: string): Promise<string> {
  const [filter] = await Array.fromAsync(build({ root, filters: [entry], outDir: OUT }));
  return join(root, filter!.file);
}

export interface SoakModule {
  name: string;
  file: string;
  /** Whether it is about bodies: each request has one. */
  hasBodies?: true;
}

/** What is soaked: each heap that modules come with, under a filter that writes and one that reads. */
export async function soakModules(root: string): Promise<SoakModule[]> {
  return [
    { name: "reference job", file: await buildGuest(root, "bench/guest/reference-all.ts") },
    { name: "reading job", file: await buildGuest(root, "bench/guest/read.ts") },
    { name: "reading job, plain asc", file: await compileGuest(root, "read") },
    { name: "bodies", hasBodies: true, file: await buildGuest(root, "bench/guest/body.ts") },
    { name: "bodies, minimal", hasBodies: true, file: await buildGuest(root, "bench/guest/body-minimal.ts") },
    { name: "bodies, minimal, plain asc", hasBodies: true, file: await compileGuest(root, "body-minimal") },
  ];
}

/** As plain asc does it, with every callback that the filter exports. */
function compileGuest(root: string, name: string): Promise<string> {
  const entry = `bench/guest/${name}.ts`;
  return compileTo(root, entry, `${name}-asc`, configOf(root, entry));
}

/** The package from npm as it is, on today's compiler: its own runtime, not ours. @returns the path of the module */
export function buildPublished(root: string, entry: string): Promise<string> {
  return compileTo(root, entry, `published-${basename(entry, ".ts")}`, join(root, "bench/published/asconfig.json"));
}

/** The filter of that package's README. */
function buildReadme(root: string): Promise<string> {
  mkdirSync(join(root, OUT), { recursive: true });
  writeFileSync(join(root, OUT, "readme.ts"), readmeFilter());
  return buildGuest(root, `${OUT}/readme.ts`);
}

async function compileTo(root: string, entry: string, name: string, config: string): Promise<string> {
  const outFile = `${name}.wasm`;
  const { outputs } = await compile({ root, entry, outFile, config, target: "release", transforms: false });
  mkdirSync(join(root, OUT), { recursive: true });
  for (const [file, contents] of outputs) writeFileSync(join(root, OUT, file), contents);
  return join(root, OUT, outFile);
}
