// What Envoy would not run: each module is given to the check and to a real Envoy, which refuses it in the same words.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { wasmConfig } from "../../src/envoy/wasm-config.ts";
import { checkModule } from "../../src/check/check.ts";
import type { FilterwrightError } from "../../src/errors.ts";
import { startSwappable, type SwappableEnvoy } from "../../src/envoy/swap.ts";
import { demoBootstrap } from "../demo-bootstrap.ts";
import { projectRoot } from "../guest-module.ts";
import { exported, imported, sound } from "./wat.ts";

const I32 = "(param i32) (result i32)";
const abi = (version: string) => `(func (export "proxy_abi_version_${version}"))`;
const zero = (type: string) => [`${type} (result i32)`, "(i32.const 0)"] as const;

/** A module, the kind of the finding, and Envoy's words. */
const REFUSED: Record<string, [module: Uint8Array, kind: string, words: string]> = {
  "one of no version": [sound("", { abi: "" }), "abi-version", "Missing or unknown Proxy-Wasm ABI version"],
  "one of a version to come": [
    sound("", { abi: abi("0_3_0") }),
    "abi-version",
    "Missing or unknown Proxy-Wasm ABI version",
  ],
  "AssemblyScript's abort": [
    sound(imported("abort", "(param i32 i32 i32 i32)")),
    "missing-import",
    "Failed to load Wasm module due to a missing import: env.abort",
  ],
  "an import from elsewhere": [
    sound(imported("now", "(result f64)", "Date")),
    "missing-import",
    "Failed to load Wasm module due to a missing import: Date.now",
  ],
  "an import named as every object's property": [
    sound(imported("constructor", I32, "wasi_unstable")),
    "missing-import",
    "Failed to load Wasm module due to a missing import: wasi_unstable.constructor",
  ],
  "an imported global": [
    sound('(import "env" "g" (global i32))'),
    "missing-import",
    "Failed to load Wasm module due to a missing import: env.g",
  ],
  "a host call of 0.1.0 in 0.2.1": [
    sound(imported("proxy_clear_route_cache", "(result i32)")),
    "missing-import",
    "Failed to load Wasm module due to a missing import: env.proxy_clear_route_cache",
  ],
  "a host call of 0.2.1 in 0.2.0": [
    sound(imported("proxy_get_log_level", I32), { abi: abi("0_2_0") }),
    "missing-import",
    "Failed to load Wasm module due to a missing import: env.proxy_get_log_level",
  ],
  "a host call of 0.2.0 in 0.1.0": [
    sound(imported("proxy_continue_stream", I32), { abi: abi("0_1_0") }),
    "missing-import",
    "Failed to load Wasm module due to a missing import: env.proxy_continue_stream",
  ],
  "a host call of another type": [
    sound(imported("proxy_log", "(param f32 externref) (result i64 f64)")),
    "import-type",
    "Failed to load Wasm module due to an import type mismatch: env.proxy_log, want: f32 externref -> i64 f64, but host exports: i32 i32 i32 -> i32",
  ],
  "a WASI call of another type": [
    sound(imported("random_get", "(param i64)", "wasi_snapshot_preview1")),
    "import-type",
    "Failed to load Wasm module due to an import type mismatch: wasi_snapshot_preview1.random_get, want: i64 -> void, but host exports: i32 i32 -> i32",
  ],
  "a callback of another type": [
    sound(exported("proxy_on_request_headers", ...zero("(param i32 i32)"))),
    "export-type",
    "Bad function signature for: proxy_on_request_headers, want: i32 i32 i32 -> i32, but the module exports: i32 i32 -> i32",
  ],
  "a callback of 0.2.1 in 0.1.0": [
    sound(exported("proxy_on_request_headers", ...zero("(param i32 i32 i32)")), { abi: abi("0_1_0") }),
    "export-type",
    "Bad function signature for: proxy_on_request_headers, want: i32 i32 -> i32, but the module exports: i32 i32 i32 -> i32",
  ],
  "a callback of Envoy's own of another type": [
    sound(exported("envoy_on_resolve_dns", "(param i32)")),
    "export-type",
    "Bad function signature for: envoy_on_resolve_dns, want: i32 i32 i32 -> void, but the module exports: i32 -> void",
  ],
  "a start function of another type": [
    sound("", { start: exported("_initialize", "(param i32)") }),
    "export-type",
    "Bad function signature for: _initialize, want: void -> void, but the module exports: i32 -> void",
  ],
  "a main of another type": [
    sound(exported("main", "(param i32)")),
    "export-type",
    "Bad function signature for: main, want: i32 i32 -> i32, but the module exports: i32 -> void",
  ],
  "a __main_void of another type, though main comes first": [
    sound(`${exported("main", ...zero("(param i32 i32)"))} ${exported("__main_void", "(param i32)")}`),
    "export-type",
    "Bad function signature for: __main_void, want: void -> i32, but the module exports: i32 -> void",
  ],
  "an allocator of another type": [
    sound("", { malloc: exported("proxy_on_memory_allocate", ...zero("(param i64)")) }),
    "export-type",
    "Bad function signature for: proxy_on_memory_allocate, want: i32 -> i32, but the module exports: i64 -> i32",
  ],
  "no allocator": [sound("", { malloc: "" }), "no-allocator", "Wasm module is missing malloc function."],
  "more memory than Envoy gives": [
    sound("", { memory: '(memory (export "memory") 16385)' }),
    "memory",
    "Failed to create new Wasm instance",
  ],
  "a shared memory of the host's": [
    sound('(import "env" "m" (memory 1 2 shared))', { memory: "" }),
    "memory",
    "Failed to create new Wasm instance",
  ],
  "a trap at the start": [
    sound("", { start: exported("_initialize", "", "unreachable") }),
    "trap",
    "Function: _initialize failed: Uncaught RuntimeError: unreachable",
  ],
};

