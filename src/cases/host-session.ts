// Runs cases on the TypeScript host. Nothing here needs Node: the lane test:browser runs it in a browser.
import { FilterwrightError } from "../errors.ts";
import {
  Host,
  type LoadedModule,
  ModuleCache,
  type Pair,
  type PluginOptions,
  Proxy,
  type ProxyExchange,
} from "../host/index.ts";
import type { Exchange, LogLine, Readiness } from "./backend.ts";
import type { Answer, Response } from "../echo/exchange.ts";
import type { Case, CaseRequest } from "./case-file.ts";
import { framingOf } from "./framing.ts";

/** How long the host's clock may go on until a filter that waits has its answer, as long as a client waits for Envoy's. */
const PATIENCE_MS = 10_000;
/** And until its metrics are as expected: filters may write them once a second. */
const METRICS_PATIENCE_MS = 2_000;

/** Plugins, and the time at which they start. */
export interface HostSetup {
  plugins: PluginOptions[];
  /** Milliseconds since 1970. */
  clock: number | undefined;
}

/** A host that is set up for one case after the other. As in an Envoy, plugins live on while the setup is the same. */
export class HostSession {
  private readonly modules = new ModuleCache();
  private current: { key: string; modules: LoadedModule[]; host: Host; proxy: Proxy } | undefined;
  private answer: Answer | undefined;

  /** @throws FilterwrightError FW_MODULE, FW_HOST_CALL */
  prepare({ plugins, clock }: HostSetup): Readiness {
    // Of the same bytes the cache gives the same module.
    const modules = plugins.map(({ wasm }) => this.modules.load(wasm));
    const key = JSON.stringify([plugins.map(({ wasm: _wasm, ...options }) => options), clock]);
    const { current } = this;
    const isSame =
      current?.key === key &&
      current.modules.length === modules.length &&
      current.modules.every((module, i) => module === modules[i]);
    // After a trap the next case begins afresh: the clock stands still, so no VM would ever be due again.
    if (isSame && current.host.traps.length === 0) return { state: "ready" };
    const host = new Host({
      ...(clock !== undefined && { now: new Date(clock) }),
      modules: this.modules,
      onHttpCall: (call) => {
        const path = call.headers.find(([name]) => name === ":path")?.[1];
        const answer = this.answer?.calls?.find((other) => other.path === path) ?? this.answer;
        if (answer) call.respond({ ...answer, headers: echoHeaders(answer) });
      },
    });
    try {
      const loaded = plugins.map((options) => host.load(options));
      this.current = { key, modules, host, proxy: new Proxy(host, loaded) };
      return { state: "ready" };
    } catch (error) {
      this.current = undefined;
      const isRefusal =
        error instanceof FilterwrightError && (error.code === "FW_CONFIG_REFUSED" || error.code === "FW_TRAP");
      if (!isRefusal) throw error;
      const trap: LogLine[] = error.code === "FW_TRAP" ? [{ level: "error", message: error.message }] : [];
      return { state: "rejected", log: [...host.logs.map(toLogLine), ...trap] };
    }
  }

  /** @throws FilterwrightError FW_NO_ANSWER where the stream is reset, or a filter holds it for good */
  exchange({ request, upstream, expect }: Pick<Case, "request" | "upstream" | "expect">): Exchange {
    const { host, proxy } = this.current!;
    const position = host.logs.length;
    const trapped = host.traps.length;
    const before = metricsOf(host, expect.metrics);
    this.answer = upstream;
    const body = mayHaveBody(upstream.status, request.method) ? upstream.body : "";
    const exchange = proxy.send(
      { ...request, headers: [...request.headers, ...framing(request)] },
      { upstream: { ...upstream, headers: echoHeaders(upstream), body } },
    );
    // A filter may wait for a timer.
    for (let left = PATIENCE_MS; left > 0 && !exchange.isOver; left -= 10) host.advance(10);
    const isHeld = exchange.stream.isHeld;
    exchange.abort();
    const { response, received } = exchange;
    const traps = host.traps.slice(trapped).map(({ message }) => message);
    if (!response) throw noAnswer(request, isHeld);
    const metrics = () => changes(before, metricsOf(host, expect.metrics));
    const isAsExpected = () => Object.entries(metrics()).every(([name, change]) => change === expect.metrics?.[name]);
    for (let left = METRICS_PATIENCE_MS; left > 0 && !isAsExpected(); left -= 10) host.advance(10);
    return { response, received, log: host.logs.slice(position).map(toLogLine), traps, metrics: metrics() };
  }
}

const has = (lines: readonly Pair[], ...names: string[]): boolean =>
  lines.some(([name]) => names.includes(name.toLowerCase()));

/** How long the body is, as the client of the other back ends says it; around chunks the proxy does. */
function framing(request: CaseRequest): Pair[] {
  return framingOf(request).filter(([name]) => name === "content-length");
}

/** What the echo upstream of the other back ends sends beside what it is told to. */
function echoHeaders({ status, headers, body, trailers = [] }: Response): Pair[] {
  const isLengthSent =
    mayHaveBody(status, "GET") && trailers.length === 0 && !has(headers, "content-length", "transfer-encoding");
  const length: Pair[] = isLengthSent ? [["content-length", String(body.length)]] : [];
  return [...headers, ...length, ["connection", "keep-alive"]];
}

function mayHaveBody(status: number, method: string): boolean {
  return status >= 200 && status !== 204 && status !== 304 && method !== "HEAD";
}

function metricsOf(host: Host, wanted: Record<string, number> = {}): Record<string, number> {
  const { counters, gauges } = host.metrics;
  return Object.fromEntries(
    Object.keys(wanted).map((name) => [name, Number(counters.get(name) ?? gauges.get(name) ?? 0n)]),
  );
}

export function changes(before: Record<string, number>, after: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(after).map(([name, value]) => [name, value - (before[name] ?? 0)]));
}

function toLogLine({ level, message }: LogLine): LogLine {
  return { level, message };
}

function noAnswer({ method, path }: CaseRequest, isHeld: ProxyExchange["stream"]["isHeld"]): FilterwrightError {
  const held = isHeld.request ? "request" : isHeld.response ? "response" : undefined;
  const reason = held ? `a filter holds the ${held} and nothing lets it go` : "the stream was reset";
  return new FilterwrightError("FW_NO_ANSWER", `${method} ${path} got no answer: ${reason}`);
}
