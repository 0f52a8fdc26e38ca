import { expect, test } from "vitest";
import { checkModule } from "../../src/check/check.ts";
import { imported, toWasm } from "./wat.ts";

test("all problems are named, each with what to do", () => {
  const wasm = toWasm(`(module
    ${imported("abort", "(param i32 i32 i32 i32)")}
    ${imported("proxy_get_map_values", "(param i32) (result i32)")}
    ${imported("proxy_done", "(result i64)")}
    (memory (export "memory") 20000)
    (func (export "proxy_on_tick")) (func (export "proxy_on_log")))`);
  expect(checkModule(wasm).findings.filter(({ severity }) => severity === "error")).toMatchInlineSnapshot(`
    [
      {
        "expected": "proxy_abi_version_0_2_1 or proxy_abi_version_0_2_0 or proxy_abi_version_0_1_0",
        "found": "none",
        "hint": "Expected the export proxy_abi_version_0_2_1 or proxy_abi_version_0_2_0 or proxy_abi_version_0_1_0, found none. In AssemblyScript, the entry file brings it: export * from "@solo-io/proxy-runtime/proxy";",
        "kind": "abi-version",
        "message": "Missing or unknown Proxy-Wasm ABI version",
        "name": "proxy_abi_version",
        "severity": "error",
      },
      {
        "expected": "a function that Envoy has",
        "found": "i32 i32 i32 i32 -> void",
        "hint": "AssemblyScript calls it where a program fails. "extends": "filterwright/asconfig.json", or --use abort=abort_proc_exit and an import of the runtime.",
        "kind": "missing-import",
        "message": "Failed to load Wasm module due to a missing import: env.abort",
        "name": "env.abort",
        "severity": "error",
      },
      {
        "expected": "a function that Envoy has",
        "found": "i32 -> i32",
        "hint": "Envoy has the host calls of proxy-wasm 0.1.0 to 0.2.1.",
        "kind": "missing-import",
        "message": "Failed to load Wasm module due to a missing import: env.proxy_get_map_values",
        "name": "env.proxy_get_map_values",
        "severity": "error",
      },
      {
        "expected": "void -> i32",
        "found": "void -> i64",
        "kind": "import-type",
        "message": "Failed to load Wasm module due to an import type mismatch: env.proxy_done, want: void -> i64, but host exports: void -> i32",
        "name": "env.proxy_done",
        "severity": "error",
      },
      {
        "expected": "at most 16384 pages at first",
        "found": "20000",
        "hint": "Expected at most 16384 pages at first, found 20000.",
        "kind": "memory",
        "message": "Failed to create new Wasm instance",
        "name": "memory",
        "severity": "error",
      },
      {
        "expected": "i32 -> void",
        "found": "void -> void",
        "kind": "export-type",
        "message": "Bad function signature for: proxy_on_tick, want: i32 -> void, but the module exports: void -> void",
        "name": "proxy_on_tick",
        "severity": "error",
      },
      {
        "expected": "i32 -> void",
        "found": "void -> void",
        "kind": "export-type",
        "message": "Bad function signature for: proxy_on_log, want: i32 -> void, but the module exports: void -> void",
        "name": "proxy_on_log",
        "severity": "error",
      },
      {
        "expected": "malloc or proxy_on_memory_allocate",
        "found": "none",
        "hint": "Expected the export malloc or proxy_on_memory_allocate, found none. In AssemblyScript, the entry file brings it: export * from "@solo-io/proxy-runtime/proxy";",
        "kind": "no-allocator",
        "message": "Wasm module is missing malloc function.",
        "name": "malloc",
        "severity": "error",
      },
    ]
  `);
});
