// What host calls answer and write into memory, whatever they are given, in Envoy's Wasm engine and ahead of time.
import { expect, test } from "vitest";
import { cachedLibrary } from "../../src/aot/cache.ts";
import { aotConfig } from "../../src/envoy/aot-config.ts";
import { LINES, saidInEnvoy } from "../host/any-argument.ts";

test("every host call answers the same, whatever it is given, in V8 and ahead of time", async () => {
  const inV8 = await saidInEnvoy((wasm) => Promise.resolve(wasm));
  const ahead = await saidInEnvoy(async (wasm, file) => aotConfig(wasm, await cachedLibrary(file)));
  expect(inV8).toHaveLength(LINES);
  expect(ahead).toEqual(inV8);
});
