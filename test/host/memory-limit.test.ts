// How far a module's memory grows, in a real Envoy and in the host.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import loadWabt from "wabt";
import { wasmConfig } from "../../src/envoy/wasm-config.ts";
import { startSwappable } from "../../src/envoy/swap.ts";
import { Host, type HostOptions } from "../../src/host/index.ts";
import { demoBootstrap } from "../demo-bootstrap.ts";
import { loggedWhile } from "../logged-while.ts";
import { temporaryFolder } from "../temp.ts";

const MiB = 1024 ** 2;

let toWasm: (text: string) => Uint8Array;
beforeAll(async () => {
  const { parseWat } = await loadWabt();
  toWasm = (text) => parseWat("memory.wat", text).toBinary({}).buffer;
});

/** Says for each number of pages by which it grows how many there were before, in letters from `a` for 0 to `p` for 15. */
function growing(memory: string, steps: readonly number[]): Uint8Array {
  return toWasm(`(module
    (import "env" "proxy_log" (func $log (param i32 i32 i32) (result i32)))
    ${memory}
    (func (export "proxy_abi_version_0_2_1"))
    (func (export "malloc") (param i32) (result i32) i32.const 1024)
    (func $say (param $number i32)
      (local $i i32)
      (loop $next
        (i32.store8 (i32.sub (i32.const 7) (local.get $i))
          (i32.add (i32.const 97) (i32.and (local.get $number) (i32.const 15))))
        (local.set $number (i32.shr_u (local.get $number) (i32.const 4)))
        (br_if $next (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 8))))
      (drop (call $log (i32.const 2) (i32.const 0) (i32.const 8))))
    (func (export "proxy_on_configure") (param i32 i32) (result i32)
      ${steps.map((pages) => `(call $say (memory.grow (i32.const ${pages})))`).join("\n")}
      (i32.const 1)))`);
}

function decode(letters: string): number {
  return [...letters].reduce((value, letter) => (value * 16 + letter.charCodeAt(0) - 97) | 0, 0);
}

/** What `memory.grow` answers, step by step. */
function onHost(memory: string, steps: readonly number[], options?: HostOptions): number[] {
  const host = new Host(options);
  host.load({ wasm: growing(memory, steps) });
  return host.logs.map(({ message }) => decode(message));
}

const STEPS = [100, 10_000, 6000, 283, 1, 0, 65_535];
const GROWN = [1, 101, 10_101, 16_101, -1, 16_384, -1];
const MEMORIES = {
  exported: '(memory (export "memory") 1)',
  imported: '(import "env" "memory" (memory 1))',
  "exported, with a larger maximum": '(memory (export "memory") 1 65536)',
  "imported, with a larger maximum": '(import "env" "memory" (memory 1 65536))',
};

test.for(Object.entries(MEMORIES))(
  "a memory that is %s grows to 1 GiB and no further, in Envoy and in the host",
  async ([, memory]) => {
    const file = join(temporaryFolder(), "growing.wasm");
    writeFileSync(file, growing(memory, STEPS));
    const envoy = await startSwappable({ bootstrap: demoBootstrap(), concurrency: 1 });
    onTestFinished(() => envoy.stop());
    const log = await loggedWhile(envoy.envoy, () => envoy.swap(wasmConfig({ wasm: file, rootId: "any" }, "")));
    // A canary is the first to be configured, then each thread.
    expect(log.slice(0, STEPS.length).map(({ message }) => decode(message))).toEqual(GROWN);
    expect(onHost(memory, STEPS)).toEqual(GROWN);
  },
);

describe("a host of 1 MiB", () => {
  const options = { maxMemory: MiB };
  const steps = [7, 8, 1];

  test.for(Object.entries(MEMORIES))("stops a memory that is %s there", ([, memory]) => {
    expect(onHost(memory, steps, options)).toEqual([1, 8, -1]);
  });

  test("keeps a smaller maximum of the module's own", () => {
    expect(onHost('(memory (export "memory") 1 9)', steps, options)).toEqual([1, -1, 8]);
  });

  test("refuses a module that wants more at first", () => {
    const load = (memory: string) => onHost(memory, [], options);
    expect(load('(memory (export "memory") 16)')).toEqual([]);
    for (const memory of ['(memory (export "memory") 17)', '(import "env" "memory" (memory 17))'])
      expect(() => load(memory)).toThrow("Failed to create new Wasm instance");
  });
});
