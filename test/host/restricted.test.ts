// Which host calls a module may make while it starts, and while it allocates, in a real Envoy and in the host.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import loadWabt from "wabt";
import { wasmConfig } from "../../src/envoy/wasm-config.ts";
import { startSwappable } from "../../src/envoy/swap.ts";
import { FilterwrightError } from "../../src/errors.ts";
import { Host } from "../../src/host/index.ts";
import { HOST_FUNCTIONS } from "../../src/host/signatures.ts";
import { demoBootstrap } from "../demo-bootstrap.ts";

const TYPES: Record<string, string> = { i: "i32", l: "i64" };

/** A module that makes one host call, all of its arguments 0, when it starts or when it is asked for memory. */
function guest(from: string, name: string, signature: string, isStart: boolean): string {
  const [parameters = "", result = ""] = signature.split(":").map((letters) => [...letters].map((c) => TYPES[c]!));
  const list = (keyword: string, types: string | string[]) =>
    types.length ? `(${keyword} ${[types].flat().join(" ")})` : "";
  const call = `(call $call ${[parameters]
    .flat()
    .map((type) => `(${type}.const 0)`)
    .join(" ")})`;
  const statement = result.length ? `(drop ${call})` : call;
  return `(module
    (import "${from}" "${name}" (func $call ${list("param", parameters)} ${list("result", result)}))
    (import "env" "proxy_get_buffer_bytes" (func $read (param i32 i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (func (export "proxy_abi_version_0_2_1"))
    (func (export "_initialize") ${isStart ? statement : ""})
    (func (export "malloc") (param i32) (result i32) ${isStart ? "" : statement} (i32.const 1024))
    (func (export "proxy_on_configure") (param i32 i32) (result i32)
      (i32.eqz (call $read (i32.const 7) (i32.const 0) (i32.const 9) (i32.const 64) (i32.const 68)))))`;
}

test.for([
  ["starts", true],
  ["allocates", false],
] as const)("a module that %s may make the same host calls in Envoy and in the host", async ([, isStart]) => {
  const { parseWat } = await loadWabt();
  const folder = mkdtempSync(join(tmpdir(), "filterwright-restricted-"));
  const envoy = await startSwappable({ bootstrap: demoBootstrap(), concurrency: 1 });
  onTestFinished(async () => {
    await envoy.stop();
    rmSync(folder, { recursive: true });
  });
  const isTaken = async (load: () => Promise<unknown>): Promise<boolean> => {
    try {
      await load();
      return true;
    } catch (error) {
      if (!(error instanceof FilterwrightError)) throw error;
      return false;
    }
  };
  const inEnvoy: string[] = [];
  const inHost: string[] = [];
  for (const { module, name, type } of HOST_FUNCTIONS) {
    const wasm = parseWat("restricted.wat", guest(module, name, type, isStart)).toBinary({}).buffer;
    const file = join(folder, `${name}.wasm`);
    writeFileSync(file, wasm);
    const config = wasmConfig({ wasm: file, rootId: name }, "x");
    if (await isTaken(() => envoy.swap(config))) inEnvoy.push(name);
    if (await isTaken(async () => new Host().load({ wasm, configuration: "x" }))) inHost.push(name);
  }
  expect(inHost).toEqual(inEnvoy);
});
