import { readFileSync, writeFileSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import loadWabt from "wabt";
import { parse } from "yaml";
import { build } from "../build/build.ts";
import { compile } from "../build/compile.ts";
import { wasmConfig } from "../cases/swappable-backend.ts";
import type { HttpFilter } from "../envoy/bootstrap.ts";

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
    { name: "class API, all callbacks", filters: wasm(await buildGuest(root, "reference-all", false)) },
    { name: "class API, proxy/headers", filters: wasm(await buildGuest(root, "reference", false)) },
    { name: "class API, filterwright build", filters: wasm(await buildGuest(root, "reference-all", true)) },
    { name: "published README's filter", filters: wasm(await buildReadme(root), "add_header") },
  ];
}

/** Three headers read, one written. */
export async function readVariants(root: string): Promise<Variant[]> {
  const lua = readFileSync(join(root, "bench/lua/read.lua"), "utf8");
  return [
    { name: "no filter", filters: [] },
    { name: "Lua", filters: [{ name: "lua", typed_config: luaConfig(lua) }] },
    { name: "published SDK", filters: wasm(await buildPublished(root, "bench/guest/read.ts")) },
    { name: "class API, filterwright build", filters: wasm(await buildGuest(root, "read", true)) },
  ];
}

/** With some configuration: without one the published SDK traps. */
function wasm(file: string, rootId = "demo"): HttpFilter[] {
  return [{ name: "wasm", typed_config: wasmConfig({ wasm: file, rootId }, "bench") }];
}

function luaConfig(script: string): object {
  return {
    "@type": "type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua",
    default_source_code: { inline_string: script },
  };
}

/** The filters of one of our Envoy configurations. */
function fromConfig(root: string, file: string): HttpFilter[] {
  const config = parse(readFileSync(join(root, file), "utf8"), { version: "1.1" }) as {
    static_resources: {
      listeners: { filter_chains: { filters: { typed_config: { http_filters: HttpFilter[] } }[] }[] }[];
    };
  };
  const manager = config.static_resources.listeners[0]!.filter_chains[0]!.filters[0]!.typed_config;
  return manager.http_filters.slice(0, -1);
}

async function assembleFloor(root: string): Promise<string> {
  const { parseWat } = await loadWabt();
  const module = parseWat("floor.wat", readFileSync(join(root, "bench/floor.wat"), "utf8"));
  const file = join(root, OUT, "floor.wasm");
  mkdirSync(join(root, OUT), { recursive: true });
  writeFileSync(file, module.toBinary({}).buffer);
  return file;
}

/** @param dropsCallbacks as `filterwright build` does it; else as plain asc does */
async function buildGuest(root: string, name: string, dropsCallbacks: boolean): Promise<string> {
  const entry = `bench/guest/${name}.ts`;
  if (dropsCallbacks) {
    for await (const { file } of build({ root, filters: [entry], outDir: OUT })) return join(root, file);
  }
  return await compileTo(root, entry, `${name}-asc`, join(root, "asconfig.json"), false);
}

/** The package from npm as it is, on today's compiler: its own runtime, not ours. */
function buildPublished(root: string, entry: string): Promise<string> {
  return compileTo(
    root,
    entry,
    `published-${entry.replaceAll(/.*\/|\.ts$/g, "")}`,
    join(root, "bench/published/asconfig.json"),
    false,
  );
}

/** The filter of that package's README. */
async function buildReadme(root: string): Promise<string> {
  const readme = createRequire(import.meta.url).resolve("@solo-io/proxy-runtime/README.md");
  const code = /^## Code\n[^`]*```ts\n([^]*?)```/m.exec(readFileSync(readme, "utf8"))?.[1];
  if (code === undefined) throw new Error(`expected a filter in ${readme}`);
  mkdirSync(join(root, OUT), { recursive: true });
  writeFileSync(join(root, OUT, "readme.ts"), code);
  for await (const { file } of build({ root, filters: [`${OUT}/readme.ts`], outDir: OUT })) return join(root, file);
  throw new Error("nothing was built");
}

async function compileTo(
  root: string,
  entry: string,
  name: string,
  config: string,
  dropsCallbacks: boolean,
): Promise<string> {
  const outFile = `${name}.wasm`;
  const { outputs } = await compile({ root, entry, outFile, config, target: "release", dropsCallbacks });
  mkdirSync(join(root, OUT), { recursive: true });
  for (const [file, contents] of outputs) writeFileSync(join(root, OUT, file), contents);
  return join(root, OUT, outFile);
}
