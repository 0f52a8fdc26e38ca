// A plugin that is in the next configuration, too, goes on in it: nothing that waits for it is lost with the one before.
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { cachedLibrary } from "../../src/aot/cache.ts";
import { aotConfig } from "../../src/envoy/aot-config.ts";
import { startSwappable } from "../../src/envoy/swap.ts";
import { wasmConfig } from "../../src/envoy/wasm-config.ts";
import { demoBootstrap } from "../demo-bootstrap.ts";
import { compiledGuest } from "../guest-module.ts";

test("each instance of it ticks on after 60 configurations", async () => {
  const wasm = await compiledGuest("ticks");
  const config = aotConfig(wasmConfig({ wasm, rootId: "ticks" }, ""), await cachedLibrary(wasm));
  await using swappable = await startSwappable({ bootstrap: demoBootstrap(), concurrency: 2 });
  const { output } = swappable.envoy;
  const ticking = (since: number) => new Set(output.since(since).match(/(?<=tick )\d+/g));
  // Envoy takes the configuration for another one by the filter's name, which is not the plugin's.
  const swap = (i: number) => swappable.swap({ ...config, filter_name: `filter-${i % 2}` });
  await swap(0);
  await expect.poll(() => ticking(0).size).toBe(3);
  const before = ticking(0);
  for (let i = 1; i <= 60; i++) await swap(i);
  await sleep(100);
  const { position } = output;
  await expect.poll(() => ticking(position), { timeout: 5000 }).toEqual(before);
}, 60_000);
