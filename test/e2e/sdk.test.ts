import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { build } from "../../src/build/build.ts";
import { wasmConfig } from "../../src/envoy/wasm-config.ts";
import { startSwappable, type SwappableEnvoy } from "../../src/envoy/swap.ts";
import { demoBootstrap } from "../demo-bootstrap.ts";
import { compiledGuest, projectRoot } from "../guest-module.ts";
import { readmeFilter } from "../../src/bench/published-readme.ts";

let envoy: SwappableEnvoy;
beforeAll(async () => {
  const bootstrap = demoBootstrap();
  envoy = await startSwappable({ bootstrap });
});
afterAll(() => envoy.stop());

const responseHeaders = async () => (await fetch(`http://127.0.0.1:${envoy.envoy.port}`)).headers;

describe("the README's filter of @solo-io/proxy-runtime 0.1.8, byte for byte", () => {
  let wasm: string;
  beforeAll(async () => {
    const folder = join(projectRoot, "build/test");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "readme.ts"), readmeFilter());
    for await (const { file } of build({
      root: projectRoot,
      filters: ["build/test/readme.ts"],
      outDir: "build/test",
    })) {
      wasm = join(projectRoot, file);
    }
  });

  test("loads with an empty configuration, on which the published code traps, and adds its header", async () => {
    await envoy.swap(wasmConfig({ wasm, rootId: "add_header" }, ""));
    expect((await responseHeaders()).get("hello")).toBe("world!");
  });

  test("adds what it is configured with, whatever the length", async () => {
    // The published code writes the size of the configuration to the address of that number.
    for (const configuration of ["x", "what ever you want", "y".repeat(4096), "z".repeat(10_000)]) {
      await envoy.swap(wasmConfig({ wasm, rootId: "add_header" }, configuration));
      expect((await responseHeaders()).get("hello")).toBe(configuration);
    }
  });

  test("does not start under a root_id that it does not register", async () => {
    await expect(envoy.swap(wasmConfig({ wasm, rootId: "other" }, ""))).rejects.toMatchObject({
      code: "FW_ENVOY_UPDATE",
      detail: expect.stringContaining('no root context is registered for root_id "other"; registered: "add_header"'),
    });
  });
});

test("the runtime's two names are one runtime", async () => {
  const wasm = await compiledGuest("both-names");
  await envoy.swap(wasmConfig({ wasm, rootId: "both-names" }, "shared"));
  expect((await responseHeaders()).get("x-configuration")).toBe("shared");
});
