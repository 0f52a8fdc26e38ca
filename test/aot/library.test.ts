// What a library is, as a file: the same bytes each time, and bound to a release of Envoy.
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { readAbout } from "../../src/aot/about.ts";
import loadWabt from "wabt";
import { compileLibrary } from "../../src/aot/library.ts";
import { aotConfig } from "../../src/envoy/aot-config.ts";
import { withFilters } from "../../src/envoy/bootstrap.ts";
import { startEnvoy } from "../../src/envoy/start.ts";
import { startSwappable } from "../../src/envoy/swap.ts";
import { wasmConfig } from "../../src/envoy/wasm-config.ts";
import { thisPlatform } from "../../src/wheel/platform.ts";
import { demoBootstrap } from "../demo-bootstrap.ts";
import { wat } from "../host/hostile.ts";
import { temporaryFolder } from "../temp.ts";

const MODULE = wat(`(module
  (memory (export "memory") 1)
  (func (export "proxy_abi_version_0_2_1"))
  (func (export "malloc") (param i32) (result i32) i32.const 1024))`);

let library: Uint8Array;
beforeAll(async () => {
  library = await compileLibrary(MODULE);
});

/** The same library, as if it had been built for something else. @returns a filter that has it */
function builtFor(said: string, instead: string) {
  const file = join(temporaryFolder(), "libother.so");
  const bytes = Buffer.from(library);
  bytes.write(instead, bytes.indexOf(said));
  writeFileSync(file, bytes);
  return { file, filter: aotConfig(wasmConfig({ wasm: "", rootId: "root" }, ""), file) };
}

test("the same module gives the same bytes", async () => {
  expect(Buffer.from(await compileLibrary(MODULE)).equals(library)).toBe(true);
});

test("a library says what it was made of and for", () => {
  const wasm = createHash("sha256").update(MODULE).digest("hex");
  expect(readAbout(library)).toEqual({ envoy: "1.40.0", abi: "v0.2.0", target: thisPlatform(), wasm });
  expect(readAbout(MODULE)).toBeUndefined();
});

test("Envoy is not started with a library for another", async () => {
  const { file, filter } = builtFor("envoy=1.40.0", "envoy=1.39.2");
  const bootstrap = withFilters(demoBootstrap(), [{ name: "other", typed_config: filter }]);
  await expect(startEnvoy({ bootstrap })).rejects.toMatchObject({
    code: "FW_AOT_LIBRARY",
    message: `${file} is built for Envoy 1.39.2, and this is Envoy 1.40.0: their dynamic-module ABIs differ`,
    hint: "Take Envoy 1.39, or the .wasm in Envoy's Wasm engine.",
  });
});

test("Envoy is not started with a library for another platform", async () => {
  const here = thisPlatform();
  const other = "x".repeat(here.length);
  const { file, filter } = builtFor(`target=${here}`, `target=${other}`);
  const bootstrap = withFilters(demoBootstrap(), [{ name: "other", typed_config: filter }]);
  await expect(startEnvoy({ bootstrap })).rejects.toMatchObject({
    code: "FW_AOT_LIBRARY",
    message: `${file} is built for ${other}, and this is ${here}`,
    hint: `Build it for here: filterwright aot FILE.wasm --target ${here}`,
  });
});

test("a function that takes much of the stack is refused", async () => {
  const live = 1000;
  const module = wat(`(module (import "env" "proxy_get_log_level" (func $f (param i32) (result i32)))
    (memory (export "memory") 1)
    (func (export "proxy_abi_version_0_2_1"))
    (func (export "malloc") (param i32) (result i32) i32.const 1024)
    (func (export "proxy_on_configure") (param i32 i32) (result i32)
      ${"(call $f (i32.const 8))".repeat(live)} ${"(i32.rotl)".repeat(live - 1)}))`);
  await expect(compileLibrary(module, { maxFrame: 1024 })).rejects.toMatchObject({
    code: "FW_AOT_TRANSLATE",
    message: expect.stringMatching(/^a function of the module needs \d{4} bytes of stack, and may have 1024$/),
  });
  await compileLibrary(module);
});

