// Modules in WAT that do what no author means to, and a look at whether the host is well after them.
import { expect } from "vitest";
import loadWabt from "wabt";
import { Host, type HostOptions, type Pair, type Plugin, type TraceEvent } from "../../src/host/index.ts";
import { encodePairs } from "../../src/host/pairs.ts";
import { callbackType, HOST_FUNCTIONS } from "../../src/host/signatures.ts";

const { parseWat } = await loadWabt();

const types = (letters: string) => [...letters].map((letter) => (letter === "l" ? "i64" : "i32")).join(" ");
const ends = (result = "") => (result === "" ? "" : `(result ${types(result)})`);
const i32 = (value: number) => `(i32.const ${value})`;

/** A host call, whose result is dropped. */
export const call = (name: string, ...args: number[]): string => `(drop (call $${name} ${args.map(i32).join(" ")}))`;

/** A callback of Envoy's type. @param answer a number, or code that gives one, where the callback answers */
export function callback(name: string, code: string, answer: number | string = 1): string {
  const [parameters = "", result = ""] = callbackType(name, "0.2.1")!.split(":");
  return `(func (export "${name}") (param ${types(parameters)}) ${ends(result)} ${code} ${result === "" ? "" : typeof answer === "number" ? i32(answer) : answer})`;
}

/** Bytes at a place of memory. */
export const data = (at: number, bytes: string): string =>
  `(data ${i32(at)} "${[...bytes].map((c) => `\\${c.charCodeAt(0).toString(16).padStart(2, "0")}`).join("")}")`;

/** Imports of host calls by their names. */
export const importsOf = (functions: typeof HOST_FUNCTIONS): string =>
  functions
    .map(({ module, name, type }) => {
      const [parameters = "", result] = type.split(":");
      return `(import "${module}" "${name}" (func $${name} (param ${types(parameters)}) ${ends(result)}))`;
    })
    .join("\n");

/** A module with host calls by their names, if no others are named all, and one to log a number of up to two letters from `a`. */
export function guest(
  code: string,
  { malloc = i32(4096), memory = '(memory (export "memory") 1)', functions = HOST_FUNCTIONS } = {},
): Uint8Array<ArrayBufferLike> {
  return wat(`(module ${importsOf(functions)} ${memory}
    (func (export "proxy_abi_version_0_2_1"))
    (func (export "malloc") (param $size i32) (result i32) ${malloc})
    (func $say (param $status i32)
      (i32.store8 (i32.const 0) (i32.add (i32.const 97) (local.get $status)))
      ${call("proxy_log", 2, 0, 1)})
    ${code})`);
}

export function wat(text: string): Uint8Array<ArrayBufferLike> {
  return parseWat("hostile.wat", text, { bulk_memory: true }).toBinary({}).buffer;
}

/** The results of host calls that `$say` has logged. */
export const said = (host: Host): number[] => host.logs.map(({ message }) => message.charCodeAt(0) - 97);

const REQUEST: Pair[] = [
  [":method", "POST"],
  [":path", "/"],
  [":authority", "a"],
];

/** In configure: asks for ticks, a queue, an HTTP call, a gRPC call and a gRPC stream. */
export const ASKS_FOR_ALL = `
  ${data(64, "upstream")} ${data(128, encodePairs(REQUEST))}
  (func $ask
    ${call("proxy_set_tick_period_milliseconds", 10)}
    ${call("proxy_register_shared_queue", 64, 8, 32)}
    ${call("proxy_http_call", 64, 8, 128, encodePairs(REQUEST).length, 0, 0, 0, 0, 1000, 32)}
    ${call("proxy_grpc_call", 64, 8, 64, 8, 64, 8, 0, 0, 0, 0, 1000, 32)}
    ${call("proxy_grpc_stream", 64, 8, 64, 8, 64, 8, 0, 0, 32)})`;

/** Drives every callback of a plugin that `ASKS_FOR_ALL`, in this order. */
export const DRIVEN = [
  "proxy_on_context_create",
  "proxy_on_vm_start",
  "proxy_on_configure",
  ...["headers", "body", "trailers"].map((part) => `proxy_on_request_${part}`),
  ...["headers", "body", "trailers"].map((part) => `proxy_on_response_${part}`),
  "proxy_on_log",
  "proxy_on_done",
  "proxy_on_delete",
  "proxy_on_tick",
  "proxy_on_http_call_response",
  "proxy_on_grpc_receive_initial_metadata",
  "proxy_on_grpc_receive",
  "proxy_on_grpc_receive_trailing_metadata",
  "proxy_on_grpc_close",
  "proxy_on_queue_ready",
];

