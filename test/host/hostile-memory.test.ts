// What a module does wrong with memory: its own allocator, sizes, long lists, and more of everything than there is.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Host } from "../../src/host/index.ts";
import { encodePairs } from "../../src/host/pairs.ts";
import { HOST_FUNCTIONS } from "../../src/host/signatures.ts";
import { compiledGuest } from "../guest-module.ts";
import { call, callback, data, expectUsable, guest, LYING_ALLOCATORS, ODD_ALLOCATORS, said } from "./hostile.ts";

const OK = 0;
const INVALID_MEMORY_ACCESS = 6;
const i32 = (...values: number[]) => values.map((value) => `(i32.const ${value})`).join(" ");
const say = (name: string, ...args: number[]) => `(call $say (call $${name} ${i32(...args)}))`;

/** Runs it in the request's headers, and a plugin that is well in the same host then. */
function onRequest(code: string, options: Parameters<typeof guest>[1] = {}, host = new Host()): Host {
  const stream = host.load({ wasm: guest(code, options), rootId: "root", failurePolicy: "FAIL_CLOSED" }).openStream();
  stream.sendRequestHeaders([[":path", "/path"]], true);
  stream.end();
  expectUsable(host);
  return host;
}

describe("an allocator that", () => {
  /** Every host call that asks it for memory, and has something to give. */
  const allocating = `${data(512, ":path")} ${data(520, "plugin_root_id")}
    ${callback(
      "proxy_on_request_headers",
      `${call("proxy_set_shared_data", 512, 5, 512, 5, 0)} ${call("proxy_register_shared_queue", 512, 5, 40)}
      ${call("proxy_enqueue_shared_queue", 1, 512, 5)}
      ${say("proxy_get_header_map_value", 0, 512, 5, 32, 36)}
      ${say("proxy_get_header_map_pairs", 0, 32, 36)}
      ${say("proxy_get_property", 520, 14, 32, 36)}
      ${say("proxy_get_shared_data", 512, 5, 32, 36, 40)}
      ${say("proxy_dequeue_shared_queue", 1, 32, 36)}`,
      0,
    )}`;
  const answers = (malloc: string) => {
    const host = onRequest(allocating, { malloc });
    return [said(host), host.traps.map(({ message }) => message)];
  };
  const all = (status: number) => Array.from({ length: 5 }, () => status);

  test.for(LYING_ALLOCATORS)("%s is an error status of the host call", ([, malloc]) => {
    expect(answers(malloc)).toEqual([all(INVALID_MEMORY_ACCESS), []]);
  });

  test.for(ODD_ALLOCATORS)("%s is taken at its word", ([, malloc]) => {
    expect(answers(malloc)).toEqual([all(OK), []]);
  });

  test.for([
    ["traps", "unreachable", "unreachable"],
    ["makes a host call that it may not", `(drop (call $proxy_done)) ${i32(4096)}`, "restricted_callback: proxy_done"],
    [
      "asks for what it is to give",
      `${call("proxy_get_header_map_pairs", 0, 32, 36)} ${i32(4096)}`,
      "restricted_callback: proxy_get_header_map_pairs",
    ],
  ] as const)("%s ends the VM with the callback at hand, which has an error status", ([, malloc, reason]) => {
    expect(answers(malloc)).toEqual([all(INVALID_MEMORY_ACCESS), all(0).map(() => `malloc trapped: ${reason}`)]);
  });
});

test("of several traps the first is why the VM runs no more", () => {
  const host = new Host();
  const code = `${data(520, "plugin_root_id")}
    ${callback("proxy_on_request_headers", `${call("proxy_get_property", 520, 14, 32, 36)} unreachable`, 0)}`;
  const plugin = host.load({ wasm: guest(code, { malloc: "unreachable" }), rootId: "root" });
  plugin.openStream().sendRequestHeaders([[":path", "/"]], true);
  expect(host.traps.map(({ message }) => message)).toEqual([
    "malloc trapped: unreachable",
    "proxy_on_request_headers trapped: unreachable",
  ]);
  expect(plugin.context.vm.failure).toBe(host.traps[0]);
});

