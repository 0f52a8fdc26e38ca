// What a module does wrong in a callback ends in a named error or in a status, and the host serves others after it.
import { describe, expect, test } from "vitest";
import { FilterwrightError } from "../../src/errors.ts";
import { Host } from "../../src/host/index.ts";
import {
  call,
  callback,
  data,
  DRIVEN,
  driveAll,
  EVERYWHERE,
  expectUsable,
  guest,
  said,
  tracing,
  wat,
  withCallbacks,
} from "./hostile.ts";

/** What comes of driving it: the code of what is thrown, if anything. */
function outcome(drive: () => unknown): string | undefined {
  try {
    drive();
    return undefined;
  } catch (error) {
    if (!(error instanceof FilterwrightError)) throw error;
    return error.code;
  }
}

test("every callback is driven", () => {
  const { host, trace } = tracing();
  driveAll(host, guest(withCallbacks({})));
  const driven = trace.flatMap((event) => (event.direction === "callback" ? [event.name] : []));
  expect([...new Set(driven)].toSorted()).toEqual(DRIVEN.toSorted());
});

describe("a trap is named, and only that VM runs no more, where it is in", () => {
  const whileLoading = new Set(["proxy_on_context_create", "proxy_on_vm_start", "proxy_on_configure"]);

  test.for(DRIVEN)("%s", (name) => {
    const host = new Host();
    const result = outcome(() => driveAll(host, guest(withCallbacks({ [name]: "unreachable" }))));
    expect(result).toBe(whileLoading.has(name) ? "FW_TRAP" : undefined);
    expect(host.traps.map(({ code, message }) => [code, message])).toEqual([
      ["FW_TRAP", `${name} trapped: unreachable`],
    ]);
    expectUsable(host);
  });

  const starting: Record<string, string> = {
    _initialize: '(func (export "_initialize") unreachable)',
    main: '(func (export "_initialize")) (func (export "main") (param i32 i32) (result i32) unreachable)',
    _start: '(func (export "_start") unreachable)',
    "the start section": "(func $start unreachable) (start $start)",
    "data beyond memory": data(65_536, "x"),
  };
  test.for(Object.entries(starting))("%s", ([, code]) => {
    const host = new Host();
    expect(outcome(() => host.load({ wasm: guest(code) }))).toBe("FW_TRAP");
    expect(host.traps.length).toBe(1);
    expectUsable(host);
  });
});

test("what is imported and cannot be provided is named", () => {
  const host = new Host();
  const memory = '(import "env" "table" (table 1 externref)) (memory (export "memory") 1)';
  expect(outcome(() => host.load({ wasm: guest("", { memory }) }))).toBe("FW_TRAP");
  expectUsable(host);
});

describe("endless recursion is a trap in", () => {
  const getProperty = call("proxy_get_property", 512, 14, 32, 36);
  const deep = (code = "") => `(func $deep (param i32) ${code} (call $deep (local.get 0)) (call $deep (local.get 0)))`;

  test.for([
    ["a callback", "proxy_on_tick", deep(), "(call $deep (i32.const 1))", undefined],
    ["a callback, with host calls", "proxy_on_tick", deep(getProperty), "(call $deep (i32.const 1))", undefined],
    ["the allocator", "malloc", deep(), getProperty, "(call $deep (i32.const 1)) (i32.const 4096)"],
  ] as const)("%s", ([, trapping, code, tick, malloc]) => {
    const host = new Host();
    const callbacks = withCallbacks({ proxy_on_tick: tick });
    const wasm = guest(`${code} ${data(512, "plugin_root_id")} ${callbacks}`, malloc && { malloc });
    host.load({ wasm, rootId: "root" });
    host.advance(10);
    expect(host.traps.map(({ message }) => message)).toEqual([`${trapping} trapped: Maximum call stack size exceeded`]);
    expectUsable(host);
  });
});

describe("in every callback a module may", () => {
  const everywhere = (code: string) => withCallbacks(Object.fromEntries(DRIVEN.map((name) => [name, code])));

  test.for(EVERYWHERE)("%s", ([, code]) => {
    const { host, trace } = tracing();
    // Where Envoy's own code does not check, the host may refuse: with an error that says so.
    expect([undefined, "FW_UNDEFINED"]).toContain(outcome(() => driveAll(host, guest(everywhere(code)))));
    expect(host.traps).toEqual([]);
    const gone = new Set<number>();
    for (const event of trace) {
      if (event.direction !== "callback") continue;
      expect([...gone]).not.toContain(event.args[0]);
      if (event.name === "proxy_on_delete") gone.add(event.args[0]!);
    }
    expectUsable(host);
  });
});

