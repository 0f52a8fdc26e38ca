import { connect } from "node:net";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cachedLibrary } from "../../src/aot/cache.ts";
import { aotConfig } from "../../src/envoy/aot-config.ts";
import { type SwappableEnvoy, type TypedConfig, startSwappable } from "../../src/envoy/swap.ts";
import type { WasmEngine } from "../../src/envoy/wasm-engine.ts";
import { FilterwrightError } from "../../src/errors.ts";
import { probeBootstrap } from "./bootstrap.ts";
import { CALL_RESPONSE, type Exchange, type Outcome, type Received } from "./exchange.ts";
import { masked } from "./mask.ts";
import { REFUSED, type Step } from "./on-host.ts";
import { Upstream, type Waiting, writesOf } from "./upstream.ts";
import { type WireMessage, WireReader } from "./wire.ts";

/** Nothing comes of itself any more. */
const QUIET_MS = 20;
/** What must come takes no longer. */
const PATIENCE_MS = 1000;

/** A real Envoy with the probe in it, between a client and an upstream of ours. */
export class EnvoyRunner {
  private readonly wasm: string;
  private readonly library: string | undefined;
  private readonly upstream: Upstream;
  private readonly calls: Upstream;
  private envoy: SwappableEnvoy;
  private count = 0;
  private patience = PATIENCE_MS;

  private constructor(
    wasm: string,
    library: string | undefined,
    upstream: Upstream,
    calls: Upstream,
    envoy: SwappableEnvoy,
  ) {
    this.wasm = wasm;
    this.library = library;
    this.upstream = upstream;
    this.calls = calls;
    this.envoy = envoy;
  }

  static async start(wasm: string, engine: WasmEngine): Promise<EnvoyRunner> {
    const upstream = await Upstream.start();
    const calls = await Upstream.start();
    const library = engine === "aot" ? await cachedLibrary(wasm) : undefined;
    return new EnvoyRunner(wasm, library, upstream, calls, await startEnvoy(upstream, calls));
  }

  async close(): Promise<void> {
    await this.envoy.stop();
    this.upstream.close();
    this.calls.close();
  }

  /** @param steps what to do when nothing comes of itself, as the host did it @param expected what it came to there */
  async run(program: string[], exchange: Exchange, steps: Step[], expected: Outcome): Promise<Outcome> {
    const { output } = this.envoy.envoy;
    const position = output.position;
    this.patience = PATIENCE_MS;
    try {
      await this.envoy.swap(this.config(program, exchange));
    } catch (error) {
      await this.envoy.envoy.rethrowIfEnded();
      if (!(error instanceof FilterwrightError) || error.code !== "FW_ENVOY_UPDATE") throw error;
      return REFUSED;
    }
    await this.connect();
    this.upstream.clear();
    this.calls.clear();
    const client = new Client(this.envoy.envoy.ports["demo"]!, exchange.method);
    await this.send(
      `http.demo.downstream_cx_rx_bytes_total`,
      writesOf(`${exchange.method} /p?q=1 HTTP/1.1`, withHost(exchange).request, false),
      (text) => client.socket.write(text, "latin1"),
      () => client.isOver,
    );
    const answered = new Set<Waiting>();
    for (const step of steps) {
      if (step === "respond") await this.respond(exchange);
      else if (step === "answer call") await this.answerCall(answered, position, expected);
      else if (step === "tick") await this.tick(position, expected);
      else await sleep(QUIET_MS);
      if (step === "abort") client.socket.destroy();
    }
    const isAborted = steps.includes("abort");
    const isGone = () => this.said(position).includes("name root: gone");
    if (!isAborted) await this.until(() => client.isOver || (!expected.client && isGone()));
    client.socket.destroy();
    if (expected.said.includes("name root: gone")) await this.until(isGone);
    else await sleep(QUIET_MS);
    await this.envoy.envoy.rethrowIfEnded(0);
    return masked(
      {
        isRefused: false,
        said: this.said(position),
        upstream: this.upstream.received[0] && received(this.upstream.received[0].message),
        client: client.response && received(client.response),
        calls: [],
      },
      program,
    );
  }

  /** @returns why Envoy has ended, if it has */
  ending(): Promise<FilterwrightError | undefined> {
    return this.envoy.envoy.rethrowIfEnded(500).catch((error: FilterwrightError) => error) as Promise<
      FilterwrightError | undefined
    >;
  }

  /** After a crash. */
  async restart(): Promise<void> {
    await this.envoy.stop();
    this.envoy = await startEnvoy(this.upstream, this.calls);
  }

  /** Has Envoy a connection to the upstream in its pool: what it does without one comes a little later, when it has one. */
  private async connect(): Promise<void> {
    if (this.upstream.isConnected) return;
    this.upstream.clear();
    const client = new Client(this.envoy.envoy.ports["direct"]!, "GET");
    client.socket.write("GET / HTTP/1.1\r\nhost: example.com\r\n\r\n");
    await this.until(() => this.upstream.received.length > 0);
    this.upstream.received[0]?.socket.write("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    await this.until(() => client.isOver);
    client.socket.destroy();
  }

  /** A second stream makes the probe tick. */
  private async tick(position: number, expected: Outcome): Promise<void> {
    const client = new Client(this.envoy.envoy.ports["demo"]!, "GET");
    client.socket.write("GET / HTTP/1.1\r\nhost: example.com\r\n\r\n");
    await this.until(() => client.isOver);
    client.socket.destroy();
    const ticked = "root: tick 0 0 0 0";
    if (expected.said.includes(ticked)) await this.until(() => this.said(position).includes(ticked));
  }

  /** What this program's probe said on the worker thread: plugins are on the main thread too, whose number is the process's. */
  private said(position: number): string[] {
    const { output, pid } = this.envoy.envoy;
    const logged = /^\[[^\]]*\]\[(\d+)\]\[\w+\]\[(?:wasm|dynamic_modules)\] .* wasm log (.*?) ([^ ]*): (.*)$/gm;
    const lines = [...output.since(position).matchAll(logged)]
      .filter(([, , , vmId]) => vmId === `probe-${this.count}`)
      .map(([, thread, names, , message]) => ({ isOnMain: Number(thread) === pid, text: `${names}: ${message}` }));
    const own = this.library === undefined ? lines.filter(({ isOnMain }) => !isOnMain) : withoutMainPlugin(lines);
    return own.map(({ text }) => text);
  }