const LOG = imported("proxy_log", "(param i32 i32 i32) (result i32)");
const LOGGING = "(drop (call $proxy_log (i32.const 2) (i32.const 0) (i32.const 1)))";

const CRASHING: Record<string, [module: Uint8Array, kind: string, message: string]> = {
  "a vector at its border": [
    sound(exported("f", "(result v128)", "(v128.const i32x4 1 2 3 4)")),
    "border-type",
    "Envoy crashes at what the module exports: f",
  ],
  "an exception's tag at its border": [
    sound('(tag (export "t") (param i32))'),
    "border-type",
    "Envoy crashes at what the module exports: t",
  ],
  "a memory that is not exported": [
    sound(LOG, { memory: "(memory 1)", start: exported("_initialize", "", LOGGING) }),
    "no-memory",
    "no memory is exported: Envoy crashes at the first host call that reads or writes memory",
  ],
  "a start section that logs": [
    sound(`${LOG} (func $start ${LOGGING}) (start $start)`, { start: "" }),
    "start-section",
    "env.proxy_log is called in the module's start section: Envoy crashes there, for it has no memory of the module yet",
  ],
};

/** What Envoy takes, though it looks odd. */
const TAKEN: Record<string, Uint8Array> = {
  "a version behind one that is unknown": sound(abi("0_3_0")),
  "host calls of 0.1.0 in 0.1.0": sound(imported("proxy_clear_route_cache", "(result i32)"), { abi: abi("0_1_0") }),
  "host calls of Envoy's own": sound(imported("envoy_resolve_dns", "(param i32 i32 i32) (result i32)")),
  "an imported memory and table": sound('(import "a" "m" (memory 1 2)) (import "b" "t" (table 1 funcref))', {
    memory: "",
  }),
  "a memory of another name": sound("", { memory: '(memory (export "mem") 1)' }),
  "as much memory as Envoy gives": sound("", { memory: '(memory (export "memory") 16384)' }),
  "an allocator that is not asked": sound(exported("proxy_on_memory_allocate", "(param i64)")),
  "a main without _initialize": sound(exported("main", "(param i32)"), { start: exported("_start", "") }),
  "a _start beside _initialize": sound(exported("_start", "(param i32)")),
  "a global named as a callback": sound('(global (export "proxy_on_tick") i32 (i32.const 0))'),
  "vectors within": sound(
    exported("f", "", "(drop (i8x16.add (v128.const i32x4 1 2 3 4) (v128.const i32x4 1 2 3 4)))"),
  ),
  "a start section that computes": sound(
    "(global $g (mut i32) (i32.const 0)) (func $s (global.set $g (i32.const 1))) (start $s)",
  ),
};

const errorsOf = (wasm: Uint8Array) =>
  checkModule(wasm)
    .findings.filter(({ severity }) => severity === "error")
    .map(({ kind, message }) => [kind, message]);

let envoy: SwappableEnvoy;
beforeAll(async () => {
  envoy = await startSwappable({ bootstrap: demoBootstrap(), concurrency: 1 });
});
afterAll(() => envoy.stop());

let count = 0;
function configOf(wasm: Uint8Array) {
  const folder = join(projectRoot, "build/test/check");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `problem-${count++}.wasm`);
  writeFileSync(file, wasm);
  return wasmConfig({ wasm: file, rootId: "check" }, "");
}

/** What a real Envoy has against it. */
function refusal(wasm: Uint8Array): Promise<FilterwrightError> {
  return envoy.swap(configOf(wasm)).then(
    () => expect.unreachable("Envoy took the module"),
    (error: FilterwrightError) => error,
  );
}

describe("is refused by the check and by a real Envoy, in the same words", () => {
  test.for(Object.entries(REFUSED))("%s", async ([, [wasm, kind, words]]) => {
    // Of a trap, the host's engine says the same a little differently.
    const message = kind === "trap" ? "_initialize trapped: unreachable" : words;
    expect(errorsOf(wasm)).toEqual([[kind, message]]);
    const { detail } = await refusal(wasm);
    const lines = detail!.split("\n").map((line) => line.replace(/^.*?\] \[[^\]]*\] (Wasm VM failed )?/, ""));
    expect(lines).toContain(words);
  });

  test("bytes that are no module", async () => {
    for (const wasm of [new TextEncoder().encode("not a module"), sound().subarray(0, -12)]) {
      expect(errorsOf(wasm)).toEqual([["not-wasm", expect.stringMatching(/^it is no WebAssembly module: /)]]);
      expect((await refusal(wasm)).detail).toContain("Failed to parse corrupted Wasm module");
    }
  });
});

describe("is an error, and ends a real Envoy", () => {
  test.for(Object.entries(CRASHING))("%s", async ([, [wasm, kind, message]]) => {
    expect(errorsOf(wasm)).toEqual([[kind, message]]);
    const own = await startSwappable({ bootstrap: demoBootstrap(), concurrency: 1 });
    try {
      await expect(own.swap(configOf(wasm))).rejects.toThrow();
      await expect(own.envoy.failure).rejects.toMatchObject({ code: "FW_ENVOY_EXITED" });
    } finally {
      await own.stop();
    }
  });
});

describe("is fine for the check and for a real Envoy", () => {
  test.for(Object.entries(TAKEN))("%s", async ([, wasm]) => {
    expect(errorsOf(wasm)).toEqual([]);
    await envoy.swap(configOf(wasm));
  });
});
