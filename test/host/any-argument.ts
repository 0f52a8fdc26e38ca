// A module that makes every host call with arguments in and out of range, and logs what it answers and writes into memory.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { startSwappable, type TypedConfig } from "../../src/envoy/swap.ts";
import { wasmConfig } from "../../src/envoy/wasm-config.ts";
import { HOST_FUNCTIONS } from "../../src/host/signatures.ts";
import { demoBootstrap } from "../demo-bootstrap.ts";
import { loggedWhile } from "../logged-while.ts";
import { temporaryFolder } from "../temp.ts";
import { importsOf, wat } from "./hostile.ts";

/** Those whose result is in memory and differs each time are not compared there. */
const VARIES = new Set(["clock_time_get", "random_get"]);
/** All but those of gRPC, and of the log that we use ourselves. */
const FUNCTIONS = HOST_FUNCTIONS.filter(
  ({ name }) => name !== "proxy_log" && name !== "envoy_resolve_dns" && !name.startsWith("proxy_grpc_"),
);
/** For the first argument: file descriptors, clocks, types, and nonsense. */
const FIRST = [0, 1, 2, 3, 9, 255];

/** For the others, sixteen apart: in memory, and far outside. */
const PLACES = [4096, -4096];

/** Makes every call with each of these, and logs a line for each. */
function guest(): string {
  const calls = FUNCTIONS.flatMap(({ name, type }, index) => {
    const [parameters = "", result] = type.split(":");
    return FIRST.flatMap((first) =>
      PLACES.map((place) => {
        const values = [...parameters].map((letter, i) =>
          letter === "l" ? "(i64.const 1)" : `(i32.const ${i === 0 ? first : place + 16 * i})`,
        );
        const size = VARIES.has(name) ? 0 : 96;
        return `(call $${name} ${values.join(" ")}) ${result === "" ? "(i32.const 99)" : ""}
          (call $report (i32.const ${index}) (i32.const ${first}) (i32.const ${place}) (i32.const ${size}))`;
      }),
    );
  });
  return `(module ${importsOf(FUNCTIONS)}
    (import "env" "proxy_log" (func $log (param i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (func (export "proxy_abi_version_0_2_1"))
    (func (export "malloc") (param i32) (result i32) i32.const 1024)
    ;; One byte as two letters from a on.
    (func $hex (param $at i32) (param $byte i32)
      (i32.store8 (local.get $at) (i32.add (i32.const 97) (i32.shr_u (local.get $byte) (i32.const 4))))
      (i32.store8 offset=1 (local.get $at) (i32.add (i32.const 97) (i32.and (local.get $byte) (i32.const 15)))))
    ;; Logs the result, the function, the arguments, and what stands in memory; then fills that with ones.
    (func $report (param $result i32) (param $index i32) (param $first i32) (param $place i32) (param $size i32)
      (local $i i32)
      (call $hex (i32.const 60000) (local.get $result))
      (call $hex (i32.const 60002) (local.get $index))
      (call $hex (i32.const 60004) (local.get $first))
      (call $hex (i32.const 60006) (i32.shr_u (local.get $place) (i32.const 24)))
      (loop $next
        (if (i32.lt_u (local.get $i) (local.get $size)) (then
          (call $hex (i32.add (i32.const 60008) (i32.shl (local.get $i) (i32.const 1)))
            (i32.load8_u offset=4112 (local.get $i)))
          (local.set $i (i32.add (local.get $i) (i32.const 1)))
          (br $next))))
      (memory.fill (i32.const 0) (i32.const 1) (i32.const 9000))
      (drop (call $log (i32.const 2) (i32.const 60000) (i32.add (i32.const 8) (i32.shl (local.get $size) (i32.const 1))))))
    (func (export "proxy_on_configure") (param i32 i32) (result i32)
      ${calls.join("\n      ")}
      (i32.const 1)))`;
}

/** A line of its log, such as `proxy_done(0, inside) = 1, aaaa`: what stands in memory is in letters. */
export function decode(line: string): string {
  const byte = (at: number) => (line.charCodeAt(at) - 97) * 16 + line.charCodeAt(at + 1) - 97;
  const place = byte(6) === 0 ? "inside" : "outside";
  return `${FUNCTIONS[byte(2)]?.name}(${byte(4)}, ${place}) = ${byte(0)}, ${line.slice(8)}`;
}

export const anyArgument: Uint8Array<ArrayBufferLike> = wat(guest());
/** It logs so many when it is configured. */
export const LINES: number = FUNCTIONS.length * FIRST.length * PLACES.length;

/** What it says in a real Envoy. @param of what is to run it: of the configuration of the Wasm filter */
export async function saidInEnvoy(of: (wasm: TypedConfig, file: string) => Promise<TypedConfig>): Promise<string[]> {
  const file = join(temporaryFolder(), "any.wasm");
  writeFileSync(file, anyArgument);
  const config = await of(wasmConfig({ wasm: file, rootId: "any" }, ""), file);
  const envoy = await startSwappable({ bootstrap: demoBootstrap(), concurrency: 1 });
  onTestFinished(() => envoy.stop());
  const log = await loggedWhile(envoy.envoy, () => envoy.swap(config));
  // A canary, then the main thread and the worker, each with a VM of its own.
  return log.slice(0, LINES).map(({ message }) => decode(message));
}
