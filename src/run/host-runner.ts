import { randomInt } from "node:crypto";
import { readFileSync } from "node:fs";
import { filterPlugin } from "../cases/host-plugins.ts";
import type { CaseRequest } from "../cases/case-file.ts";
import type { HeaderLine, ReceivedRequest, Response } from "../echo/exchange.ts";
import { type GrpcCall, Host, type HttpCall, Proxy, type ProxyExchange } from "../host/index.ts";
import { type Outcome, type Runner, type RunnerOptions, UPSTREAM } from "./runner.ts";

/** How often the host's clock is set, in milliseconds: ticks are late by so much. */
const CLOCK_MS = 10;
const GRPC_UNAVAILABLE = 14;

/** The filter on the TypeScript host, whose clock and random numbers are real here. */
export function hostRunner(options: RunnerOptions): Runner {
  return new HostRunner(options);
}

class HostRunner implements Runner {
  readonly title = "the TypeScript host";
  readonly failure: Promise<never>;
  private readonly options: RunnerOptions;
  private readonly host: Host;
  private readonly proxy: Proxy;
  private readonly clock: NodeJS.Timeout;
  /** Exchanges that go on, and what to do when they are over. */
  private readonly open = new Map<ProxyExchange, () => void>();
  private fail!: (error: unknown) => void;
  private shown = Date.now();

  /** @throws FilterwrightError what `Host.load` throws */
  constructor(options: RunnerOptions) {
    this.options = options;
    this.failure = new Promise((_, reject) => (this.fail = reject));
    this.failure.catch(() => {}); // nobody has to look at it
    this.host = new Host({
      now: new Date(this.shown),
      random: () => randomInt(256),
      logLevel: options.logLevel,
      clusters: [...options.clusters.keys()],
      onHttpCall: (call) => void this.answer(call),
      onGrpcCall: (call) => this.refuse(call),
      trace: (event) => {
        if (event.direction === "host call" && event.name === "proxy_http_call" && event.result !== 0) {
          const known = [...options.clusters.keys()].join(", ");
          options.journal.note(`an HTTP call was refused: the clusters are ${known}; --cluster NAME=URL adds one`);
        }
      },
    });
    const setup = { kind: "filter" as const, twins: {}, config: "", ...options };
    const given = options.environment.filter((name) => process.env[name] !== undefined);
    const plugin = this.host.load({
      ...filterPlugin(setup, options.configuration, (file) => readFileSync(file)),
      environment: Object.fromEntries(given.map((name) => [name, process.env[name]!])),
    });
    this.proxy = new Proxy(this.host, [plugin]);
    this.clock = setInterval(() => this.turn(() => {}), CLOCK_MS);
    this.collect();
  }

  exchange(request: CaseRequest, gone: AbortSignal): Promise<Outcome> {
    let answer: Response | undefined;
    const respond = async (exchange: () => ProxyExchange, received: ReceivedRequest) => {
      const start = performance.now();
      const response = await this.options.clusters.get(UPSTREAM)!(received);
      answer = response;
      this.turn(() => exchange().respond(response, Math.round(performance.now() - start)));
    };
    return new Promise((resolve) => {
      this.turn(() => {
        const exchange: ProxyExchange = this.proxy.send(request, {
          upstream: (received) => void respond(() => exchange, received),
        });
        const finish = () => resolve({ received: exchange.received, answer, response: exchange.response });
        this.open.set(exchange, finish);
        gone.addEventListener("abort", () => this.turn(() => exchange.abort()));
      });
    });
  }

  async settle(): Promise<void> {}

  async close(): Promise<void> {
    clearInterval(this.clock);
  }

  /** Does something at the present time, and looks at what came of it. */
  private turn(action: () => void): void {
    try {
      const now = Date.now();
      this.host.advance(Math.max(0, now - this.shown));
      this.shown = Math.max(now, this.shown);
      action();
    } catch (error) {
      this.fail(error); // a host call that we do not have
    }
    this.collect();
    for (const [exchange, finish] of this.open) {
      if (!exchange.isOver) continue;
      this.open.delete(exchange);
      finish();
    }
  }

  private collect(): void {
    const { journal } = this.options;
    for (const { level, message } of this.host.logs.splice(0)) journal.log({ level, message });
    for (const { message } of this.host.traps.splice(0)) journal.trap(message);
  }

  private async answer(call: HttpCall): Promise<void> {
    this.host.httpCalls.length = 0; // they would pile up
    const { cluster, body, trailers } = call;
    const pseudo = (name: string) => call.headers.find(([other]) => other === name)?.[1] ?? "";
    const lines = call.headers.filter(([name]) => !name.startsWith(":"));
    const headers: HeaderLine[] = [["host", pseudo(":authority")], ...lines];
    const request = { method: pseudo(":method"), path: pseudo(":path"), headers, body, trailers };
    const response = await this.options.clusters.get(cluster)!(request);
    this.options.journal.note(`called ${cluster}: ${request.method} ${request.path} ${response.status}`);
    this.turn(() => call.respond(response));
  }

  private refuse(call: GrpcCall): void {
    this.host.grpcCalls.length = 0;
    this.options.journal.note(`a gRPC call to ${call.cluster} fails: the TypeScript host makes none`);
    call.close(GRPC_UNAVAILABLE);
  }
}
