import { FilterwrightError } from "../errors.ts";
import {
  decodeUtf8,
  encodeUtf8,
  Host,
  type LogLine,
  ModuleCache,
  type Plugin,
  Proxy,
  type ProxyExchange,
  type ProxyOptions,
  toBytes,
  type TraceEvent,
  traceLine,
} from "../host/index.ts";
import { expectHostCalls } from "../host/names.ts";
import { toRequest, toResponse } from "./convert.ts";
import { Exchange } from "./exchange.ts";
import { GrpcCall } from "./grpc-call.ts";
import { HttpCall } from "./http-call.ts";
import { type FilterRequest, type FilterResponse, toByteString } from "./message.ts";
import type { FilterHostOptions, FilterPluginOptions } from "./options.ts";
import { propertiesOf, toAttributes } from "./property.ts";

/** Compiled once, whatever tests load them. */
const modules = new ModuleCache();

/** A filter, or several in a chain, in a host for one test. */
export class Filter {
  readonly host: Host;
  /** In the order in which requests meet them. */
  readonly plugins: readonly Plugin[];
  /** Calls between host and modules, a line each, from the beginning. */
  readonly trace: string[] = [];
  private readonly proxy: Proxy;
  private readonly chain: readonly FilterPluginOptions[];
  private readonly vmId: string;
  private readonly allHttpCalls: HttpCall[] = [];
  private readonly allGrpcCalls: GrpcCall[] = [];
  private isEnded = false;

  /** @internal */
  constructor(
    chain: readonly (FilterPluginOptions & { wasm: Uint8Array; name: string })[],
    options: FilterHostOptions,
  ) {
    const { strict, requestId, bufferLimit, upstream, onHttpCall, onGrpcCall } = options;
    if (strict) expectHostCalls("in strict", strict);
    this.chain = chain;
    this.vmId = chain[0]?.vmId ?? "";
    this.host = new Host({
      now: options.now,
      random: options.random,
      logLevel: options.logLevel,
      clusters: options.clusters,
      maxMemory: options.maxMemory,
      modules,
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
      trace: (event) => this.record(event, strict),
    });
    this.plugins = chain.map((filter) =>
      this.host.load({
        ...filter,
        name: filter.rootId ?? filter.name,
        rootId: filter.rootId ?? filter.name,
        configuration: toConfiguration(filter.config),
        vmConfiguration: filter.vmConfig,
        attributes: toAttributes(filter.properties ?? {}),
      }),
    );
    this.proxy = new Proxy(this.host, this.plugins, { requestId, bufferLimit, ...upstreamOf(upstream ?? {}) });
  }

  /** The first of the plugins, and most often the only one. */
  get plugin(): Plugin {
    return this.plugins[0]!;
  }

  /** A client sends a request, and the upstream answers it. @throws FilterwrightError FW_USAGE after `end` */
  send(request: FilterRequest = {}, upstream?: FilterResponse | "none"): Exchange {
    return this.exchange((options) => this.proxy.send(toRequest(request), options), request, upstream);
  }

  /**
   * A client begins a request. It goes on by `exchange.sendBody` and `exchange.sendTrailers`, and time may pass meanwhile; the
   * upstream answers its end, or before by `exchange.respondHeaders`.
   *
   * @throws FilterwrightError FW_USAGE after `end`
   */
  open(request: Omit<FilterRequest, "body" | "trailers"> = {}, upstream?: FilterResponse | "none"): Exchange {
    return this.exchange((options) => this.proxy.open(toRequest(request), options), request, upstream);
  }

  /** Lets time pass: timers tick, and calls whose time is up end. @throws FilterwrightError FW_USAGE on what is no whole number */
  advance(milliseconds: number): void {
    this.host.advance(milliseconds);
  }

  /** Drives `proxy_on_tick`, whatever the clock shows. */
  tick(): void {
    for (const plugin of this.plugins) plugin.context.tick();
  }

  /** Another configuration takes the filter's place: drives `proxy_on_done` and `proxy_on_delete`. It gets no more requests. */
  end(): void {
    this.isEnded = true;
    for (const plugin of this.plugins) plugin.end();
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

  /** Shared data by key, read as UTF-8. This and what follows is of the first filter's `vmId`; `host.shared` has the others'. */
  get sharedData(): Record<string, string> {
    const entries = Object.entries(this.host.shared.entries(this.vmId));
    return Object.fromEntries(entries.map(([key, value]) => [decodeUtf8(key), decodeUtf8(value)]));
  }

  /** Shared data of a key as it is; undefined where there is none. */
  sharedBytes(key: string): Uint8Array | undefined {
    const found = this.host.shared.get(this.vmId, encodeUtf8(key));
    return found && toBytes(found.value);
  }

  /** Puts shared data where the filter finds it. @param value text is put as UTF-8 */
  setSharedData(key: string, value: string | Uint8Array): void {
    this.host.shared.set(this.vmId, encodeUtf8(key), toByteString(value), 0);
  }

  /** What waits in a queue that the filter has registered, read as UTF-8; undefined where there is none of that name. */
  queue(name: string): string[] | undefined {
    return this.host.shared.queued(this.vmId, encodeUtf8(name))?.map(decodeUtf8);
  }

  /** What waits in a queue as it is. */
  queueBytes(name: string): Uint8Array[] | undefined {
    return this.host.shared.queued(this.vmId, encodeUtf8(name))?.map(toBytes);
  }

  /**
   * Puts something into a queue: drives `proxy_on_queue_ready`.
   *
   * @param item text is put as UTF-8
   * @throws FilterwrightError FW_USAGE where the filter has not registered it
   */
  enqueue(name: string, item: string | Uint8Array): void {
    const token = this.host.shared.resolveQueue(this.vmId, encodeUtf8(name));
    if (token === undefined) throw new FilterwrightError("FW_USAGE", `the filter has no queue ${name}`);
    this.host.shared.enqueue(token, toByteString(item));
  }

  private exchange(
    begin: (options: ProxyOptions) => ProxyExchange,
    { properties, source }: FilterRequest,
    upstream: FilterResponse | "none" | undefined,
  ): Exchange {
    if (this.isEnded) throw new FilterwrightError("FW_USAGE", "the filter has ended: it gets no more requests");
    const below = this.chain.map((filter) => filter.properties ?? {});
    const attributes = toAttributes(propertiesOf(below, properties, source !== undefined));
    const options = { attributes, ...(upstream && upstreamOf(upstream)) };
    return new Exchange(
      () => begin(options),
      () => this,
    );
  }

  private record(event: TraceEvent, strict: readonly string[] | undefined): void {
    const line = traceLine(event);
    this.trace.push(line);
    if (!strict || event.direction === "callback" || strict.includes(event.name)) return;
    const others = strict.length === 0 ? "" : ` but ${strict.join(", ")}`;
    throw new FilterwrightError("FW_UNEXPECTED_CALL", `expected no host call${others}, found ${line}`);
  }
}

function upstreamOf(upstream: FilterResponse | "none"): ProxyOptions {
  return { upstream: upstream === "none" ? () => undefined : toResponse(upstream) };
}

function toConfiguration(config: FilterPluginOptions["config"] = ""): string | Uint8Array {
  return typeof config === "string" || config instanceof Uint8Array ? config : JSON.stringify(config);
}
