// Which modules the host loads, and what becomes of those that fail.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import loadWabt from "wabt";
import { Host, type HttpStream, type Pair } from "../../src/host/index.ts";
import { compiledGuest, projectRoot } from "../guest-module.ts";

let toWasm: (text: string) => Uint8Array;
beforeAll(async () => {
  const { parseWat } = await loadWabt();
  toWasm = (text) => parseWat("test.wat", text).toBinary({}).buffer;
});

const REQUEST: Pair[] = [
  [":authority", "a"],
  [":path", "/"],
  [":method", "GET"],
];

/** The least that Envoy takes, with more in it. */
const module = (more = "", memory = '(memory (export "memory") 1)', abi = "0_2_1") => `(module ${more} ${memory}
  (func (export "proxy_abi_version_${abi}"))
  (func (export "malloc") (param i32) (result i32) i32.const 1024))`;

describe("a module is refused in Envoy's words", () => {
  test.for([
    ["that is none", "", "it is no WebAssembly module"],
    ["of an unknown ABI", module("", undefined, "0_9_9"), "Missing or unknown Proxy-Wasm ABI version"],
    ["of ABI 0.1.0", module("", undefined, "0_1_0"), "it is of ABI 0.1.0"],
    [
      "with an import that Envoy lacks",
      module('(import "env" "abort" (func (param i32 i32 i32 i32)))'),
      "missing import: env.abort",
    ],
    [
      "with an import of another type",
      module('(import "env" "proxy_log" (func (param i32 i32) (result i32)))'),
      "import type mismatch: env.proxy_log, want: i32 i32 -> i32, but host exports: i32 i32 i32 -> i32",
    ],
    [
      "of ABI 0.2.0 with a host call of 0.2.1",
      module('(import "env" "proxy_get_log_level" (func (param i32) (result i32)))', undefined, "0_2_0"),
      "missing import: env.proxy_get_log_level",
    ],
    [
      "with a callback of another type",
      module('(func (export "proxy_on_request_headers") (param i32 i32) (result i32) i32.const 0)'),
      "Bad function signature for: proxy_on_request_headers, want: i32 i32 i32 -> i32, but the module exports: i32 i32 -> i32",
    ],
    [
      "without an allocator",
      '(module (memory (export "memory") 1) (func (export "proxy_abi_version_0_2_1")))',
      "Wasm module is missing malloc function.",
    ],
  ] as const)("%s", ([, text, message]) => {
    const wasm = text === "" ? new Uint8Array([1, 2, 3]) : toWasm(text);
    expect(() => new Host().load({ wasm })).toThrow(
      expect.objectContaining({ code: "FW_MODULE", message: expect.stringContaining(message) }),
    );
  });
});

test("the least that Envoy takes is loaded, and lets everything pass", () => {
  const stream = new Host().load({ wasm: toWasm(module()) }).openStream();
  stream.sendRequestHeaders(REQUEST, true);
  expect(stream.upstream).toEqual({ headers: REQUEST, body: "", trailers: undefined, isComplete: true });
});

test("a host call that this host lacks is an error where it is made, not where a module imports it", () => {
  const guest = `(import "env" "envoy_resolve_dns" (func $resolve (param i32 i32 i32) (result i32)))
    (func (export "proxy_on_tick") (param i32) (drop (call $resolve (i32.const 0) (i32.const 0) (i32.const 0))))`;
  const { context } = new Host().load({ wasm: toWasm(module(guest)) });
  expect(() => context.tick()).toThrow(
    expect.objectContaining({ code: "FW_HOST_CALL", message: "this host does not have env.envoy_resolve_dns" }),
  );
});

describe("a configuration", () => {
  const wasm = () => readFileSync(join(projectRoot, "build/add-header.wasm"));

  test("that is refused is an error with what the module logged", () => {
    expect(() => new Host().load({ wasm: wasm(), rootId: "add-header", configuration: "[" })).toThrow(
      expect.objectContaining({
        code: "FW_CONFIG_REFUSED",
        detail: "error: configuration refused at $ (offset 0): expected an object, found an array",
      }),
    );
  });

  test("that is taken is in force", () => {
    const plugin = new Host().load({ wasm: wasm(), rootId: "add-header", configuration: '{"request": {"x-a": "1"}}' });
    const stream = plugin.openStream();
    stream.sendRequestHeaders(REQUEST, true);
    expect(stream.upstream?.headers).toEqual([...REQUEST, ["x-a", "1"]]);
  });
});

