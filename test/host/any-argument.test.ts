// What host calls answer and write into memory, whatever they are given, in a real Envoy and in the host.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { wasmConfig } from "../../src/envoy/wasm-config.ts";
import { startSwappable } from "../../src/envoy/swap.ts";
import { Host } from "../../src/host/index.ts";
import { demoBootstrap } from "../demo-bootstrap.ts";
import { loggedWhile } from "../logged-while.ts";
import { temporaryFolder } from "../temp.ts";
import { anyArgument, decode } from "./any-argument.ts";

test("every host call answers the same, whatever it is given, in Envoy and in the host", async () => {
  const { wasm, lines } = anyArgument();
  const file = join(temporaryFolder(), "any.wasm");
  writeFileSync(file, wasm);
  const envoy = await startSwappable({ bootstrap: demoBootstrap(), concurrency: 1 });
  onTestFinished(() => envoy.stop());
  const log = await loggedWhile(envoy.envoy, () => envoy.swap(wasmConfig({ wasm: file, rootId: "any" }, "")));
  const host = new Host();
  host.load({ wasm });
  const inHost = host.logs.map(({ message }) => decode(message));
  // A canary, then the main thread and the worker, each with a VM of its own.
  const inEnvoy = log.slice(0, inHost.length).map(({ message }) => decode(message));
  expect(inHost).toHaveLength(lines);
  expect(inHost).toEqual(inEnvoy);
});
