// How a filter steers a stream: test/guest/flow.ts on a real Envoy.
import { once } from "node:events";
import { connect as connectHttp2, constants } from "node:http2";
import { type AddressInfo, connect, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { pluginLog } from "../../src/cases/backend.ts";
import { send } from "../../src/cases/send.ts";
import { wasmConfig } from "../../src/envoy/wasm-config.ts";
import { withFilters } from "../../src/envoy/bootstrap.ts";
import { startEnvoy } from "../../src/envoy/start.ts";
import { startSwappable, type SwappableEnvoy, type TypedConfig } from "../../src/envoy/swap.ts";
import { demoBootstrap, withHttp2Cluster, withTcpFilter } from "../demo-bootstrap.ts";
import { compiledGuest } from "../guest-module.ts";
import {
  type Lines,
  type Message,
  type Upstream,
  exchange as exchangeHttp2,
  startUpstream,
} from "../http2-exchange.ts";
import { loggedWhile } from "../logged-while.ts";
import { METADATA, answerWithMetadata, requestWithMetadata } from "../raw-http2.ts";

let wasm: string;
let upstream: Upstream;
let envoy: SwappableEnvoy;

beforeAll(async () => {
  wasm = await compiledGuest("flow");
  upstream = await startUpstream();
  const { port } = upstream;
  const bootstrap = withHttp2Cluster(demoBootstrap(), "upstream", port);
  const manager = bootstrap.static_resources.listeners[0]!.filter_chains[0]!.filters[0]!.typed_config as unknown as {
    route_config: { virtual_hosts: { routes: object[] }[] };
  };
  const [route] = manager.route_config.virtual_hosts[0]!.routes;
  Object.assign(route!, {
    metadata: { filter_metadata: { demo: { share: 0.25, flag: true, text: "from the route" } } },
  });
  envoy = await startSwappable({ bootstrap: withHttp2Cluster(bootstrap, "grpc_server", port), concurrency: 1 });
});
afterAll(async () => {
  await envoy.stop();
  upstream.close();
});

const config = (rootId: string, vm: object = {}): TypedConfig => wasmConfig({ wasm, rootId }, "configured", vm);

/** One request. @returns null where the stream is reset */
async function exchange(headers: Lines = {}, trailers?: Lines): Promise<Message | null> {
  upstream.received = undefined;
  return exchangeHttp2(envoy.envoy.port, headers, trailers);
}

const logged = async (action: () => Promise<unknown>): Promise<string[]> =>
  (await loggedWhile(envoy.envoy, action)).map(({ message }) => message);

describe("trailers", () => {
  test("are read, written, replaced and removed in both directions", async () => {
    await envoy.swap(config("trailers"));
    upstream.answer = { headers: {}, trailers: { "x-answer": "yes" } };
    const response = await exchange({}, { "x-many": ["1", "2"], "x-gone": "1" });
    expect(upstream.received?.trailers).toEqual({ "x-seen": "3 3 1;2", "x-many": "one" });
    // Size of names and values: x-answer, yes!
    expect(response?.trailers).toEqual({ "x-answer": "yes!", "x-added": "1 12" });
  });

  test("are made where none came, at the end of a body", async () => {
    await envoy.swap(config("new-trailers"));
    upstream.answer = { headers: {} };
    expect(await exchange()).toMatchObject({ body: "answer", trailers: { "x-new": "made here" } });
  });
});

describe("a stream that a header callback holds", () => {
  beforeAll(async () => {
    upstream.answer = { headers: {} };
    await envoy.swap(config("hold"));
  });

  test("goes on with its request when a timer continues it", async () => {
    await exchange({ "x-hold": "request" });
    expect(upstream.received).toMatchObject({ headers: { "x-held": "by a timer" }, body: "body" });
  });

  test("has its own headers, though the same tick has read another's before", async () => {
    const both = ["a", "b"].map((name) => exchange({ "x-hold": "pair", "x-name": name }));
    await Promise.all(both);
    const held = upstream.all
      .slice(-2)
      .map(({ headers }) => `${String(headers["x-name"])} ${String(headers["x-held"])}`);
    expect(held.toSorted()).toEqual(["a by a timera", "b by a timerb"]);
  });

  test("goes on with its response when a timer continues it", async () => {
    expect(await exchange({ "x-hold": "response" })).toMatchObject({
      headers: { "x-held": "by a timer" },
      body: "answer",
    });
  });

  test("is answered by a timer", async () => {
    const response = await exchange({ "x-hold": "reply" });
    expect(response).toMatchObject({ headers: { ":status": 418, "x-reply": "late" }, body: "teapot" });
    expect(upstream.received).toBeUndefined();
  });

  test("is reset by a timer", async () => {
    expect(await exchange({ "x-hold": "close" })).toBeNull();
    expect(upstream.received).toBeUndefined();
  });
});

describe("a local reply", () => {
  beforeAll(() => envoy.swap(config("local")));

  test("has the gRPC status where the request is gRPC, and the HTTP status where it is not", async () => {
    expect(await exchange({ "x-local": "1" })).toMatchObject({
      headers: { ":status": 429, "x-a": "1" },
      body: "slow down",
    });
    expect(await exchange({ "x-local": "1", "content-type": "application/grpc" })).toMatchObject({
      headers: { ":status": 200, "grpc-status": "8", "grpc-message": "slow down", "x-a": "1" },
    });
  });

  test("takes the place of the upstream's response", async () => {
    upstream.answer = { headers: { "x-replace": "1" } };
    const response = await exchange();
    expect(response).toMatchObject({ headers: { ":status": 502, "x-b": "2" }, body: "not this" });
    expect(response?.headers).not.toHaveProperty("x-replace");
  });
});

test("a header map is read and written as a whole", async () => {
  await envoy.swap(config("whole"));
  upstream.answer = { headers: {} };
  await exchange({ "x-gone": "1", "x-kept": "2" });
  expect(upstream.received?.headers).toMatchObject({
    "x-size": "true",
    "x-count": "true",
    "x-kept": "2",
    "x-after": "0 false true",
  });
  expect(upstream.received?.headers).not.toHaveProperty("x-gone");
});

test("a plugin ends when it says so, and its VM was started with the VM's configuration", async () => {
  const configuration = { "@type": "type.googleapis.com/google.protobuf.StringValue", value: "for the VM" };
  const vm = { vm_id: "flow", configuration };
  const start = await logged(() => envoy.swap(config("deferred", vm)));
  expect(new Set(start)).toEqual(new Set(["starts with for the VM"]));
  // In the same VM: where a plugin is the last of its VM, Envoy takes the VM away and waits for nobody.
  const end = await logged(() => envoy.swap(config("whole", vm)));
  // The main thread and the worker each have the plugin.
  expect(end.toSorted()).toEqual(["asked to end", "asked to end", "deleted", "deleted", "done now", "done now"]);
  expect(end.indexOf("asked to end")).toBeLessThan(end.indexOf("done now"));
  expect(end.lastIndexOf("done now")).toBeLessThan(end.lastIndexOf("deleted"));
});

describe("an HTTP call", () => {
  beforeAll(() => envoy.swap(config("call")));
  // The result of the call, and of one without headers; what the callback is told: Envoy answers for a cluster that does not.
  test.for([
    ["of a cluster that does not answer in time", "upstream", "0 2", "3 24 0 504"],
    ["of a cluster that nobody listens for", "nobody", "2 2", undefined],
  ] as const)("%s comes to nothing without a trap", async ([, cluster, result, called]) => {
    upstream.answer = { headers: {} };
    await exchange({ "x-cluster": cluster });
    expect([upstream.received?.headers["x-result"], upstream.received?.headers["x-called"]]).toEqual([result, called]);
  });
});

test("an HTTP call whose stream is gone is not answered", async () => {
  await envoy.swap(config("call"));
  const log = await logged(async () => {
    const session = connectHttp2(`http://127.0.0.1:${envoy.envoy.port}`);
    const stream = session.request({ ":path": "/", "x-cluster": "upstream" }).on("error", () => {});
    await sleep(15);
    stream.close(constants.NGHTTP2_CANCEL);
    await sleep(15);
    session.destroy();
  });
  expect(log).toEqual([]);
});

test.for(["cancel", "close"])("a gRPC call that is ended from here by %s is not heard of again", async (how) => {
  await envoy.swap(config("grpc-ends"));
  upstream.answer = { headers: {} };
  const log = await logged(() => exchange({ "x-how": how }));
  expect([upstream.received?.headers["x-ended"], log]).toEqual([how === "cancel" ? "0 0 1" : "0 0 0", []]);
});

test("the host's other answers: foreign functions with data, numbers, truth values and texts", async () => {
  await envoy.swap(config("host"));
  upstream.answer = { headers: {} };
  await exchange();
  expect(upstream.received?.headers).toMatchObject({
    "x-foreign": "true true",
    "x-double": "0.25",
    "x-flag": "false true",
    "x-text": "from the route",
    "x-number": "true 0",
  });
});

test("a queue carries items from one plugin to another, in another VM", async () => {
  const reader = { name: "reader", typed_config: config("queue-reader", { vm_id: "reader-vm" }) };
  const writer = { name: "writer", typed_config: config("queue-writer", { vm_id: "writer-vm" }) };
  const { port } = upstream;
  const bootstrap = withHttp2Cluster(withFilters(demoBootstrap(), [reader, writer]), "upstream", port);
  const two = await startEnvoy({ bootstrap, concurrency: 1 });
  onTestFinished(() => two.stop());
  upstream.answer = { headers: {} };
  for (const order of ["tea", "cake"]) {
    const request = { method: "GET", path: "/", authority: "a", headers: [["x-order", order]], body: "" };
    await send({ host: "127.0.0.1", port: two.port }, request as never);
    expect(upstream.received?.headers["x-queued"]).toBe("0");
  }
  const lines = () => pluginLog(two.output.all()).map(({ message }) => message);
  await expect.poll(lines).toEqual(["true order tea", "true order cake"]);
});

test("metadata frames of HTTP/2 reach the filter in both directions", async () => {
  const server = createServer(answerWithMetadata({ "x-down": "1" }));
  await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const filter = { name: "trailers", typed_config: config("trailers") };
  const bootstrap = withFilters(withHttp2Cluster(demoBootstrap(), "upstream", port, { allow_metadata: true }), [
    filter,
  ]);
  const manager = bootstrap.static_resources.listeners[0]!.filter_chains[0]!.filters[0]!.typed_config;
  Object.assign(manager, { http2_protocol_options: { allow_metadata: true } });
  const own = await startEnvoy({ bootstrap, concurrency: 1 });
  onTestFinished(() => own.stop());
  expect(await requestWithMetadata(own.port, { "x-up": "1", "x-more": "2" })).toContain(METADATA);
  await expect
    .poll(() => pluginLog(own.output.all()).map(({ message }) => message))
    .toEqual(["request metadata 2", "response metadata 1"]);
});

test("a TCP filter holds a connection, lets it go, and closes it", async () => {
  const server = createServer((socket) =>
    socket.on("data", (data) => socket.write(`<${String(data)}>`)).on("error", () => {}),
  );
  await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => void server.close());
  const bootstrap = withTcpFilter(demoBootstrap((server.address() as AddressInfo).port), config("tcp-hold"));
  const own = await startEnvoy({ bootstrap, concurrency: 1 });
  onTestFinished(() => own.stop());
  const socket = connect(own.port, "127.0.0.1").setEncoding("utf8");
  socket.write("hello");
  expect(await once(socket, "data")).toEqual(["<hello>"]);
  expect(pluginLog(own.output.all()).map(({ message }) => message)).toEqual(["held hello"]);
  socket.write("bye");
  await once(socket, "close");
});