test("a running Envoy is not given a library for another; one for a patch release it takes", async () => {
  await using envoy = await startSwappable({ bootstrap: demoBootstrap(), concurrency: 1 });
  await expect(envoy.swap(builtFor("envoy=1.40.0", "envoy=1.41.0").filter)).rejects.toMatchObject({
    code: "FW_AOT_LIBRARY",
  });
  await envoy.swap(builtFor("envoy=1.40.0", "envoy=1.40.9").filter);
});

const MODULE_START = `(memory (export "memory") 1)
  (func (export "proxy_abi_version_0_2_1"))
  (func (export "malloc") (param i32) (result i32) i32.const 1024)`;

test.each([
  [
    "an imported memory",
    `(module (import "env" "m" (memory 1)) ${MODULE_START.replace("(memory", "(global")})`.replace(
      '(global (export "memory") 1)',
      '(export "memory" (memory 0))',
    ),
    "FW_AOT_IMPORT",
    "the module imports env.m, which is a memory, no function",
  ],
  [
    "an imported table",
    `(module (import "env" "t" (table 1 funcref)) ${MODULE_START})`,
    "FW_AOT_IMPORT",
    "the module imports env.t, which is a table, no function",
  ],
  [
    "a host call that Envoy gives no dynamic module",
    `(module (import "env" "envoy_resolve_dns" (func (param i32 i32 i32) (result i32))) ${MODULE_START})`,
    "FW_AOT_IMPORT",
    "the module imports env.envoy_resolve_dns: Envoy lets no dynamic module of an HTTP filter resolve names",
  ],
  [
    "SIMD",
    `(module ${MODULE_START} (func (export "f") (drop (i32x4.splat (i32.const 1)))))`,
    "FW_AOT_TRANSLATE",
    "the module uses a proposal that is not compiled ahead of time: 128-bit SIMD",
  ],
  [
    "what a library says of itself",
    `(module ${MODULE_START} (data (i32.const 0) "filterwright-aot envoy=1.41.0"))`,
    "FW_AOT_TRANSLATE",
    'the module has the text "filterwright-aot envoy=" in it, by which a library says what it is',
  ],
])("%s is refused", async (_, text, code, message) => {
  await expect(compileLibrary(wat(text))).rejects.toMatchObject({ code, message });
});

test.each([
  ["tail calls", `${MODULE_START} (func $f) (func (export "f") (return_call $f))`],
  ["exceptions", `${MODULE_START} (tag $e) (func (export "f") (throw $e))`],
  ["several memories", `${MODULE_START} (memory 1)`],
])("%s are named", async (name, text) => {
  const features = { tail_call: true, exceptions: true, multi_memory: true };
  const { buffer } = (await loadWabt()).parseWat("module.wat", `(module ${text})`, features).toBinary({});
  await expect(compileLibrary(buffer)).rejects.toMatchObject({
    code: "FW_AOT_TRANSLATE",
    message: `the module uses a proposal that is not compiled ahead of time: ${name}`,
    hint: expect.stringMatching(/^Build it without \(.*\), or run it in Envoy's Wasm engine\.$/),
  });
});

test("constants that are computed are compiled", async () => {
  const text = `(module ${MODULE_START} (global i32 (i32.add (i32.const 1) (i32.const 2))))`;
  const { buffer } = (await loadWabt()).parseWat("module.wat", text, { extended_const: true }).toBinary({});
  await compileLibrary(buffer);
});

test("a memory that is too large is refused with its size", async () => {
  const text = `(module ${MODULE_START.replace('(memory (export "memory") 1)', '(memory (export "memory") 20000)')})`;
  await expect(compileLibrary(wat(text))).rejects.toMatchObject({
    code: "FW_MODULE",
    detail: "expected at most 16384 pages at first, found 20000",
  });
});

test("what has a callback's name, and is no function, is none", async () => {
  await compileLibrary(wat(`(module ${MODULE_START} (global (export "proxy_on_tick") i32 (i32.const 1)))`));
});
