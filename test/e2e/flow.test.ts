// How a filter steers a stream: test/guest/flow.ts on a real Envoy.
import { connect as connectHttp2, createServer as createHttp2Server, type Http2Server } from "node:http2";
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { pluginLog } from "../../src/cases/backend.ts";
import { send } from "../../src/cases/send.ts";
import { wasmConfig } from "../../src/cases/swappable-backend.ts";
import { withFilters } from "../../src/envoy/bootstrap.ts";
import { startEnvoy } from "../../src/envoy/start.ts";
import { startSwappable, type SwappableEnvoy, type TypedConfig } from "../../src/envoy/swap.ts";
import { demoBootstrap, withHttp2Cluster } from "../demo-bootstrap.ts";
import { compiledGuest } from "../guest-module.ts";
import { METADATA, answerWithMetadata, requestWithMetadata } from "../raw-http2.ts";

type Lines = Record<string, string | string[]>;
interface Answer {
  headers: Lines;
  trailers: Lines;
  body: string;
}

let wasm: string;
let upstream: Http2Server;
let envoy: SwappableEnvoy;
/** The request as the upstream got it. */
let received: Answer | undefined;
/** What the upstream answers. */
let answer: { headers: Lines; trailers?: Lines };

beforeAll(async () => {
  wasm = await compiledGuest("flow");
  upstream = createHttp2Server();
  upstream.on("stream", (stream, headers) => {
    stream.on("error", () => {}); // Envoy resets what it waits for no longer
    const path = String(headers[":path"]);
    if (path === "/slow" || path.endsWith("/Never")) return; // never answered
    let trailers: Lines = {};
    stream.on("trailers", (lines) => (trailers = named(lines as Lines)));
    void text(stream).then((body) => {
      received = { headers: headers as Lines, trailers, body };
      const { headers: lines, trailers: last } = answer;
      stream.respond({ ":status": 200, ...lines }, { waitForTrailers: last !== undefined });
      stream.on("wantTrailers", () => stream.sendTrailers(last!));
      stream.end("answer");
    });
  });
  await once(upstream.listen(0, "127.0.0.1"), "listening");
  const { port } = upstream.address() as AddressInfo;
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

function config(rootId: string, vm: object = {}): TypedConfig {
  const typed = wasmConfig({ wasm, rootId }, "configured") as unknown as { config: { vm_config: object } };
  typed.config.vm_config = { ...typed.config.vm_config, ...vm };
  return typed as unknown as TypedConfig;
}

/** One request over HTTP/2. @returns null where the stream is reset */
async function exchange(headers: Lines = {}, trailers?: Lines): Promise<Answer | null> {
  received = undefined;
  const session = connectHttp2(`http://127.0.0.1:${envoy.envoy.port}`);
  try {
    const stream = session.request(
      { ":method": "POST", ":path": "/p", ":authority": "example.com", ...headers },
      {
        waitForTrailers: trailers !== undefined,
      },
    );
    stream.on("wantTrailers", () => stream.sendTrailers(trailers!));
    let last: Lines = {};
    stream.on("trailers", (lines) => (last = named(lines as Lines))).on("error", () => {});
    const responded = once(stream, "response") as Promise<[Lines]>;
    responded.catch(() => {});
    stream.end("body");
    const body = await text(stream).catch(() => null);
    return body === null ? null : { headers: (await responded)[0], trailers: last, body };
  } finally {
    session.destroy();
  }
}

/** Without the symbol that Node adds. */
const named = (lines: Lines): Lines => Object.fromEntries(Object.entries(lines));

/** What plugins log while something runs. */
async function logged(action: () => Promise<unknown>): Promise<string[]> {
  const position = envoy.envoy.output.position;
  await action();
  await sleep(150);
  return pluginLog(envoy.envoy.output.since(position)).map(({ message }) => message);
}

describe("trailers", () => {
  test("are read, written, replaced and removed in both directions", async () => {
    await envoy.swap(config("trailers"));
    answer = { headers: {}, trailers: { "x-answer": "yes" } };
    const response = await exchange({}, { "x-many": ["1", "2"], "x-gone": "1" });
    expect(received?.trailers).toEqual({ "x-seen": "3 3 1;2", "x-many": "one" });
    // Size of names and values: x-answer, yes!
    expect(response?.trailers).toEqual({ "x-answer": "yes!", "x-added": "1 12" });
  });

  test("are made where none came, at the end of a body", async () => {
    await envoy.swap(config("new-trailers"));
    answer = { headers: {} };
    expect(await exchange()).toMatchObject({ body: "answer", trailers: { "x-new": "made here" } });
  });
});

describe("a stream that a header callback holds", () => {
  beforeAll(async () => {
    answer = { headers: {} };
    await envoy.swap(config("hold"));
  });

  test("goes on with its request when a timer continues it", async () => {
    await exchange({ "x-hold": "request" });
    expect(received).toMatchObject({ headers: { "x-held": "by a timer" }, body: "body" });
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
    expect(received).toBeUndefined();
  });

  test("is reset by a timer", async () => {
    expect(await exchange({ "x-hold": "close" })).toBeNull();
    expect(received).toBeUndefined();
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
    answer = { headers: { "x-replace": "1" } };
    const response = await exchange();
    expect(response).toMatchObject({ headers: { ":status": 502, "x-b": "2" }, body: "not this" });
    expect(response?.headers).not.toHaveProperty("x-replace");
  });
});

test("a header map is read and written as a whole", async () => {
  await envoy.swap(config("whole"));
  answer = { headers: {} };
  await exchange({ "x-gone": "1", "x-kept": "2" });
  expect(received?.headers).toMatchObject({
    "x-size": "true",
    "x-count": "true",
    "x-kept": "2",
    "x-after": "0 false true",
  });
  expect(received?.headers).not.toHaveProperty("x-gone");
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
    answer = { headers: {} };
    await exchange({ "x-cluster": cluster });
    expect([received?.headers["x-result"], received?.headers["x-called"]]).toEqual([result, called]);
  });
});

