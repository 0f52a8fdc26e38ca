// What a library is, as a file: the same bytes each time, and bound to a release of Envoy.
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { readAbout } from "../../src/aot/about.ts";
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
