// HTTP and gRPC calls of a plugin, held against those of Envoy's Wasm engine: a dynamic module has no gRPC client, so that is ours.
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { aotBootstrap } from "../../src/aot/bootstrap.ts";
import { pluginLog } from "../../src/cases/backend.ts";
import { send } from "../../src/cases/send.ts";
import { withFilters } from "../../src/envoy/bootstrap.ts";
import { type RunningEnvoy, startEnvoy } from "../../src/envoy/start.ts";
import { wasmConfig } from "../../src/envoy/wasm-config.ts";
import type { WasmEngine } from "../../src/envoy/wasm-engine.ts";
import { demoBootstrap, withHttp2Cluster } from "../demo-bootstrap.ts";
import { compiledGuest } from "../guest-module.ts";
import { type Asked, type CallServer, METHODS, startCallServer } from "./call-server.ts";

const ENGINES = ["wasm", "aot"] as const;
const servers = {} as Record<WasmEngine, CallServer>;
const envoys = {} as Record<WasmEngine, RunningEnvoy>;
beforeAll(async () => {
  const filter = {
    name: "calls",
    typed_config: wasmConfig({ wasm: await compiledGuest("calls"), rootId: "calls" }, ""),
  };
  for (const engine of ENGINES) {
    servers[engine] = await startCallServer();
    const inWasm = withHttp2Cluster(withFilters(demoBootstrap(), [filter]), "server", servers[engine].port);
    const bootstrap = engine === "aot" ? await aotBootstrap(inWasm) : inWasm;
    envoys[engine] = await startEnvoy({ bootstrap, concurrency: 1 });
  }
}, 120_000);
afterAll(async () => {
  for (const engine of ENGINES) {
    await envoys[engine]?.stop();
    servers[engine]?.close();
  }
});

interface Call {
  kind: "http" | "call" | "stream";
  method: string;
  /** Default: the cluster of the server, by name. */
  service?: string;
  /** Milliseconds. */
  timeout?: number;
  /** What the plugin does with a stream at its beginning, and when the first message has come: test/guest/calls.ts. */
  words?: string;
  onFirst?: string;
  /** Of a gRPC call, beside another line. */
  metadata?: [name: string, value: Buffer];
  /** Of an HTTP call. */
  body?: string;
  trailer?: string;
}

interface Came {
  said: string[];
  asked: Asked[];
}

/** Nothing comes of itself any more, when the end was seen on both sides and when it was not. */
const QUIET_MS = 60;
const PATIENCE_MS = 1000;
const isEnd = (line: string): boolean => /^(end|status|cancel|began: [1-9])/.test(line);

/** docs/aot.md: behind a message Envoy's gRPC client puts what Envoy says of the response, in braces if there is a message. */
const DETAILS = String.raw`(?:via_upstream|response_timeout|upstream_reset_\w+\{\w+\})`;
const withoutDetails = (line: string): string =>
  line.replace(new RegExp(String.raw`^(end \d+: (?=\S*$))${DETAILS}$|(?<=^end .*)\{${DETAILS}\}$`), "$1");

/** docs/aot.md: a dynamic module's calls have that header. The run's name is in another. */
function comparable({ headers, ...asked }: Asked, name: string): Asked {
  return {
    ...asked,
    headers: { ...headers, "x-forwarded-for": undefined, "x-sent": String(headers["x-sent"]).replace(name, "run") },
  };
}

let runs = 0;

async function run(engine: WasmEngine, call: Call): Promise<Came> {
  const { output, port } = envoys[engine];
  const name = `run-${++runs}-of-${engine}`;
  const { position } = output;
  const method = encodeURIComponent(call.method);
  const headers: [string, string][] = [
    ["x-run", name],
    ["x-kind", call.kind],
    ["x-method", method],
    ["x-service", Buffer.from(call.service ?? "server").toString("hex")],
    ["x-timeout", String(call.timeout ?? 2000)],
    ["x-words", call.words ?? ""],
    ["x-on-first", call.onFirst ?? ""],
    ["x-metadata", call.metadata ? `${call.metadata[0]}=${call.metadata[1].toString("hex")}` : ""],
    ["x-body", call.body ?? ""],
    ["x-trailer", call.trailer ?? ""],
  ];
  await send({ host: "127.0.0.1", port }, { method: "GET", path: "/", authority: "a", headers, body: "" });
  let said: string[] = [];
  const asked: Asked[] = [];
  for (let quiet = 0; quiet < (said.some(isEnd) && asked.length > 0 ? QUIET_MS : PATIENCE_MS); quiet += 20) {
    await sleep(20);
    const lines = pluginLog(output.since(position)).filter(({ message }) => message.startsWith(`${name} `));
    const now = lines.map(({ message }) => withoutDetails(message.slice(name.length + 1)));
    const more = servers[engine].take(name);
    if (now.length > said.length || more.length > 0) quiet = 0;
    said = now;
    asked.push(...more.map((one) => comparable(one, name)));
  }
  return { said, asked };
}

