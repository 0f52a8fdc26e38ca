// What a module can be beside an HTTP filter: test/guest/roles.ts on a real Envoy.
import {
  Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type sendUnaryData,
  type ServerUnaryCall,
} from "@grpc/grpc-js";
import { once } from "node:events";
import { connect, createServer, type AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { pluginLog } from "../../src/cases/backend.ts";
import { send } from "../../src/cases/send.ts";
import { wasmConfig } from "../../src/envoy/wasm-config.ts";
import { type Echo, startEcho } from "../../src/echo/server.ts";
import { type Bootstrap, withFilters } from "../../src/envoy/bootstrap.ts";
import { type RunningEnvoy, startEnvoy } from "../../src/envoy/start.ts";
import { demoBootstrap, withHttp2Cluster, withTcpFilter } from "../demo-bootstrap.ts";
import { compiledGuest } from "../guest-module.ts";

let wasm: string;
let echo: Echo;
beforeAll(async () => {
  wasm = await compiledGuest("roles");
  echo = await startEcho();
});
afterAll(() => echo.close());

const plugin = (rootId: string) => (wasmConfig({ wasm, rootId }, "") as unknown as { config: object }).config;

async function start(config: Bootstrap): Promise<RunningEnvoy> {
  const envoy = await startEnvoy({ bootstrap: config, concurrency: 1 });
  onTestFinished(() => envoy.stop());
  return envoy;
}

const linesOf = (envoy: RunningEnvoy) => pluginLog(envoy.output.all()).map(({ message }) => message);

test("a TCP filter sees a connection come, changes what passes in both directions, and sees it end", async () => {
  const upstream = createServer((socket) =>
    socket.on("data", (data) => socket.write(`<${String(data)}>`)).on("error", () => {}),
  );
  await once(upstream.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => void upstream.close());
  const bootstrap = demoBootstrap((upstream.address() as AddressInfo).port);
  const envoy = await start(withTcpFilter(bootstrap, wasmConfig({ wasm, rootId: "tcp" }, "")));
  const socket = connect(envoy.port, "127.0.0.1");
  socket.setEncoding("utf8").write("hello");
  expect(await once(socket, "data")).toEqual(["<HELLO>(7)"]);
  socket.write("again");
  expect(await once(socket, "data")).toEqual(["<AGAIN>(7)"]);
  socket.destroy();
  await expect.poll(() => linesOf(envoy)).toEqual(["new connection", "upstream closed", "downstream closed 1", "done"]);
});

test("an access logger is a root context that is asked to log each request", async () => {
  const config = withFilters(demoBootstrap(echo.port), []);
  const manager = config.static_resources.listeners[0]!.filter_chains[0]!.filters[0]!.typed_config as {
    access_log?: object[];
  };
  manager.access_log = [
    {
      name: "envoy.access_loggers.wasm",
      typed_config: {
        "@type": "type.googleapis.com/envoy.extensions.access_loggers.wasm.v3.WasmAccessLog",
        config: plugin("access-log"),
      },
    },
  ];
  const envoy = await start(config);
  for (const path of ["/one", "/two"]) await fetch(`http://127.0.0.1:${envoy.port}${path}`);
  await expect.poll(() => linesOf(envoy)).toEqual(["GET /one 200 200", "GET /two 200 200"]);
});

describe("a gRPC client", () => {
  let server: Server;
  let envoy: RunningEnvoy;
  beforeAll(async () => {
    server = new Server();
    const raw = { serialize: (text: string) => Buffer.from(text), deserialize: (data: Buffer) => String(data) };
    const service = (name: string, isStream: boolean) => ({
      path: `/test.Echo/${name}`,
      requestStream: isStream,
      responseStream: isStream,
      requestSerialize: raw.serialize,
      requestDeserialize: raw.deserialize,
      responseSerialize: raw.serialize,
      responseDeserialize: raw.deserialize,
    });
    server.addService(
      { Unary: service("Unary", false), Fails: service("Fails", false), Stream: service("Stream", true) },
      { Unary: unary, Fails: fails, Stream: stream },
    );
    const port = await new Promise<number>((resolve, reject) =>
      server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      ),
    );
    const config = withFilters(demoBootstrap(echo.port), [
      {
        name: "grpc",
        typed_config: {
          "@type": "type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm",
          config: plugin("grpc"),
        },
      },
    ]);
    envoy = await startEnvoy({ bootstrap: withHttp2Cluster(config, "grpc_server", port), concurrency: 1 });
  });
  afterAll(async () => {
    await envoy.stop();
    server.forceShutdown();
  });

  const withMetadata = (name: string, value: string) => {
    const metadata = new Metadata();
    metadata.add(name, value);
    return metadata;
  };

  function unary(call: ServerUnaryCall<string, string>, answer: sendUnaryData<string>): void {
    call.sendMetadata(withMetadata("x-initial", String(call.metadata.get("x-sent")[0])));
    answer(null, `${call.request}!`, withMetadata("x-trailing", "end"));
  }

  function fails(_: ServerUnaryCall<string, string>, answer: sendUnaryData<string>): void {
    answer({ code: 5, details: "nothing here" });
  }

  function stream(call: ServerDuplexStream<string, string>): void {
    call.sendMetadata(withMetadata("x-initial", "open"));
    call.on("data", (text: string) => call.write(`${text}?`));
    call.on("end", () => call.end(withMetadata("x-trailing", "closed")));
  }

  test.for([
    // Of a call, Envoy hands over the message or the status, and no metadata.
    ["Unary", "hello! 0 "],
    ["Fails", "5 nothing%20here{via_upstream}"],
    ["Stream", "open one? two? closed 0 OK{via_upstream}"],
  ] as const)("%s: metadata, messages and status reach the handler", async ([method, expected]) => {
    const request = {
      method: "GET",
      path: "/",
      authority: "a",
      headers: [["x-method", method]] as [string, string][],
      body: "",
    };
    const { status, body } = await send({ host: "127.0.0.1", port: envoy.port }, request);
    expect(status).toBe(200);
    const { headers } = JSON.parse(body) as { headers: [string, string][] };
    expect(headers.find(([name]) => name === "x-grpc")?.[1]).toBe(expected.trim());
  });
});