test("sizes of 4 GiB are refused before anything is allocated for them", () => {
  const names = HOST_FUNCTIONS.filter(({ name, type }) => type.startsWith("ii") && !name.includes("resolve_dns"));
  const calls = names.flatMap(({ name, type }) => {
    const [parameters = "", result = ""] = type.split(":");
    return [...parameters].map((_, place) => {
      const args = [...parameters].map((letter, i) => {
        if (letter === "l") return "(i64.const -1)";
        return i32(i === place ? -1 : 64);
      });
      return result === "" ? `(call $${name} ${args.join(" ")})` : `(drop (call $${name} ${args.join(" ")}))`;
    });
  });
  const start = performance.now();
  const host = onRequest(callback("proxy_on_request_headers", `${calls.join("\n")} ${say("proxy_log", 2, 64, -1)}`, 0));
  expect([host.traps, said(host).at(-1)]).toEqual([[], INVALID_MEMORY_ACCESS]);
  expect(performance.now() - start).toBeLessThan(2000);
});

describe("a list of pairs may have", () => {
  const KiB = 1024;
  const list = (count: number) => encodePairs(Array.from({ length: count }, (_, i) => [`x-${i}`, ""]));
  /** One pair whose value fills the list, in zeros. */
  const filling = (size: number) => encodePairs([["x", "\0".repeat(size - 15)]]).slice(0, 13);

  test.for([
    ["1024 pairs", list(1024), list(1024).length, 1024],
    ["not one more, without which it is empty", list(1025), list(1025).length, 0],
    ["as many as memory never held, and is empty", "\xff\xff\xff\xff", 4, 0],
    ["1 MiB", filling(KiB * KiB), KiB * KiB, 1],
    ["not one byte more, without which it is empty", filling(KiB * KiB + 1), KiB * KiB + 1, 0],
  ] as const)("%s", ([, bytes, size, count]) => {
    const host = new Host();
    const code = `${data(512, bytes)} ${callback("proxy_on_request_headers", say("proxy_set_header_map_pairs", 0, 512, size), 0)}`;
    const stream = host.load({ wasm: guest(code, { memory: '(memory (export "memory") 20)' }) }).openStream();
    stream.sendRequestHeaders([["x-before", "1"]], true);
    expect([said(host), stream.upstream!.headers.length]).toEqual([[OK], count]);
    expectUsable(host);
  });
});

describe("what grows without end is a trap where the host has no room for it:", () => {
  const memory = '(memory (export "memory") 256)';
  const SIZE = 16_000_000;

  // Envoy's buffers have no bound either; it is JavaScript's texts that end at half a GiB.
  test("a body", () => {
    const host = new Host();
    const grow = `(loop $more ${call("proxy_set_buffer_bytes", 0, 0x7fffffff, 0, 0, SIZE)} (br $more))`;
    const code = callback("proxy_on_request_body", grow, 0);
    const stream = host.load({ wasm: guest(code, { memory }) }).openStream();
    stream.sendRequestHeaders([[":path", "/"]], false);
    stream.sendRequestBody("body", true);
    expect(host.traps.map(({ message }) => message)).toEqual(["proxy_on_request_body trapped: Invalid string length"]);
    expect(stream.downstream?.headers).toEqual([[":status", "503"]]);
    expectUsable(host);
  });

  test("a line of output", () => {
    // Address and size, of the same text in each vector.
    const vector = `(i32.store offset=4 (local.get 1) (i32.const ${SIZE}))`;
    const code = `(func $fill (param i32) (local i32) (loop $next ${vector}
        (br_if $next (i32.lt_u (local.tee 1 (i32.add (local.get 1) (i32.const 8))) (local.get 0)))))
      ${callback("proxy_on_request_headers", `(call $fill (i32.const 4096)) ${call("fd_write", 1, 0, 512, 0)}`, 0)}`;
    const host = onRequest(code, { memory });
    expect(host.traps.map(({ message }) => message)).toEqual([
      "proxy_on_request_headers trapped: Invalid string length",
    ]);
  });

  test("an array of AssemblyScript's", async () => {
    const host = new Host({ maxMemory: 4 * 1024 ** 2 });
    const plugin = host.load({ wasm: readFileSync(await compiledGuest("hungry")), rootId: "hungry" });
    const stream = plugin.openStream();
    stream.sendRequestHeaders([[":path", "/"]], true);
    expect(host.traps.map(({ message }) => message)).toEqual(["proxy_on_request_headers trapped: unreachable"]);
    expect(plugin.memorySize).toBeLessThanOrEqual(4 * 1024 ** 2);
    expect(stream.downstream?.headers).toEqual([[":status", "503"]]);
    expectUsable(host);
  });
});
