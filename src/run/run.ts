import { randomUUID } from "node:crypto";
import type { CaseRequest, SourceAddress } from "../cases/case-file.ts";
import type { ReceivedRequest, Response } from "../echo/exchange.ts";
import type { EnvoyBinary } from "../envoy/find.ts";
import { portBusy } from "../envoy/ports.ts";
import { changesOf, endToEnd } from "./baseline.ts";
import { envoyRunner } from "./envoy-runner.ts";
import { hostRunner } from "./host-runner.ts";
import { type Entries, Journal } from "./journal.ts";
import type { Report } from "./report.ts";
import { type Outcome, type Runner, type RunnerOptions, UPSTREAM } from "./runner.ts";
import { serve } from "./serve.ts";
import { echoUpstream, urlUpstream } from "./upstream.ts";

export interface RunOptions extends Omit<RunnerOptions, "clusters" | "journal"> {
  /** 0 for any. */
  port: number;
  /** Default: the echo. */
  upstream: string | undefined;
  /** URLs of other clusters that the plugin may call, by their names. */
  clusters: ReadonlyMap<string, string>;
  /** Undefined: the TypeScript host. */
  envoy: EnvoyBinary | undefined;
  onReport(report: Report): void;
  /** What was said while no request was under way. */
  onEntries(entries: Entries): void;
}

export interface Run {
  /** What the filter runs in. */
  title: string;
  port: number;
  /** Rejects when the filter can run no longer. */
  failure: Promise<never>;
  close(): Promise<void>;
}

const IDLE_MS = 200;

/**
 * Puts a filter in front of an upstream, and tells of each request what the filter changed.
 *
 * @throws FilterwrightError FW_PORT_BUSY, FW_USAGE for a URL that is none, what `Host.load` and `startEnvoy` throw
 */
export async function startRun({
  envoy,
  port,
  upstream,
  clusters,
  onReport,
  onEntries,
  ...plugin
}: RunOptions): Promise<Run> {
  const journal = new Journal();
  const upstreams = new Map([...clusters].map(([name, url]) => [name, urlUpstream(url, journal)]));
  upstreams.set(UPSTREAM, upstream === undefined ? echoUpstream() : urlUpstream(upstream, journal));
  const options: RunnerOptions = { ...plugin, clusters: upstreams, journal };
  let runner: Runner | undefined;
  let underWay = 0;
  /** When the last request was told of. */
  let told = Promise.resolve();

  const tell = async (request: CaseRequest, outcome: Outcome, milliseconds: number) => {
    await runner!.settle();
    onReport({
      request: { method: request.method, path: request.path, authority: request.authority },
      status: outcome.response?.status ?? null,
      reached: outcome.received !== undefined,
      milliseconds: Math.round(milliseconds * 10) / 10,
      changes: changesOf(request, outcome),
      ...journal.take(),
    });
    underWay--;
  };
  // The port comes first: whoever finds it busy need not wait for an Envoy.
  const server = await serve(port, async (received, { remoteAddress = "", remotePort = 0 }, gone) => {
    if (!runner) return undefined;
    await told; // else what is logged next would count for the last one
    underWay++;
    const request = clientRequest(received, { address: remoteAddress, port: remotePort });
    const start = performance.now();
    const outcome = await runner.exchange(request, gone);
    told = tell(request, outcome, performance.now() - start);
    return outcome.response && onNewConnection(outcome.response);
  }).catch((error: NodeJS.ErrnoException) => {
    throw portBusy("127.0.0.1", port, error);
  });
  try {
    runner = envoy ? await envoyRunner(options, envoy) : hostRunner(options);
  } catch (error) {
    await server.close();
    throw error;
  }
  const { title, failure } = runner;
  const idle = setInterval(() => {
    if (underWay === 0) void runner.settle().then(() => underWay === 0 && onEntries(journal.take()));
  }, IDLE_MS);
  return {
    title,
    port: server.port,
    failure,
    async close() {
      clearInterval(idle);
      await server.close();
      await runner.close();
    },
  };
}

/** The response without what was said of the connection between us and the filter. */
function onNewConnection(response: Response): Response {
  return { ...response, headers: response.headers.filter(([name]) => name.toLowerCase() !== "connection") };
}

/** What a proxy passes on of what a client sent. */
function clientRequest({ headers, ...rest }: ReceivedRequest, source: SourceAddress): CaseRequest {
  const has = (wanted: string) => headers.some(([name]) => name.toLowerCase() === wanted);
  const authority = headers.find(([name]) => name.toLowerCase() === "host")?.[1] ?? "";
  // `expect` was answered already, when the body was read.
  const lines = endToEnd(headers).filter(([name]) => !["host", "expect"].includes(name.toLowerCase()));
  // Envoy would make one; this way we know it, and see it when a filter changes it.
  if (!has("x-request-id")) lines.push(["x-request-id", randomUUID()]);
  return { ...rest, authority, headers: lines, source };
}
