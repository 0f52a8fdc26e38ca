// Runs a program of test/guest/probe.ts on a real Envoy and on the TypeScript host, and says what each of them said.
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { pluginLog } from "../../src/cases/backend.ts";
import { send } from "../../src/cases/send.ts";
import { wasmConfig } from "../../src/cases/swappable-backend.ts";
import { EchoControl } from "../../src/echo/control.ts";
import { type Echo, startEcho } from "../../src/echo/server.ts";
import { withTrailers } from "../../src/envoy/bootstrap.ts";
import { type SwappableEnvoy, startSwappable } from "../../src/envoy/swap.ts";
import { FilterwrightError } from "../../src/errors.ts";
import { Host, type Pair } from "../../src/host/index.ts";
import { decodePairs, encodePairs } from "../../src/host/pairs.ts";
import { Proxy } from "../../src/host/proxy.ts";
import { demoBootstrap } from "../demo-bootstrap.ts";
import { compiledGuest } from "../guest-module.ts";

export interface Exchange {
  headers: Pair[];
  body: string;
  upstream: { status: number; headers: Pair[]; body: string };
}

/** What came of a program: what the probe said, and what reached either end. */
export interface Outcome {
  /** Undefined where the configuration was refused. */
  said: string[];
  isRefused: boolean;
  upstream: { headers: Pair[]; body: string } | undefined;
  client: { status: number; headers: Pair[]; body: string; trailers?: Pair[] } | undefined;
}

/** So that every program says when its stream is gone. */
const LAST = "delete log_level";
const REQUEST_ID = "00000000-0000-4000-8000-000000000000";
const DATE = "Thu, 01 Jan 2026 00:00:00 GMT";

const REFUSED: Outcome = { said: [], isRefused: true, upstream: undefined, client: undefined };

export class Prober {
  private readonly wasm: string;
  private readonly envoy: SwappableEnvoy;
  private readonly echo: Echo;
  private readonly control: EchoControl;
  private count = 0;

  private constructor(wasm: string, envoy: SwappableEnvoy, echo: Echo) {
    this.wasm = wasm;
    this.envoy = envoy;
    this.echo = echo;
    this.control = new EchoControl(`http://127.0.0.1:${echo.controlPort}`);
  }

  static async start(): Promise<Prober> {
    const echo = await startEcho();
    const envoy = await startSwappable({ bootstrap: withTrailers(demoBootstrap(echo.port)), concurrency: 1 });
    return new Prober(await compiledGuest("probe"), envoy, echo);
  }

  async close(): Promise<void> {
    await this.envoy.stop();
    await this.echo.close();
  }

  async onEnvoy(program: string[], exchange: Exchange): Promise<Outcome> {
    for (;;) {
      const { outcome, isSlow } = await this.tryOnEnvoy(program, exchange);
      if (!isSlow) return outcome;
    }
  }

  /** An upstream that took ten milliseconds and more changes the size of a header: such a run does not count. */
  private async tryOnEnvoy(program: string[], exchange: Exchange): Promise<{ outcome: Outcome; isSlow: boolean }> {
    const vmId = `probe-${++this.count}`;
    // Envoy takes no notice of a configuration that equals the last; shared data must be new each time.
    const text = [...program, LAST].join("\n");
    const config = wasmConfig({ wasm: this.wasm, rootId: "probe" }, text, { vm_id: vmId });
    try {
      await this.envoy.swap(config);
    } catch (error) {
      if (!(error instanceof FilterwrightError)) throw error;
      return { outcome: REFUSED, isSlow: false };
    }
    const { output } = this.envoy.envoy;
    const position = output.position;
    await this.control.answer(exchange.upstream);
    const client = await send(
      { host: "127.0.0.1", port: this.envoy.envoy.port },
      { method: "POST", path: "/p?q=1", authority: "example.com", headers: exchange.headers, body: exchange.body },
    ).catch(() => undefined);
    const [received] = await this.control.received();
    await output.waitFor(/log_level 0 2\n$/m, position).catch(() => {});
    await sleep(5);
    const outcome = masked({
      said: pluginLog(output.since(position)).map(({ message }) => message),
      isRefused: false,
      upstream: received && { headers: received.headers, body: received.body },
      client,
    });
    const took = client?.headers.find(([name]) => name === "x-envoy-upstream-service-time")?.[1] ?? "0";
    return { outcome, isSlow: took.length > 1 };
  }

  onHost(program: string[], exchange: Exchange): Outcome {
    const host = new Host();
    const options = { rootId: "probe", name: "probe", vmId: "probe", configuration: [...program, LAST].join("\n") };
    let plugin;
    try {
      plugin = host.load({ ...options, wasm: readFileSync(this.wasm) });
    } catch (error) {
      if (!(error instanceof FilterwrightError)) throw error;
      return REFUSED;
    }
    host.logs.length = 0;
    const length: Pair[] = exchange.body === "" ? [] : [["content-length", String(exchange.body.length)]];
    const proxied = new Proxy(host, [plugin]).send({
      method: "POST",
      path: "/p?q=1",
      authority: "example.com",
      headers: [...exchange.headers, ...length],
      body: exchange.body,
    });
    const { received } = proxied;
    // The echo upstream says so of its own.
    const fromNode: Pair = ["connection", "keep-alive"];
    const { status, headers, body } = exchange.upstream;
    if (received) proxied.respond({ status, headers: [...headers, fromNode], body });
    return masked({
      said: host.logs.map(({ message }) => message),
      isRefused: false,
      upstream: received && { headers: received.headers, body: received.body },
      client: proxied.response,
    });
  }
}

/** Values that no two runs share. */
function masked(outcome: Outcome): Outcome {
  return {
    ...outcome,
    said: outcome.said.map((line) => line.replace(/x(?:[0-9a-f]{2})+$/, maskHex)),
    upstream: outcome.upstream && { ...outcome.upstream, headers: outcome.upstream.headers.map(maskLine) },
    client: outcome.client && { ...outcome.client, headers: outcome.client.headers.map(maskLine) },
  };
}

function maskHex(word: string): string {
  const bytes = Buffer.from(word.slice(1), "hex").toString("latin1");
  const pairs = decodePairs(bytes);
  const text = pairs.length > 0 ? encodePairs(pairs.map(maskLine)) : maskText(bytes);
  return `x${Buffer.from(text, "latin1").toString("hex")}`;
}

function maskLine([name, value]: Pair): Pair {
  return [name, name === "x-envoy-upstream-service-time" ? "0" : maskText(value)];
}

function maskText(text: string): string {
  return text
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/, REQUEST_ID)
    .replace(/[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT/, DATE);
}
