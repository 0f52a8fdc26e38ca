import {
  assembleFloor,
  buildGuest,
  buildPublished,
  buildReadme,
  compileGuest,
  dynamicModule,
  fromConfig,
  luaConfig,
  wasm,
} from "./modules.ts";
import { aheadOfTime, type Variant } from "./variant.ts";
import { fromRules, REFERENCE_RULES } from "./rules-variants.ts";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The reference job: each direction gains a header and loses one. The first variant is no filter, the second the floor. */
export async function referenceVariants(root: string): Promise<Variant[]> {
  const minimal = {
    name: "class API, minimal, built",
    filters: wasm(await buildGuest(root, "bench/guest/reference-all.ts")),
  };
  const rules = { name: "rules", filters: await fromRules(root, REFERENCE_RULES) };
  return [
    { name: "no filter", filters: [] },
    { name: "floor", filters: wasm(await assembleFloor(root)) },
    { name: "dynamic module in C", filters: await dynamicModule(root, "reference") },
    { name: "native", filters: fromConfig(root, "envoy/envoy-native.yaml") },
    { name: "Lua", filters: fromConfig(root, "envoy/envoy-lua.yaml") },
    { name: "published SDK", filters: wasm(await buildPublished(root, "bench/guest/reference-all.ts")) },
    { name: "class API, minimal, plain asc", filters: wasm(await compileGuest(root, "reference-all")) },
    { name: "class API, minimal, proxy/headers", filters: wasm(await compileGuest(root, "reference")) },
    minimal,
    aheadOfTime(minimal),
    { name: "class API, built", filters: wasm(await buildGuest(root, "bench/guest/reference-default.ts")) },
    rules,
    aheadOfTime(rules),
    { name: "published README's filter", filters: wasm(await buildReadme(root), "add_header"), isOtherJob: true },
  ];
}

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
