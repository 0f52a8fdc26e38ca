import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { EnvoyBinary } from "../../src/envoy/find.ts";
import type { Listener } from "../../src/envoy/bootstrap.ts";
import { type SwappableEnvoy, startSwappables, type TypedConfig } from "../../src/envoy/swap.ts";
import type { Pair } from "../../src/host/index.ts";
import { demoBootstrap } from "../demo-bootstrap.ts";
import { Upstream } from "../host/upstream.ts";
import { type WireMessage, WireReader, head } from "../host/wire.ts";

/** What runs rules, each behind a listener of its own. */
export const ENGINES = ["wasm", "lua", "native", "aot"] as const;
export type Engine = (typeof ENGINES)[number];

/** What is sent through. */
export interface Sent {
  /** `GET /path`. */
  start: string;
  request: Pair[];
  status: number;
  response: Pair[];
}

/** What reached either end: the first line, and the headers in their order. */
export interface Seen {
  upstream: string[] | undefined;
  client: string[] | undefined;
}

/** What no engine has a hand in, and no two exchanges share. */
const VOLATILE = new Set(["date", "x-request-id", "x-envoy-upstream-service-time"]);

const PATIENCE_MS = 3000;

/** One Envoy with a listener for each engine, and one upstream. All on bare sockets: every byte is as it was sent. */
export class Engines {
  private readonly upstream: Upstream;
  private readonly filters: Record<string, SwappableEnvoy>;

  private constructor(upstream: Upstream, filters: Record<string, SwappableEnvoy>) {
    this.upstream = upstream;
    this.filters = filters;
  }

  /** @param change what to change in each listener's connection manager */
  static async start(
    envoy?: EnvoyBinary,
    change: (manager: Record<string, unknown>) => void = () => {},
  ): Promise<Engines> {
    const upstream = await Upstream.start();
    const bootstrap = demoBootstrap(upstream.port);
    const [listener] = bootstrap.static_resources.listeners;
    change(listener!.filter_chains[0]!.filters[0]!.typed_config);
    bootstrap.static_resources.listeners = ENGINES.map((name): Listener => ({ ...structuredClone(listener!), name }));
    return new Engines(upstream, await startSwappables({ bootstrap, concurrency: 1, ...(envoy && { envoy }) }));
  }

  get envoy(): SwappableEnvoy["envoy"] {
    return this.filters["wasm"]!.envoy;
  }

  async close(): Promise<void> {
    await this.filters["wasm"]!.stop();
    this.upstream.close();
  }

  /** Puts an engine's filter in force. */
  async use(engine: Engine, config: TypedConfig): Promise<void> {
    await this.filters[engine]!.swap(config);
  }

  /** Sends through an engine. Without an answer in time, what reached the client is undefined. */
  async send(engine: Engine, { start, request, status, response }: Sent): Promise<Seen> {
    this.upstream.clear();
    const reader = new WireReader();
    reader.isBodiless = start.startsWith("HEAD ");
    const socket = connect(this.envoy.ports[engine]!, "127.0.0.1").setEncoding("latin1").setNoDelay();
    let isClosed = false;
    socket.on("data", (text) => reader.add(String(text)));
    socket.on("error", () => (isClosed = true));
    socket.on("close", () => (isClosed = true));
    socket.write(head(`${start} HTTP/1.1`, request), "latin1");
    let client: WireMessage | undefined;
    let upstream: WireMessage | undefined;
    for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await sleep(0)) {
      const [waiting] = this.upstream.received;
      if (waiting && !upstream) {
        upstream = waiting.message;
        waiting.socket.write(head(`HTTP/1.1 ${status} Status`, [...response, ["content-length", "0"]]), "latin1");
      }
      const message = reader.read(isClosed);
      if (message?.isComplete) client = message;
      if (client || isClosed) break;
    }
    socket.destroy();
    return { upstream: upstream && lines(upstream), client: client && lines(client) };
  }
}

function lines({ start, headers }: WireMessage): string[] {
  return [start, ...headers.filter(([name]) => !VOLATILE.has(name)).map(([name, value]) => `${name}: ${value}`)];
}
