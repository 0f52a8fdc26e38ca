// What host calls answer and write into memory, whatever they are given, in Envoy's Wasm engine and ahead of time.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { cachedLibrary } from "../../src/aot/cache.ts";
import { aotConfig } from "../../src/envoy/aot-config.ts";
import { wasmConfig } from "../../src/envoy/wasm-config.ts";
import { startSwappable } from "../../src/envoy/swap.ts";
import { demoBootstrap } from "../demo-bootstrap.ts";
import { anyArgument, decode } from "../host/any-argument.ts";
import { loggedWhile } from "../logged-while.ts";
import { temporaryFolder } from "../temp.ts";

test("every host call answers the same, whatever it is given, in V8 and ahead of time", async () => {
  const { wasm, lines } = anyArgument();
  const file = join(temporaryFolder(), "any.wasm");
  writeFileSync(file, wasm);
  const envoy = await startSwappable({ bootstrap: demoBootstrap(), concurrency: 1 });
  onTestFinished(() => envoy.stop());
  const inV8 = wasmConfig({ wasm: file, rootId: "any" }, "");
  const said = [];
  for (const config of [inV8, aotConfig(inV8, await cachedLibrary(file))]) {
    const log = await loggedWhile(envoy.envoy, () => envoy.swap(config));
    said.push(log.slice(0, lines).map(({ message }) => decode(message)));
  }
  const [v8, ahead] = said;
  expect(v8).toHaveLength(lines);
  expect(ahead).toEqual(v8);
});
