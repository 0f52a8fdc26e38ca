// What each WASI call answers: on a real Envoy, and on the TypeScript host.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import loadWabt from "wabt";
import { pluginLog } from "../../src/cases/backend.ts";
import { wasmConfig } from "../../src/envoy/wasm-config.ts";
import { startSwappable } from "../../src/envoy/swap.ts";
import { Host } from "../../src/host/index.ts";
import { importType } from "../../src/host/signatures.ts";
import { wasiCalls } from "../../src/host/calls/wasi.ts";
import { demoBootstrap } from "../demo-bootstrap.ts";
import { projectRoot } from "../guest-module.ts";

const WASI = "wasi_snapshot_preview1";
const NAMES = Object.keys(wasiCalls).filter((name) => name !== "proc_exit"); // it answers nothing
const FIRST_LINE = 4096;
const LINE_SIZE = 32;

/** Calls every one with zeros, and with ones (standard output, the monotonic clock), and logs the answers. */
function callingAll(): string {
  const imports: string[] = [];
  const calls: string[] = [];
  const lines: string[] = [];
  for (const [i, name] of NAMES.entries()) {
    const parameters = Array.from(importType(WASI, name, "0.2.1")!.split(":")[0]!, (letter) =>
      letter === "i" ? "i32" : "i64",
    );
    imports.push(`(import "${WASI}" "${name}" (func $${name} (param ${parameters.join(" ")}) (result i32)))`);
    for (const argument of [0, 1]) {
      const values = parameters.map((type) => `(${type}.const ${argument})`).join(" ");
      calls.push(
        `(call $answered (i32.const ${FIRST_LINE + (2 * i + argument) * LINE_SIZE}) (call $${name} ${values}))`,
      );
      lines.push(`${name} ${argument} `.padEnd(LINE_SIZE, "0"));
    }
  }
  return `(module ${imports.join("\n")}
    (import "env" "proxy_log" (func $log (param i32 i32 i32) (result i32)))
    (memory (export "memory") 1) (data (i32.const ${FIRST_LINE}) "${lines.join("")}")
    (func (export "proxy_abi_version_0_2_1"))
    (func (export "malloc") (param i32) (result i32) i32.const 1024)
    (func $answered (param $line i32) (param $answer i32)
      (i32.store8 offset=30 (local.get $line) (i32.add (i32.const 48) (i32.div_u (local.get $answer) (i32.const 10))))
      (i32.store8 offset=31 (local.get $line) (i32.add (i32.const 48) (i32.rem_u (local.get $answer) (i32.const 10))))
      (drop (call $log (i32.const 2) (local.get $line) (i32.const ${LINE_SIZE}))))
    (func (export "proxy_on_configure") (param i32 i32) (result i32) ${calls.join("\n")} (i32.const 1)))`;
}

test("every WASI call answers on the host as on a real Envoy", async () => {
  const { parseWat } = await loadWabt();
  const wasm = parseWat("wasi.wat", callingAll()).toBinary({}).buffer;
  const file = join(projectRoot, "build/test/wasi.wasm");
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, wasm);
  const host = new Host();
  host.load({ wasm });
  await using envoy = await startSwappable({ bootstrap: demoBootstrap(), concurrency: 1 });
  await envoy.swap(wasmConfig({ wasm: file, rootId: "wasi" }, ""));
  await envoy.envoy.output.waitFor(new RegExp(`(${NAMES.at(-1)} 1 [^]*){3}`), 0);
  const lines = pluginLog(envoy.envoy.output.all()).map(({ message }) => message);
  expect(lines.slice(0, 2 * NAMES.length)).toEqual(host.logs.map(({ message }) => message));
});