const http = (method: string, more: Partial<Call> = {}): Call => ({ kind: "http", method, ...more });
const call = (method: string, more: Partial<Call> = {}): Call => ({ kind: "call", method, ...more });
const stream = (method: string, more: Partial<Call> = {}): Call => ({
  kind: "stream",
  method,
  words: "one! two",
  ...more,
});

test.each(
  Object.keys(METHODS).flatMap((method): [string, string, Call][] => {
    const more = /waits|never/.test(method) ? { timeout: 300 } : {};
    return [
      ["an HTTP call", method, http(method, more)],
      ["a call", method, call(method, more)],
      ["a stream", method, stream(method, more)],
      ["an open stream", method, stream(method, { ...more, words: "one" })],
    ];
  }),
)("%s to a server that %s", async (_, __, asked) => {
  const wasm = await run("wasm", asked);
  expect(wasm.said.length).toBeGreaterThan(0);
  expect(await run("aot", asked)).toEqual(wasm);
});

test.each<[string, Partial<Call>]>([
  ["without a body", {}],
  ["with a body", { body: "some text" }],
  ["with trailers", { trailer: "end" }],
  ["with both", { body: "some text", trailer: "end" }],
  ["without a timeout", { timeout: 0 }],
  ["without :authority", { words: "none" }],
])("an HTTP call %s", async (_, more) => {
  const asked = http("answers", more);
  const wasm = await run("wasm", asked);
  expect(await run("aot", asked)).toEqual(wasm);
});

test.each([0, 1000, 99_999_999, 100_000_000, 2 ** 32 - 1])("a gRPC call with %d ms", async (timeout) => {
  const asked = call("answers", { timeout });
  const wasm = await run("wasm", asked);
  expect(await run("aot", asked)).toEqual(wasm);
});

test.each<[string, string, string]>([
  ["a plain value", "x-more", "plain"],
  ["a binary value", "x-more-bin", "\x01\xff"],
  ["a binary value that is text", "x-more-bin", "abc"],
  ["a binary value of four bytes", "x-more-bin", "abcd"],
  ["a binary value of no bytes", "x-more-bin", ""],
  ["a binary value of a name in capitals", "X-More-Bin", "\x01"],
  ["no value", "x-more", ""],
  ["a name of gRPC's", "te", "other"],
  ["a pseudo-header's name", ":path", "/other"],
])("metadata of %s", async (_, name, value) => {
  for (const kind of [call, stream]) {
    const asked = kind("answers", { metadata: [name, Buffer.from(value, "latin1")] });
    const wasm = await run("wasm", asked);
    expect(await run("aot", asked)).toEqual(wasm);
  }
});

/** A protobuf field, shorter than 128 bytes. */
const field = (number: number, content: string): string =>
  String.fromCharCode(8 * number + 2, content.length) + content;
const flag = (number: number, value: number): string => String.fromCharCode(8 * number, value);
const header = (name: string, value: string): string => field(5, field(1, name) + field(2, value));
const SERVER = field(1, "server");

