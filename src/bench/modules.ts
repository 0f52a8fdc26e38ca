import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import loadWabt from "wabt";
import { findCompiler } from "../aot/compiler.ts";
import { TARGETS } from "../aot/targets.ts";
import { build, configOf } from "../build/build.ts";
import { compile } from "../build/compile.ts";
import { wasmConfig } from "../envoy/wasm-config.ts";
import { type HttpFilter, readBootstrap } from "../envoy/bootstrap.ts";
import { packageFile } from "../package-files.ts";
import { readmeFilter } from "./published-readme.ts";

// What variants are made of: modules, and the filters that run them.

const OUT = "build/bench";

/** With some configuration: without one the published SDK traps. */
export function wasm(file: string, rootId = "demo"): HttpFilter[] {
  return [{ name: "wasm", typed_config: wasmConfig({ wasm: file, rootId }, "bench") }];
}

export function luaConfig(script: string): object {
  return {
    "@type": "type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua",
    default_source_code: { inline_string: script },
  };
}

/** The filters of one of our Envoy configurations. */
export function fromConfig(root: string, file: string): HttpFilter[] {
  const { static_resources: resources } = readBootstrap(join(root, file));
  return resources.listeners[0]!.filter_chains[0]!.filters[0]!.typed_config.http_filters.slice(0, -1);
}

export async function assembleFloor(root: string): Promise<string> {
  const { parseWat } = await loadWabt();
  const module = parseWat("floor.wat", readFileSync(join(root, "bench/floor.wat"), "utf8"));
  const file = join(root, OUT, "floor.wasm");
  mkdirSync(join(root, OUT), { recursive: true });
  writeFileSync(file, module.toBinary({}).buffer);
  return file;
}

/** As `filterwright build` does it: callbacks that no class overrides are left out. */
export async function buildGuest(root: string, entry: string): Promise<string> {
  const [filter] = await Array.fromAsync(build({ root, filters: [entry], outDir: OUT }));
  return join(root, filter!.file);
}

/** As plain asc does it, with every callback that the filter exports. */
export function compileGuest(root: string, name: string): Promise<string> {
  const entry = `bench/guest/${name}.ts`;
  return compileTo(root, entry, `${name}-asc`, configOf(root, entry));
}

/** The package from npm as it is, on today's compiler: its own runtime, not ours. @returns the path of the module */
export function buildPublished(root: string, entry: string): Promise<string> {
  return compileTo(root, entry, `published-${basename(entry, ".ts")}`, join(root, "bench/published/asconfig.json"));
}

/** The filter of that package's README. */
export function buildReadme(root: string): Promise<string> {
  mkdirSync(join(root, OUT), { recursive: true });
  writeFileSync(join(root, OUT, "readme.ts"), readmeFilter());
  return buildGuest(root, `${OUT}/readme.ts`);
}

/** A dynamic module of Envoy's, from C. */
export async function dynamicModule(root: string, name: string): Promise<HttpFilter[]> {
  const { command, args, env, target } = await findCompiler();
  const library = join(root, OUT, `lib${name}.so`);
  mkdirSync(join(root, OUT), { recursive: true });
  const flags = ["-std=gnu11", "-O3", "-fPIC", ...TARGETS[target].link, `-I${packageFile("src/aot/c")}`];
  execFileSync(command, [...args, ...flags, join(root, `bench/c/${name}.c`), "-o", library], {
    env: { ...process.env, ...env },
  });
  return [
    {
      name: "c",
      typed_config: {
        "@type": "type.googleapis.com/envoy.extensions.filters.http.dynamic_modules.v3.DynamicModuleFilter",
        dynamic_module_config: { module: { local: { filename: library } } },
        filter_name: name,
      },
    },
  ];
}

async function compileTo(root: string, entry: string, name: string, config: string): Promise<string> {
  const outFile = `${name}.wasm`;
  const { outputs } = await compile({ root, entry, outFile, config, target: "release", transforms: false });
  mkdirSync(join(root, OUT), { recursive: true });
  for (const [file, contents] of outputs) writeFileSync(join(root, OUT, file), contents);
  return join(root, OUT, outFile);
}