test.for(["cancel", "close"])("a gRPC call that is ended from here by %s is not heard of again", async (how) => {
  await envoy.swap(config("grpc-ends"));
  answer = { headers: {} };
  const log = await logged(() => exchange({ "x-how": how }));
  expect([received?.headers["x-ended"], log]).toEqual([how === "cancel" ? "0 0 1" : "0 0 0", []]);
});

test("the host's other answers: foreign functions with data, numbers, truth values and texts", async () => {
  await envoy.swap(config("host"));
  answer = { headers: {} };
  await exchange();
  expect(received?.headers).toMatchObject({
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
  const port = (upstream.address() as AddressInfo).port;
  const bootstrap = withHttp2Cluster(withFilters(demoBootstrap(), [reader, writer]), "upstream", port);
  const two = await startEnvoy({ bootstrap, concurrency: 1 });
  onTestFinished(() => two.stop());
  answer = { headers: {} };
  for (const order of ["tea", "cake"]) {
    const request = { method: "GET", path: "/", authority: "a", headers: [["x-order", order]], body: "" };
    await send({ host: "127.0.0.1", port: two.port }, request as never);
    expect(received?.headers["x-queued"]).toBe("0");
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
  const bootstrap = demoBootstrap((server.address() as AddressInfo).port);
  const { config: plugin } = config("tcp-hold") as unknown as { config: object };
  const type = "type.googleapis.com/envoy.extensions.filters.network";
  bootstrap.static_resources.listeners[0]!.filter_chains = [
    {
      filters: [
        { name: "wasm", typed_config: { "@type": `${type}.wasm.v3.Wasm`, config: plugin } },
        {
          name: "tcp",
          typed_config: { "@type": `${type}.tcp_proxy.v3.TcpProxy`, stat_prefix: "tcp", cluster: "upstream" },
        },
      ],
    },
  ] as never;
  const own = await startEnvoy({ bootstrap, concurrency: 1 });
  onTestFinished(() => own.stop());
  const socket = connect(own.port, "127.0.0.1").setEncoding("utf8");
  socket.write("hello");
  expect(await once(socket, "data")).toEqual(["<hello>"]);
  expect(pluginLog(own.output.all()).map(({ message }) => message)).toEqual(["held hello"]);
  socket.write("bye");
  await once(socket, "close");
});
