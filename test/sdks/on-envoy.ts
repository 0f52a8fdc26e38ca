// The module in a real Envoy.
import { once } from "node:events";
import { createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { text as readText } from "node:stream/consumers";
import { cachedLibrary } from "../../src/aot/cache.ts";
import { aotConfig } from "../../src/envoy/aot-config.ts";
import { wasmConfig } from "../../src/envoy/wasm-config.ts";
import { startSwappable, type TypedConfig } from "../../src/envoy/swap.ts";
import type { Pair } from "../../src/host/index.ts";
import { demoBootstrap, withHttp2Cluster } from "../demo-bootstrap.ts";
import { exchange, type Lines, type Message as Http2Message } from "../http2-exchange.ts";
import { loggedWhile } from "../logged-while.ts";
import type { Backend } from "./backend.ts";
import { type Answer, authAnswer, lines, type Message } from "./upstream.ts";

const NO_FILTER = { "@type": "type.googleapis.com/envoy.extensions.filters.http.header_mutation.v3.HeaderMutation" };

/** @param file where the module is */
export const onEnvoy = (file: string): Promise<Backend> => startBackend(file, (config) => config);

/** The same, with the module compiled ahead of time. */
export async function onAot(file: string): Promise<Backend> {
  const library = await cachedLibrary(file);
  return await startBackend(file, (config) => aotConfig(config, library));
}

async function startBackend(file: string, engine: (config: TypedConfig) => TypedConfig): Promise<Backend> {
  const upstream = await startUpstream();
  // Histograms are counted when statistics are flushed.
  const bootstrap = { ...withHttp2Cluster(demoBootstrap(), "upstream", upstream.port), stats_flush_interval: "0.05s" };
  const swappable = await startSwappable({ bootstrap, concurrency: 1 });
  const { envoy } = swappable;
  const logged = async (action: () => Promise<unknown>) =>
    (await loggedWhile(envoy, action)).map(({ level, message }) => `${level} ${message}`);
  return {
    configure: (configuration) => swappable.swap(engine(wasmConfig({ wasm: file, rootId: "gate" }, configuration))),
    async exchange(request, answer) {
      upstream.answer = answer;
      upstream.received = undefined;
      let client: Message | null = null;
      const log = await logged(async () => {
        const response = await exchange(envoy.port, request.headers, request.trailers);
        client = response && toMessage(response);
      });
      return { client, upstream: upstream.received, log };
    },
    async metrics() {
      const text = await (await fetch(`${envoy.admin.url}/stats/prometheus?filter=gate`)).text();
      const samples = text.matchAll(/^(?:envoy_wasmcustom_)?gate_(\w+)\{\} (-?\d+)$/gm);
      return Object.fromEntries([...samples].map(([, name, value]) => [name, Number(value)])) as Record<string, number>;
    },
    wait: async (milliseconds) => void (await sleep(milliseconds)),
    // Every thread has a VM, and each says so.
    end: async () => [...new Set(await logged(() => swappable.swap(NO_FILTER)))],
    now: () => Date.now() / 1000,
    async close() {
      await swappable.stop();
      upstream.close();
    },
  };
}

interface Upstream {
  port: number;
  answer: Answer;
  received: Message | undefined;
  close(): void;
}

/** What the gate asks, and what stands behind it, in one server. */
async function startUpstream(): Promise<Upstream> {
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const upstream: Upstream = {
    port,
    answer: { headers: {}, body: [] },
    received: undefined,
    close: () => void server.close(),
  };
  server.on("stream", (stream, headers) => {
    stream.on("error", () => {}); // Envoy resets what it waits for no longer
    let trailers: Lines = {};
    stream.on("trailers", (received: Lines) => (trailers = received));
    void (headers[":path"] === "/auth" ? answerAuth() : answerRequest());

    async function answerAuth(): Promise<void> {
      const answer = authAnswer(String(headers["x-token"]));
      // Before its headers it would be a 503 of Envoy's.
      stream.respond({ ":status": answer === "reset" ? 200 : answer.status });
      if (answer !== "reset") return void stream.end(answer.body);
      stream.write("a");
      await sleep(20);
      stream.session?.socket.destroy();
    }

    async function answerRequest(): Promise<void> {
      const body = await readText(stream);
      upstream.received = toMessage({ headers: headers as Lines, body, trailers });
      const { answer } = upstream;
      stream.on("wantTrailers", () => stream.sendTrailers(answer.trailers!));
      stream.respond({ ":status": 200, ...answer.headers }, { waitForTrailers: answer.trailers !== undefined });
      for (const piece of answer.body) {
        stream.write(piece);
        await sleep(20); // so that Envoy gets it by itself
      }
      stream.end();
    }
  });
  return upstream;
}

const toMessage = ({ headers, body, trailers }: Http2Message): Message => ({
  headers: lines(Object.entries(headers) as Pair[]),
  body,
  trailers: lines(Object.entries(trailers) as Pair[]),
});