test.each<[string, string]>([
  ["envoy_grpc", field(1, SERVER)],
  ["envoy_grpc.authority", field(1, SERVER + field(2, "example.com"))],
  ["envoy_grpc.authority that is empty", field(1, SERVER + field(2, ""))],
  ["envoy_grpc.max_receive_message_length", field(1, SERVER + field(4, flag(1, 3)))],
  ["timeout", field(1, SERVER) + field(3, flag(1, 1))],
  ["initial_metadata", field(1, SERVER) + header("x-one", "1") + header("X-Two", "2")],
  ["initial_metadata twice", field(1, SERVER) + header("x-one", "1") + header("x-one", "2")],
  ["initial_metadata before the service", header("x-one", "1") + field(1, SERVER)],
  ["initial_metadata of the plugin's name", field(1, SERVER) + header("x-sent", "too")],
  [
    "initial_metadata of Envoy's names",
    field(1, SERVER) + header("te", "other") + header("content-type", "other/type"),
  ],
  ["initial_metadata for :authority", field(1, SERVER) + header(":authority", "other")],
  ["initial_metadata with raw_value", field(1, SERVER) + field(5, field(1, "x-raw") + field(3, "raw"))],
  ["initial_metadata without a value", field(1, SERVER) + header("x-empty", "")],
  ["initial_metadata without a name", field(1, SERVER) + header("", "1")],
  ["initial_metadata with %", field(1, SERVER) + header("x-one", "100%%")],
  ["initial_metadata with a command", field(1, SERVER) + header("x-one", "a %PROTOCOL% b")],
  ["envoy_grpc after google_grpc", field(2, field(1, "127.0.0.1:9") + field(4, "google")) + field(1, SERVER)],
  ["envoy_grpc twice", field(1, field(1, "none") + field(2, "one")) + field(1, SERVER)],
  ["a field that nobody knows", field(1, SERVER) + field(15, "text")],
])("a service by %s", async (_, service) => {
  for (const asked of [call("answers", { service }), stream("answers", { service })]) {
    const wasm = await run("wasm", asked);
    expect(await run("aot", asked)).toEqual(wasm);
  }
});

test.each<[string, Partial<Call>]>([
  ["nothing", { words: "" }],
  ["messages and no end", { words: "one two" }],
  ["messages and their end", { words: "one two!" }],
  ["the end alone", { words: "close" }],
  ["the end after messages", { words: "one two close" }],
  ["the end twice", { words: "one close close" }],
  ["a message after the end", { words: "one close two" }],
  ["a message after the last", { words: "one! two" }],
  ["an answer to the first message", { words: "one", onFirst: "two three!" }],
  ["the end at the first message", { words: "one", onFirst: "close" }],
  ["a cancellation at the first message", { words: "one two", onFirst: "cancel" }],
])("a plugin that gives a stream %s", async (_, more) => {
  const asked = stream("answers each message", more);
  const wasm = await run("wasm", asked);
  expect(await run("aot", asked)).toEqual(wasm);
});

// What was cancelled before the main thread has begun it does not reach the server.
test.each<[string, Call]>([
  ["a stream a cancellation at once", stream("answers each message", { words: "cancel" })],
  ["a stream a cancellation after messages", stream("answers each message", { words: "one cancel" })],
  ["a stream a cancellation twice", stream("answers each message", { words: "one cancel cancel" })],
  ["a stream a message after a cancellation", stream("answers each message", { words: "cancel one" })],
  ["a call its end", call("answers", { words: "close" })],
  ["a call a cancellation", call("answers", { words: "cancel" })],
  ["a call another message", call("answers", { words: "one" })],
])("a plugin that gives %s", async (_, asked) => {
  const { said } = await run("wasm", asked);
  expect((await run("aot", asked)).said).toEqual(said);
});

describe("what Envoy gives no dynamic module", () => {
  const google = field(2, field(1, "127.0.0.1:9") + field(4, "google"));

  test.each<[string, string, string[]]>([
    ["a cluster that is not there", "none", ["began: 0", "end 14: "]],
    ["envoy_grpc of a cluster that is not there", field(1, field(1, "none")), ["began: 0", "end 14: "]],
    ["google_grpc", google, ["began: 12"]],
    ["google_grpc after envoy_grpc", field(1, SERVER) + google, ["began: 12"]],
    // Envoy ends itself.
    ["no bytes", "", ["began: 4"]],
  ])("a service by %s", async (_, service, said) => {
    expect((await run("aot", call("answers", { service }))).said).toEqual(said);
  });

  test("skip_envoy_headers", async () => {
    const service = field(1, SERVER + flag(5, 1));
    const [asked] = (await run("aot", call("answers", { service }))).asked;
    expect(asked?.headers["x-envoy-internal"]).toBe("true");
  });
});
