import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { FilterwrightError } from "../errors.ts";
import {
  type Attribute,
  decodeUtf8,
  encodeUtf8,
  type FailurePolicy,
  Host,
  type LogLevel,
  type LogLine,
  type Plugin,
  Proxy,
  type ProxyOptions,
  type TraceEvent,
  toBytes,
  traceLine,
} from "../host/index.ts";
import { GrpcCall } from "./grpc-call.ts";
import { HttpCall } from "./http-call.ts";
import { Exchange, toRequest, toResponse } from "./exchange.ts";
import { type FilterRequest, type FilterResponse, toByteString } from "./message.ts";

/** An attribute as tests write it: whole numbers are Envoy's 64-bit integers; a Date is a time. */
export type Property = string | number | bigint | boolean | Date | Property[] | { [key: string]: Property };

export interface FilterOptions {
  /** Default: the module's name without `.wasm`. */
  rootId?: string;
  /** The plugin configuration: an object is sent as JSON, text and bytes as they are. Default: none. */
  config?: object | string | Uint8Array;
  vmConfig?: string | Uint8Array;
  environment?: Record<string, string>;
  /** What `get_property` finds, by first name: `{ source: { address: "10.0.0.1:80" } }`. */
  properties?: Record<string, Property>;
  /** What the upstream answers. Default: 200 without a body. `none`: nothing until `exchange.respond` is called. */
  upstream?: FilterResponse | "none";
  /** Clusters that calls can be made to. Default: `upstream`. */
  clusters?: string[];
  /** Called when the filter makes an HTTP call; it may answer at once: `(call) => call.respond({ status: 200 })`. */
  onHttpCall?: (call: HttpCall) => void;
  onGrpcCall?: (call: GrpcCall) => void;
  /** What the clock shows at first. Default: 2026-01-01T00:00:00Z. It stands still until `advance`. */
  now?: Date;
  /** Bytes for `random_get`, one at a time. Default: the same sequence in every test. */
  random?: () => number;
  /** Default: `info`. */
  logLevel?: LogLevel | "off";
  /** Capabilities that Envoy would be told to allow. Default: all. */
  capabilities?: string[];
  /** Default: FAIL_CLOSED. */
  failurePolicy?: FailurePolicy;
  allowOnHeadersStopIteration?: boolean;
  /** The only host calls that the filter may make, such as `proxy_log`: any other fails the test. Default: all. */
  strict?: readonly string[];
}

/**
 * Loads a module, in a host of its own.
 *
 * @param module path of a `.wasm`, a built filter's name (`build/NAME.wasm`), or the module's bytes
 * @throws FilterwrightError FW_ENVOY_MODULE_MISSING, FW_MODULE, FW_CONFIG_REFUSED with what the filter logged, FW_TRAP
 */
export function loadFilter(module: string | Uint8Array, options: FilterOptions = {}): Filter {
  if (typeof module !== "string") return load(module, "", options);
  const file = module.endsWith(".wasm") ? module : join("build", `${module}.wasm`);
  if (existsSync(file)) return load(readFileSync(file), basename(file, ".wasm"), options);
  throw new FilterwrightError("FW_ENVOY_MODULE_MISSING", `expected a module at ${file}, found none`, {
    hint: "Build the module first: filterwright build",
  });
}

function load(wasm: Uint8Array, name: string, options: FilterOptions): Filter {
  try {
    return new Filter(wasm, name, options);
  } catch (error) {
    if (!(error instanceof FilterwrightError) || !error.detail) throw error;
    // vitest shows a message and no more of an error.
    const { code, message, detail } = error;
    throw new FilterwrightError(code, `${message}\n${detail}`, { detail, cause: error });
  }
}

/** A filter in a host, for one test. */
export class Filter {
  readonly host: Host;
  readonly plugin: Plugin;
  /** Calls between host and module, a line each, from the beginning. */
  readonly trace: string[] = [];
  private readonly proxy: Proxy;
  private readonly allHttpCalls: HttpCall[] = [];
  private readonly allGrpcCalls: GrpcCall[] = [];

  constructor(wasm: Uint8Array, name: string, options: FilterOptions) {
    const { now, random, logLevel, clusters, onHttpCall, onGrpcCall } = options;
    this.host = new Host({
      ...(now && { now }),
      ...(random && { random }),
      ...(logLevel && { logLevel }),
      ...(clusters && { clusters }),
      onHttpCall: (hostCall) => {
        const call = new HttpCall(hostCall);
        this.allHttpCalls.push(call);
        onHttpCall?.(call);
      },
      onGrpcCall: (hostCall) => {
        const call = new GrpcCall(hostCall);
        this.allGrpcCalls.push(call);
        onGrpcCall?.(call);
      },
      trace: (event) => this.record(event, options.strict),
    });
    const rootId = options.rootId ?? name;
    const { vmConfig, environment, capabilities, failurePolicy, allowOnHeadersStopIteration } = options;
    this.plugin = this.host.load({
      wasm,
      name: rootId,
      rootId,
      configuration: toConfiguration(options.config),
      ...(vmConfig !== undefined && { vmConfiguration: vmConfig }),
      ...(environment && { environment }),
      ...(capabilities && { capabilities }),
      ...(failurePolicy && { failurePolicy }),
      ...(allowOnHeadersStopIteration !== undefined && { allowOnHeadersStopIteration }),
      attributes: toAttributes(options.properties ?? {}),
    });
    this.proxy = new Proxy(this.host, [this.plugin], upstreamOf(options.upstream ?? {}));
  }