export function driveAll(host: Host, wasm: Uint8Array): Plugin {
  const plugin = host.load({ wasm, vmId: "hostile" });
  const stream = plugin.openStream();
  stream.sendRequestHeaders(REQUEST, false);
  stream.sendRequestBody("body", false);
  stream.sendRequestTrailers([["x-a", "1"]]);
  stream.sendResponseHeaders([[":status", "200"]], false);
  stream.sendResponseBody("body", false);
  stream.sendResponseTrailers([["x-a", "1"]]);
  stream.end();
  host.advance(10);
  host.httpCalls[0]?.respond({ headers: [["x-a", "1"]], body: "body" });
  const [once, more] = host.grpcCalls;
  once?.respond("answer");
  more?.sendInitialMetadata([["x-a", "1"]]);
  more?.sendTrailingMetadata([["x-a", "1"]]);
  more?.close(0);
  host.shared.enqueue(1, "item");
  plugin.end();
  // What comes too late for it:
  host.advance(100);
  host.shared.enqueue(1, "item");
  return plugin;
}

/** A host that also notes each callback. */
export function tracing(options: HostOptions = {}): { host: Host; trace: TraceEvent[] } {
  const trace: TraceEvent[] = [];
  return { host: new Host({ ...options, trace: (event) => trace.push(event) }), trace };
}

const GOOD = guest(`${data(64, "x-good1")}
  ${callback("proxy_on_request_headers", call("proxy_add_header_map_value", 0, 64, 6, 70, 1), 0)}
  ${callback("proxy_on_response_headers", call("proxy_add_header_map_value", 2, 64, 6, 70, 1), 0)}`);

/** The host serves another plugin and its streams as if nothing had been. */
export function expectUsable(host: Host): void {
  const stream = host.load({ wasm: GOOD, vmId: "good" }).openStream();
  stream.sendRequestHeaders(REQUEST, true);
  stream.sendResponseHeaders([[":status", "200"]], true);
  stream.end();
  const message = (headers: Pair[]) => ({
    headers: [...headers, ["x-good", "1"]],
    body: "",
    trailers: undefined,
    isComplete: true,
  });
  expect([stream.upstream, stream.downstream]).toEqual([message(REQUEST), message([[":status", "200"]])]);
}

/** With these callbacks; others that are driven are there, and do nothing. */
export function withCallbacks(codes: Record<string, string>): string {
  const all = { proxy_on_configure: "(call $ask)", ...codes };
  return [
    ASKS_FOR_ALL,
    ...DRIVEN.map((name) => callback(name, all[name as keyof typeof all] ?? "", 0 + answerOf(name))),
  ].join("\n");
}

/** Streams and messages go on; starts succeed, and a plugin that is to end does. */
function answerOf(name: string): number {
  return /^proxy_on_re(quest|sponse)_/.test(name) ? 0 : 1;
}

/** What a module may do in any callback, and ought not to. */
export const EVERYWHERE: [what: string, code: string][] = [
  ["reset its stream", call("proxy_close_stream", 0)],
  ["reset its response", call("proxy_close_stream", 1)],
  ["answer", call("proxy_send_local_response", 200, 0, 0, 0, 0, 0, 0, -1)],
  ["answer twice", call("proxy_send_local_response", 200, 0, 0, 0, 0, 0, 0, -1).repeat(2)],
  ["let the request go on", call("proxy_continue_stream", 0)],
  ["let the response go on", call("proxy_continue_stream", 1)],
  ["say that it is done", "(drop (call $proxy_done))".repeat(2)],
  ["ask for everything", "(call $ask)"],
  ["act for any other context", [0, 1, 2, 3, -1].map((id) => call("proxy_set_effective_context", id)).join("")],
  [
    "reset any other stream",
    [1, 2, 3].map((id) => call("proxy_set_effective_context", id) + call("proxy_close_stream", 0)).join(""),
  ],
];

/** Allocators that give what cannot be written to. */
export const LYING_ALLOCATORS: [what: string, malloc: string][] = [
  ["gives nothing", "(i32.const 0)"],
  ["gives what is outside of memory", "(i32.const -1)"],
  ["gives the last byte of memory", "(i32.const 65535)"],
  ["gives the end of memory", "(i32.const 65536)"],
  ["takes the size for a place outside", "(i32.sub (i32.const 65538) (local.get $size))"],
];

/** Allocators that give what can be. */
export const ODD_ALLOCATORS: [what: string, malloc: string][] = [
  ["gives an odd address", "(i32.const 4097)"],
  ["gives the same address each time, where results go", "(i32.const 30)"],
  ["gives all there is up to the end", "(i32.sub (i32.const 65536) (local.get $size))"],
  ["grows memory first", "(drop (memory.grow (i32.const 1))) (i32.const 65536)"],
  ["logs", `${call("proxy_log", 0, 0, 1)} (i32.const 4096)`],
];