describe("a trap in a callback", () => {
  const trapping = '(func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32) unreachable)';
  const answer = (failurePolicy: "FAIL_CLOSED" | "FAIL_OPEN") => {
    const host = new Host();
    const plugin = host.load({ wasm: toWasm(module(trapping)), failurePolicy });
    const [stream, next] = [1, 2].map(() => {
      const opened = plugin.openStream();
      opened.sendRequestHeaders(REQUEST, true);
      return opened;
    }) as [HttpStream, HttpStream];
    return { traps: host.traps.map(({ message }) => message), stream, next };
  };

  test("is named, and answered with 503", () => {
    const { traps, stream } = answer("FAIL_CLOSED");
    expect(traps).toEqual([expect.stringMatching(/^proxy_on_request_headers trapped: /)]);
    expect([stream.upstream, stream.downstream?.headers, stream.details]).toEqual([
      undefined,
      [[":status", "503"]],
      "wasm_fail_stream",
    ]);
  });

  test("lets those requests pass that come after it, where the plugin fails open", () => {
    const { traps, stream, next } = answer("FAIL_OPEN");
    expect([traps.length, stream.downstream?.headers, next.upstream?.headers]).toEqual([
      1,
      [[":status", "503"]],
      REQUEST,
    ]);
  });

  test("is what endless recursion ends in", () => {
    const recursive = '(func $f (export "proxy_on_tick") (param i32) (call $f (local.get 0)) (call $f (local.get 0)))';
    const host = new Host();
    const plugin = host.load({ wasm: toWasm(module(recursive)) });
    plugin.context.setTickPeriod(1);
    host.advance(1);
    expect(host.traps.map(({ code }) => code)).toEqual(["FW_TRAP"]);
  });
});

test("an allocator that gives nonsense is an error status of the host call, not a trap of the host", async () => {
  const guest = `(import "env" "proxy_get_header_map_pairs" (func $pairs (param i32 i32 i32) (result i32)))
    (import "env" "proxy_add_header_map_value" (func $add (param i32 i32 i32 i32 i32) (result i32)))
    (data (i32.const 0) "x-status0")
    (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
      (i32.store8 (i32.const 8) (i32.add (i32.const 48) (call $pairs (i32.const 0) (i32.const 64) (i32.const 68))))
      (drop (call $add (i32.const 0) (i32.const 0) (i32.const 8) (i32.const 8) (i32.const 1)))
      (i32.const 0))`;
  for (const address of [0, -1, 65_535]) {
    const text = module(guest).replace("i32.const 1024", `i32.const ${address}`);
    const stream = new Host().load({ wasm: toWasm(text) }).openStream();
    stream.sendRequestHeaders(REQUEST, true);
    expect(stream.upstream?.headers.at(-1)).toEqual(["x-status", "6"]); // InvalidMemoryAccess
  }
});

test("a plugin that asks for time ends when it says that it is done, and only then", () => {
  const guest = `(import "env" "proxy_done" (func $done (result i32)))
    (import "env" "proxy_log" (func $log (param i32 i32 i32) (result i32)))
    (data (i32.const 0) "0 deleted")
    (func (export "proxy_on_done") (param i32) (result i32) i32.const 0)
    (func (export "proxy_on_delete") (param i32) (drop (call $log (i32.const 2) (i32.const 2) (i32.const 7))))
    (func (export "proxy_on_tick") (param i32)
      (i32.store8 (i32.const 0) (i32.add (i32.const 48) (call $done)))
      (drop (call $log (i32.const 2) (i32.const 0) (i32.const 1))))`;
  const host = new Host();
  const plugin = host.load({ wasm: toWasm(module(guest)) });
  plugin.context.tick();
  plugin.end();
  plugin.context.tick();
  expect(host.logs.map(({ message }) => message)).toEqual(["1", "0", "deleted"]); // NotFound, Ok
});

test("timers tick by the host's clock, and shared data is counted on", async () => {
  const host = new Host();
  host.load({ wasm: readFileSync(await compiledGuest("kinds")), rootId: "tick" });
  host.advance(105);
  expect(host.shared.entries("")).toMatchObject({ ticks: "5" });
});