  /** A client sends a request, and the upstream answers it. */
  send(request: FilterRequest = {}, upstream?: FilterResponse | "none"): Exchange {
    const options = upstream === undefined ? {} : upstreamOf(upstream);
    return new Exchange(
      () => this.proxy.send(toRequest(request), options),
      () => this,
    );
  }

  /** Lets time pass: timers tick, and calls whose time is up end. */
  advance(milliseconds: number): void {
    this.host.advance(milliseconds);
  }

  /** Drives `proxy_on_tick`, whatever the clock shows. */
  tick(): void {
    this.plugin.context.tick();
  }

  /** Another configuration takes the filter's place: drives `proxy_on_done` and `proxy_on_delete`. */
  end(): void {
    this.plugin.end();
  }

  /** HTTP calls that wait for their answer. */
  get httpCalls(): HttpCall[] {
    return this.allHttpCalls.filter((call) => call.isPending);
  }

  /** gRPC calls and streams that are not done with. */
  get grpcCalls(): GrpcCall[] {
    return this.allGrpcCalls.filter(({ state }) => state === "open" || state === "closed");
  }

  get logs(): LogLine[] {
    return this.host.logs;
  }

  /** What has trapped, from the beginning, such as `proxy_on_request_headers trapped: unreachable`. */
  get traps(): string[] {
    return this.host.traps.map(({ message }) => message);
  }

  /** Counters and gauges by name. */
  get metrics(): Record<string, number> {
    const { counters, gauges } = this.host.metrics;
    return Object.fromEntries([...counters, ...gauges].map(([name, value]) => [decodeUtf8(name), Number(value)]));
  }

  /** Values that histograms were given, by name. */
  get histograms(): Record<string, number[]> {
    const entries = [...this.host.metrics.histograms];
    return Object.fromEntries(entries.map(([name, values]) => [decodeUtf8(name), values.map(Number)]));
  }

  /** Shared data by key, read as UTF-8. */
  get sharedData(): Record<string, string> {
    const entries = Object.entries(this.host.shared.entries(""));
    return Object.fromEntries(entries.map(([key, value]) => [decodeUtf8(key), decodeUtf8(value)]));
  }

  /** Shared data of a key as it is; undefined where there is none. */
  sharedBytes(key: string): Uint8Array | undefined {
    const found = this.host.shared.get("", encodeUtf8(key));
    return found && toBytes(found.value);
  }

  /** Puts shared data where the filter finds it. @param value text is put as UTF-8 */
  setSharedData(key: string, value: string | Uint8Array): void {
    this.host.shared.set("", encodeUtf8(key), toByteString(value), 0);
  }

  /** What waits in a queue that the filter has registered, read as UTF-8; undefined where there is none of that name. */
  queue(name: string): string[] | undefined {
    return this.host.shared.queued("", encodeUtf8(name))?.map(decodeUtf8);
  }

  /** What waits in a queue as it is. */
  queueBytes(name: string): Uint8Array[] | undefined {
    return this.host.shared.queued("", encodeUtf8(name))?.map(toBytes);
  }

  /**
   * Puts something into a queue: drives `proxy_on_queue_ready`.
   *
   * @param item text is put as UTF-8
   * @throws FilterwrightError FW_USAGE where the filter has not registered it
   */
  enqueue(name: string, item: string | Uint8Array): void {
    const token = this.host.shared.resolveQueue("", encodeUtf8(name));
    if (token === undefined) throw new FilterwrightError("FW_USAGE", `the filter has no queue ${name}`);
    this.host.shared.enqueue(token, toByteString(item));
  }

  private record(event: TraceEvent, strict: readonly string[] | undefined): void {
    const line = traceLine(event);
    this.trace.push(line);
    if (!strict || event.direction === "callback" || strict.includes(event.name)) return;
    const expected = strict.length === 0 ? "none" : strict.join(", ");
    throw new FilterwrightError("FW_UNEXPECTED_CALL", `expected no host call but ${expected}, found ${line}`);
  }
}

function upstreamOf(upstream: FilterResponse | "none"): ProxyOptions {
  return { upstream: upstream === "none" ? () => undefined : toResponse(upstream) };
}

function toConfiguration(config: FilterOptions["config"] = ""): string | Uint8Array {
  return typeof config === "string" || config instanceof Uint8Array ? config : JSON.stringify(config);
}

function toAttributes(properties: Record<string, Property>): Record<string, Attribute> {
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, toAttribute(value)]));
}

function toAttribute(value: Property): Attribute {
  if (typeof value === "string") return encodeUtf8(value);
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : value;
  if (value instanceof Date) return BigInt(value.getTime()) * 1_000_000n;
  if (Array.isArray(value)) return value.map(toAttribute);
  return typeof value === "object" ? toAttributes(value) : value;
}
