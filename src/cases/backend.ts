import { setTimeout as sleep } from "node:timers/promises";
import type { EchoControl } from "../echo/control.ts";
import type { ReceivedRequest, Response } from "../echo/exchange.ts";
import type { EnvoyOutput } from "../envoy/output.ts";
import type { RunningEnvoy } from "../envoy/start.ts";
import type { BackendName, Case } from "./case-file.ts";
import { changes } from "./host-session.ts";
import { type Destination, send } from "./send.ts";

const METRICS_PATIENCE_MS = 2_500;

/** Something that cases run on. */
export interface Backend {
  name: BackendName;
  /** What its Envoy prints, where it is one of ours. */
  output?: EnvoyOutput | undefined;
  /** Gets ready for a case: its configuration is in force when this returns. */
  prepare(testCase: Case): Promise<Readiness>;
  exchange(testCase: Case): Promise<Exchange>;
  close(): Promise<void>;
}

export type Readiness =
  | { state: "ready" }
  /** The configuration was refused; the log lines that came with it. */
  | { state: "rejected"; log: LogLine[] }
  /** The case cannot be run here, and why. */
  | { state: "skip"; reason: string };

/** What came of one request. */
export interface Exchange {
  response: Response;
  /** The request as the upstream got it; undefined where it got none. */
  received: ReceivedRequest | undefined;
  /** What the filter logged meanwhile; undefined where the log cannot be read. */
  log: LogLine[] | undefined;
  /** What trapped meanwhile, and how; none where that cannot be known. */
  traps: string[];
  /** By how much the metrics that the case names have changed. */
  metrics: Record<string, number>;
}

/** A line that a plugin logged. */
export interface LogLine {
  level: string;
  message: string;
}

/** A server with a filter in it, and the echo upstream behind it. */
export interface Target {
  destination: Destination;
  upstream: EchoControl;
  /** Where we started it ourselves. */
  envoy?: RunningEnvoy;
}

/**
 * Sends a case's request through, and sees what reached either end.
 *
 * @throws FilterwrightError FW_NO_ANSWER, or FW_ENVOY_EXITED where an Envoy of ours is gone
 */
export async function exchange({ destination, upstream, envoy }: Target, testCase: Case): Promise<Exchange> {
  await upstream.answer(testCase.upstream);
  const position = envoy?.output.position ?? 0;
  const before = envoy ? await metricsOf(envoy, testCase) : {};
  const response = await send(destination, testCase.request).catch(async (error: unknown) => {
    await envoy?.rethrowIfEnded();
    throw error;
  });
  const [received] = await upstream.received();
  const log = envoy && (await logOf(envoy, position, testCase));
  const traps = trapsIn(envoy?.output.since(position) ?? "");
  return { response, received, log, traps, metrics: envoy ? await metricsChanged(envoy, before, testCase) : {} };
}

/** What plugins logged since; waits for what the case expects, since the log comes through a pipe, a moment late. */
async function logOf(envoy: RunningEnvoy, position: number, { expect }: Case): Promise<LogLine[]> {
  for (const { matches } of expect.log ?? []) await envoy.output.waitFor(new RegExp(matches), position);
  return pluginLog(envoy.output.since(position));
}

/** Metrics that the case names, as they are now. Envoy puts a prefix before the names that filters give. */
async function metricsOf(envoy: RunningEnvoy, { expect }: Case): Promise<Record<string, number>> {
  const names = Object.keys(expect.metrics ?? {});
  if (names.length === 0) return {};
  const pattern = names.map((name) => name.replace(/[^\w-]/g, "\\$&")).join("|");
  const stats = await envoy.admin.stats(`^wasmcustom\\.(${pattern})$`);
  return Object.fromEntries(names.map((name) => [name, stats[`wasmcustom.${name}`] ?? 0]));
}

/** Waits until they are as expected: a filter may write them once a second. */
async function metricsChanged(
  envoy: RunningEnvoy,
  before: Record<string, number>,
  testCase: Case,
): Promise<Record<string, number>> {
  const wanted = testCase.expect.metrics ?? {};
  for (const deadline = Date.now() + METRICS_PATIENCE_MS; ; await sleep(20)) {
    const seen = changes(before, await metricsOf(envoy, testCase));
    const isAsExpected = Object.entries(wanted).every(([name, change]) => seen[name] === change);
    if (isAsExpected || Date.now() > deadline) return seen;
  }
}

/** Envoy refuses configurations for many reasons; these lines say that the plugin's own on_configure answered false, or trapped. */
export function isPluginsRefusal(log: string): boolean {
  return /Failed to configure base Wasm plugin|filterwright aot: .* is not accepted/.test(log);
}

/** What Envoy says of traps: `Function: proxy_on_request_headers failed: Uncaught RuntimeError: unreachable`. */
function trapsIn(log: string): string[] {
  return [...log.matchAll(/\[(?:wasm|dynamic_modules)\] \[[^\]]*\] (?:.* )?Function: (\S+) failed: (.*)$/gm)].map(
    ([, callback, reason]) => `${callback} trapped: ${reason}`,
  );
}

/** The lines of an Envoy log that plugins wrote, as `[time][id][level][wasm] [place] wasm log NAME ROOT_ID VM_ID: MESSAGE`. */
export function pluginLog(log: string): LogLine[] {
  return [
    ...log.matchAll(/^\[[^\]]*\]\[\d+\]\[(\w+)\]\[(?:wasm|dynamic_modules)\] \[[^\]]*\] wasm log[^:]*: (.*)$/gm),
  ].map(([, level, message]) => ({
    level: level === "warning" ? "warn" : level!,
    message: message!,
  }));
}
