// What a module is and needs.
import { expect, test } from "vitest";
import { neededCapabilities, restrictionBlock } from "../../src/check/capabilities.ts";
import { checkModule } from "../../src/check/check.ts";
import { importType } from "../../src/host/signatures.ts";
import { refusedWasi, wasiCalls } from "../../src/host/calls/wasi.ts";
import { readModule } from "../../src/host/wasm-module.ts";
import { exported, imported, sound, toWasm } from "./wat.ts";

const wasi = (name: string, type: string) => imported(name, type, "wasi_snapshot_preview1");

test("WASI calls are named once, with what Envoy makes of them", () => {
  const wasm = sound(
    [
      wasi("fd_write", "(param i32 i32 i32 i32) (result i32)"),
      wasi("path_open", "(param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)"),
      wasi("fd_close", "(param i32) (result i32)"),
      imported("random_get", "(param i32 i32) (result i32)", "wasi_unstable"),
      imported("fd_close", "(param i32) (result i32)", "wasi_unstable").replace("$fd_close", "$again"),
    ].join("\n"),
  );
  expect(checkModule(wasm).wasi).toEqual([
    { name: "fd_write", inEnvoy: "works" },
    { name: "path_open", inEnvoy: "NOENT" },
    { name: "fd_close", inEnvoy: "does nothing" },
    { name: "random_get", inEnvoy: "works" },
  ]);
});

test("WASI works for clock, random numbers, environment and output", () => {
  const types = (letters: string) => Array.from(letters, (letter) => (letter === "i" ? "i32" : "i64")).join(" ");
  const imports = Object.keys(wasiCalls).map((name) => {
    const [parameters, results] = importType("wasi_unstable", name, "0.2.1")!.split(":");
    return imported(name, `(param ${types(parameters!)}) (result ${types(results!)})`, "wasi_unstable");
  });
  const { wasi: needs } = checkModule(sound(imports.join("\n")));
  const named = (answer: RegExp) => needs.filter(({ inEnvoy }) => answer.test(inEnvoy)).map(({ name }) => name);
  const words = (list: string) => new Set(list.split(" "));
  expect(new Set(named(/works/))).toEqual(
    words(
      "args_sizes_get environ_get environ_sizes_get clock_time_get clock_res_get random_get poll_oneoff fd_write fd_pwrite fd_fdstat_get fd_tell",
    ),
  );
  expect(new Set(named(/does nothing/))).toEqual(
    words(
      "args_get sched_yield proc_exit fd_seek fd_close fd_advise fd_allocate fd_datasync fd_sync fd_fdstat_set_rights fd_filestat_set_size fd_filestat_set_times",
    ),
  );
  expect(new Set(named(/^[A-Z]+$/))).toEqual(new Set(Object.keys(refusedWasi)));
});

test("sizes are those of the module's sections", () => {
  const wasm = sound('(data (i32.const 0) "1234567890")', { memory: '(memory (export "memory") 2 5)' });
  const section = (name: string, bytes: number[]) => [
    0,
    name.length + 1 + bytes.length,
    name.length,
    ...Buffer.from(name),
    ...bytes,
  ];
  const more = Uint8Array.from([...wasm, ...section("name", [0, 2, 1, 0x61]), ...section("other", [1])]);
  expect(checkModule(wasm).size).toEqual({
    total: wasm.length,
    code: 13,
    data: 16,
    custom: [],
    hasNames: false,
    memory: { initial: 2, maximum: 5 },
  });
  expect(checkModule(more).size).toMatchObject({
    total: more.length,
    custom: [
      { name: "name", size: 9 },
      { name: "other", size: 7 },
    ],
    hasNames: true,
  });
});

test("capabilities are callbacks that do something, host calls and WASI calls, and nothing else that Envoy has", () => {
  const wasm = toWasm(`(module
    ${imported("proxy_log", "(param i32 i32 i32) (result i32)")}
    ${wasi("random_get", "(param i32 i32) (result i32)")}
    ${imported("pthread_equal", "(param i32 i32) (result i32)")}
    ${imported("envoy_resolve_dns", "(param i32 i32 i32) (result i32)")}
    ${exported("proxy_abi_version_0_2_1", "")} ${exported("_initialize", "")} ${exported("main", "(param i32 i32) (result i32)", "(i32.const 0)")}
    ${exported("proxy_on_memory_allocate", "(param i32) (result i32)", "(i32.const 8)")}
    ${exported("envoy_on_stats_update", "(param i32 i32)", "unreachable")}
    ${exported("proxy_on_tick", "(param i32)", "unreachable")}
    ${exported("proxy_on_log", "(param i32)")}
    ${exported("proxy_on_made_up", "")})`);
  expect(neededCapabilities(readModule(wasm), "0.2.1", ["proxy_on_log"])).toEqual([
    "proxy_on_tick",
    "proxy_log",
    "random_get",
  ]);
});

test("a module that needs nothing gets no block: an empty list would allow everything", () => {
  expect([restrictionBlock([]), restrictionBlock(["proxy_log"])]).toEqual([
    "",
    "capability_restriction_config:\n  allowed_capabilities:\n    proxy_log: {}\n",
  ]);
});