describe("a module's memory", () => {
  const reading = `(import "env" "proxy_log" (func $log (param i32 i32 i32) (result i32)))
    (func (export "_initialize") (drop (call $log (i32.const 2) (i32.const 0) (i32.const 2))))`;
  const data = '(data (i32.const 0) "hi")';

  test.for([
    ["exported by any name", module(reading, `(memory (export "mem") 1) ${data}`)],
    ["imported, as Envoy makes it", module(`(import "env" "memory" (memory 1 2)) ${reading}`, data)],
    [
      "imported beside a table",
      module(`(import "env" "t" (table 1 funcref)) (import "env" "m" (memory 1)) ${reading}`, data),
    ],
  ] as const)("can be %s", ([, text]) => {
    const host = new Host();
    host.load({ wasm: toWasm(text) });
    expect(host.logs.map(({ message }) => message)).toEqual(["hi"]);
  });

  test("must be there, and is not before the module has started", () => {
    const load = (text: string) => () => new Host().load({ wasm: toWasm(text) });
    expect(load(module("", "(memory 1)"))).toThrow("no memory is exported");
    const start = reading.replace('(export "_initialize")', "$start");
    expect(load(module(`${start} (start $start)`))).toThrow("env.proxy_log is called in the module's start section");
  });
});

test("a module starts with _initialize and then main, or __main_void without it; else with _start", () => {
  const log = '(import "env" "proxy_log" (func $log (param i32 i32 i32) (result i32)))';
  const starting = (...names: string[]) => {
    const functions = names.map((name, i) => {
      const type = { main: "(param i32 i32) (result i32)", __main_void: "(result i32)" }[name] ?? "";
      const call = `(call $log (i32.const 2) (i32.const ${i}) (i32.const 1))`;
      return `(func (export "${name}") ${type} ${type === "" ? `(drop ${call})` : call})`;
    });
    const host = new Host();
    host.load({ wasm: toWasm(module(`${log} ${functions.join(" ")} (data (i32.const 0) "0123")`)) });
    return host.logs.map(({ message }) => names[Number(message)]);
  };
  expect(starting("main", "__main_void", "_start", "_initialize")).toEqual(["_initialize", "main"]);
  expect(starting("__main_void", "_initialize")).toEqual(["_initialize", "__main_void"]);
  expect(starting("main", "_start")).toEqual(["_start"]);
});

test("a capability that is not allowed is refused, and a callback that is not allowed is not called", async () => {
  const wasm = readFileSync(await compiledGuest("kinds"));
  const host = new Host();
  const capabilities = [
    "proxy_on_context_create",
    "proxy_on_configure",
    "proxy_get_property",
    "proxy_get_buffer_bytes",
  ];
  const plugin = host.load({ wasm, rootId: "tick", capabilities });
  host.advance(100);
  expect(host.shared.entries("")).toEqual({});
  const stream = plugin.openStream();
  stream.sendRequestHeaders(REQUEST, true);
  stream.sendResponseHeaders([[":status", "200"]], true);
  expect(stream.downstream?.headers).toEqual([[":status", "200"]]);
});

test("an empty list of capabilities allows all, and what is no capability needs no permission", () => {
  const guest = `(import "env" "pthread_equal" (func $equal (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
    (func (export "_initialize"))
    (func (export "equal") (result i32) (call $equal (i32.const 2) (i32.const 2)))
    (func (export "random") (result i32) (call $random (i32.const 0) (i32.const 2)))`;
  const answers = (capabilities: string[]) => {
    const { context } = new Host().load({ wasm: toWasm(module(guest)), capabilities });
    return ["equal", "random"].map((name) => context.vm.invoke(context, name).value);
  };
  expect([answers([]), answers(["proxy_log"]), answers(["random_get"])]).toEqual([
    [1, 0],
    [1, 76],
    [1, 0],
  ]);
});

test("modules that import the published SDK's other paths get our runtime", async () => {
  const plugin = new Host().load({ wasm: readFileSync(await compiledGuest("published-paths")), rootId: "paths" });
  const context = plugin.context;
  expect(context.vm.invoke(context, "drive", context.id, 77).value).toBe(1);
});