  private async respond({ status, response }: Exchange): Promise<void> {
    await this.until(() => this.upstream.received.length > 0);
    const [waiting] = this.upstream.received;
    if (!waiting) return;
    const isBodiless = waiting.message.start.startsWith("HEAD ") || status === 204 || status === 304;
    await this.send(
      "cluster.upstream.upstream_cx_rx_bytes_total",
      writesOf(`HTTP/1.1 ${status} Status`, response, isBodiless),
      (text) => waiting.socket.write(text, "latin1"),
      () => waiting.socket.destroyed,
    );
  }

  private async answerCall(answered: Set<Waiting>, position: number, expected: Outcome): Promise<void> {
    const next = () => this.calls.received.find((waiting) => !answered.has(waiting));
    await sleep(QUIET_MS);
    await this.until(() => next() !== undefined);
    const waiting = next();
    if (!waiting) return;
    answered.add(waiting);
    waiting.socket.write(writesOf("HTTP/1.1 200 OK", CALL_RESPONSE, false).join(""), "latin1");
    const heard = (said: string[]) => said.filter((line) => line.startsWith("root: http_call_response ")).length;
    const enough = Math.min(answered.size, heard(expected.said));
    await this.until(() => heard(this.said(position)) >= enough);
  }

  /** Waits for what must come; where something did not, the rest is not waited for long. */
  private async until(condition: () => boolean): Promise<void> {
    const deadline = Date.now() + this.patience;
    while (!condition()) {
      if (Date.now() > deadline) return void (this.patience = QUIET_MS);
      await sleep(1);
    }
  }

  /** Writes piece by piece: each when Envoy has read the one before, so that it reads none together. */
  private async send(
    stat: string,
    writes: string[],
    write: (text: string) => void,
    isOver: () => boolean,
  ): Promise<void> {
    const bytes = async () => (await this.envoy.envoy.admin.stats(`^${stat}$`))[stat] ?? 0;
    let total = writes.length > 1 ? await bytes() : 0;
    for (const [i, text] of writes.entries()) {
      if (isOver()) return;
      write(text);
      total += text.length;
      if (i === writes.length - 1) return;
      const deadline = Date.now() + this.patience;
      while ((await bytes()) < total && Date.now() < deadline && !isOver()) await sleep(1);
      await sleep(1);
    }
  }

  private config(program: string[], { plugin }: Exchange): TypedConfig {
    const text = (value: string) => ({ "@type": "type.googleapis.com/google.protobuf.StringValue", value });
    const config = {
      "@type": "type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm",
      config: {
        name: "name",
        root_id: "root",
        ...plugin,
        configuration: text("configured"),
        vm_config: {
          // Shared data must be new each time; and Envoy takes no notice of a configuration that equals the last.
          vm_id: `probe-${++this.count}`,
          runtime: "envoy.wasm.runtime.v8",
          code: { local: { filename: resolve(this.wasm) } },
          configuration: text(program.join("\n")),
        },
      },
    };
    return this.library === undefined ? config : aotConfig(config, this.library);
  }
}

/**
 * Plugins that are compiled ahead of time start on the main thread, that of the main thread first, and that of the one worker next, and
 * both say the same.
 */
function withoutMainPlugin<T extends { isOnMain: boolean }>(lines: T[]): T[] {
  const later = lines.findIndex(({ isOnMain }) => !isOnMain);
  const starts = later < 0 ? lines.length : later;
  return [...lines.slice(starts / 2, starts), ...lines.slice(starts)];
}

class Client {
  readonly socket;
  private readonly reader = new WireReader();
  private isClosed = false;

  constructor(port: number, method: string) {
    this.reader.isBodiless = method === "HEAD";
    this.socket = connect(port, "127.0.0.1").setEncoding("latin1").setNoDelay();
    this.socket.on("data", (text) => this.reader.add(String(text)));
    this.socket.on("error", () => {});
    this.socket.on("close", () => (this.isClosed = true));
    this.socket.on("end", () => (this.isClosed = true));
  }

  private complete: WireMessage | undefined;

  get response(): WireMessage | undefined {
    if (this.complete) return this.complete;
    const message = this.reader.read(this.isClosed);
    if (message?.isComplete) this.complete = message;
    return this.complete;
  }

  get isOver(): boolean {
    return this.isClosed || this.response !== undefined;
  }
}

function startEnvoy(upstream: Upstream, calls: Upstream): Promise<SwappableEnvoy> {
  return startSwappable({ bootstrap: probeBootstrap(upstream.port, calls.port), concurrency: 1 });
}

const withHost = (exchange: Exchange): Exchange => ({
  ...exchange,
  request: { ...exchange.request, headers: [["host", "example.com"], ...exchange.request.headers] },
});

const received = ({ start, headers, body, trailers }: WireMessage): Received => ({
  start: start.startsWith("HTTP/") ? start.split(" ")[1]! : start.replace(/ HTTP\/1\.1$/, ""),
  headers,
  body,
  trailers,
});