test("an answer that comes at once is told of when the callback has returned, not within it", () => {
  const { host, trace } = tracing({
    onHttpCall: (made) => made.respond(),
    onGrpcCall: (made) => (made.kind === "call" ? made.respond("now") : made.close(0)),
  });
  const queue = `(call $ask) ${call("proxy_enqueue_shared_queue", 1, 64, 8)}`;
  host.load({ wasm: guest(withCallbacks({ proxy_on_configure: queue })) });
  const order = trace.map(({ name }) => name);
  expect(order.slice(order.indexOf("proxy_on_configure"))).toEqual([
    "proxy_on_configure",
    "proxy_set_tick_period_milliseconds",
    "proxy_register_shared_queue",
    "proxy_http_call",
    "proxy_grpc_call",
    "proxy_grpc_stream",
    "proxy_enqueue_shared_queue",
    "proxy_on_http_call_response",
    "proxy_on_grpc_receive",
    "proxy_on_grpc_close",
    "proxy_on_queue_ready",
  ]);
});

test("a plugin ends once, however often it says that it is done", () => {
  const { host, trace } = tracing();
  const done = "(call $say (call $proxy_done))";
  const wasm = guest(`${callback("proxy_on_done", done, 0)} ${callback("proxy_on_delete", done)}
    ${callback("proxy_on_tick", done + done)}`);
  const plugin = host.load({ wasm });
  plugin.end();
  plugin.context.tick();
  expect(said(host)).toEqual([1, 0, 1, 1]); // NotFound, Ok, NotFound, NotFound
  expect(trace.filter(({ name }) => name === "proxy_on_delete").length).toBe(1);
  expectUsable(host);
});

test("a plugin that traps or is refused does no harm to another in its VM", () => {
  const host = new Host();
  /** Does as its configuration is long: one byte is refused, two bytes trap. */
  const wasm = guest(`(func (export "proxy_on_configure") (param $context i32) (param $size i32) (result i32)
      (call $say (i32.const 1)) ${call("proxy_set_tick_period_milliseconds", 1)}
      (if (i32.eq (local.get $size) (i32.const 2)) (then unreachable))
      (i32.eqz (local.get $size)))
    ${callback("proxy_on_tick", "(call $say (i32.const 0))")}`);
  const load = (configuration: string) => host.load({ wasm, vmId: "shared", configuration });
  const first = load("");
  expect([outcome(() => load("1")), outcome(() => load("22"))]).toEqual(["FW_CONFIG_REFUSED", "FW_TRAP"]);
  const second = load("");
  expect(said(host)).toEqual([1, 1, 1, 1]);
  expect([first.context.vm.failure, second.context.vm]).toEqual([undefined, first.context.vm]);
  host.advance(1);
  expect(said(host).slice(4)).toEqual([0, 0]); // of the two that are there
});

describe("names of a module's choice are names, not what every object has:", () => {
  test("of imports", () => {
    const host = new Host();
    for (const names of ['"__proto__" "polluted"', '"env" "__proto__"', '"constructor" "prototype"'])
      host.load({ wasm: guest("", { memory: `(import ${names} (memory 1))` }) });
    expect([({} as { polluted?: unknown }).polluted, Object.keys(Object.prototype)]).toEqual([undefined, []]);
    expectUsable(host);
  });

  test("of exports, which may be no functions", () => {
    const host = new Host();
    const global = (name: string) => `(global (export "${name}") i32 (i32.const 0))`;
    const wasm = wat(`(module (memory (export "memory") 1) (func (export "proxy_abi_version_0_2_1"))
      (func (export "proxy_on_memory_allocate") (param i32) (result i32) (i32.const 4096))
      ${["_initialize", "main", "malloc", "proxy_on_configure", "proxy_on_request_headers"].map(global).join(" ")})`);
    expect(outcome(() => driveAll(host, wasm))).toBeUndefined();
    expectUsable(host);
  });

  test("of properties", () => {
    const host = new Host();
    const names = ["constructor", "__proto__", "toString"];
    const ask = names.map(
      (name, i) =>
        `(call $say (call $proxy_get_property ${[128 + 32 * i, name.length, 32, 36].map((n) => `(i32.const ${n})`).join(" ")}))`,
    );
    const segments = names.map((name, i) => data(128 + 32 * i, name));
    driveAll(
      host,
      guest(
        `${segments.join(" ")} ${callback("proxy_on_configure", ask.join(""))} ${callback("proxy_on_request_headers", ask.join(""), 0)}`,
      ),
    );
    expect(said(host)).toEqual([1, 1, 1, 1, 1, 1]); // NotFound
  });
});
