import { FilterwrightError } from "../errors.ts";
import { LogLevel } from "./abi.ts";
import { type ByteString, decodeUtf8, encodeUtf8, fromBytes } from "./bytes.ts";
import { EventLoop } from "./event-loop.ts";
import type { GrpcCall } from "./grpc-calls.ts";
import type { HttpCall } from "./http-calls.ts";
import { HttpStream } from "./http-stream.ts";
import type { StreamEnds, StreamOptions } from "./stream-options.ts";
import { DEFAULT_MAX_MEMORY } from "./memory-limit.ts";
import { MetricStore } from "./metrics.ts";
import { type LoadedModule, ModuleCache } from "./module.ts";
import { Plugin, type PluginOptions } from "./plugin.ts";
import { PluginContext } from "./plugin-context.ts";
import type { HostServices } from "./services.ts";
import { Shared } from "./shared.ts";
import { Timers } from "./timers.ts";
import type { TraceEvent } from "./trace.ts";
import { Vm } from "./vm.ts";

export interface HostOptions {
  /** What the clock shows at first. Default: 2026-01-01T00:00:00Z. */
  now?: Date;
  /** Bytes of `random_get`, one at a time. Default: a fixed sequence. */
  random?: () => number;
  /** Least level that is logged. Default: `info`, as Envoy's. */
  logLevel?: LogLevel | "off";
  /** Names of clusters that calls can be made to. Default: `upstream`. */
  clusters?: string[];
  /** Bytes of memory that a module may have: beyond, it cannot grow. Default: 1 GiB, as Envoy's. */
  maxMemory?: number;
  /** Modules that other hosts have compiled already. */
  modules?: ModuleCache;
  /** Called with every callback and every host call. */
  trace?: (event: TraceEvent) => void;
  /** Called when a plugin makes an HTTP call; it may answer at once. */
  onHttpCall?: (call: HttpCall) => void;
  onGrpcCall?: (call: GrpcCall) => void;
}

/** A line that a plugin logged. */
export interface LogLine {
  level: LogLevel;
  /** The plugin's name, root_id and vm_id. */
  plugin: string;
  message: string;
}

/**
 * Runs proxy-wasm modules as Envoy does, in one thread, without Envoy: the modules of ABI 0.2.0 and 0.2.1 of any language.
 * Clock, timers and random numbers are the caller's to set. Needs nothing of Node.
 */
export class Host {
  readonly logs: LogLine[] = [];
  readonly metrics = new MetricStore();
  readonly shared = new Shared();
  /** HTTP calls that plugins have made, in order. */
  readonly httpCalls: HttpCall[] = [];
  readonly traps: FilterwrightError[] = [];

  /** gRPC calls and streams that plugins have begun, in order. */
  readonly grpcCalls: GrpcCall[] = [];

  private readonly timers: Timers;
  private readonly services: HostServices;
  private readonly modules: ModuleCache;
  private readonly maxMemory: number;
  /** Those that plugins may share, by what they are made of. */
  private readonly vms: { key: string; module: LoadedModule; vm: Vm }[] = [];

  constructor(options: HostOptions = {}) {
    this.modules = options.modules ?? new ModuleCache();
    this.maxMemory = options.maxMemory ?? DEFAULT_MAX_MEMORY;
    this.timers = new Timers(BigInt((options.now ?? new Date("2026-01-01T00:00:00Z")).getTime()) * 1_000_000n);
    const level = options.logLevel === "off" ? LogLevel.length : LogLevel.indexOf(options.logLevel ?? "info");
    const clusters = new Set(options.clusters ?? ["upstream"]);
    const random = options.random ?? fixedRandom();
    this.services = {
      metrics: this.metrics,
      shared: this.shared,
      timers: this.timers,
      loop: new EventLoop(),
      now: () => this.timers.now,
      random: (size) => Uint8Array.from({ length: size }, random),
      logLevel: () => level,
      log: (lineLevel, plugin, message) => {
        this.logs.push({ level: lineLevel, plugin, message: decodeUtf8(message) });
      },
      onTrap: (failure) => void this.traps.push(failure),
      trace: options.trace,
      hasCluster: (name) => clusters.has(name),
      onHttpCall: (call) => {
        this.httpCalls.push(call);
        if (call.timeout > 0) this.timers.set(call, call.timeout, () => call.timeOut());
        options.onHttpCall?.(call);
      },
      onGrpcCall: (call) => {
        this.grpcCalls.push(call);
        if (call.timeout > 0) this.timers.set(call, call.timeout, () => call.close(GRPC_DEADLINE_EXCEEDED));
        options.onGrpcCall?.(call);
      },
    };
  }

  /**
   * Loads a module and configures a plugin.
   *
   * @throws FilterwrightError FW_MODULE where Envoy would not load it, FW_CONFIG_REFUSED where it refuses its configuration,
   *   FW_TRAP where it traps, FW_HOST_CALL where it needs what this host does not have
   */
  load(options: PluginOptions): Plugin {
    return new Plugin(options, () => this.start(options));
  }

  /** A stream through several plugins. @param plugins in the order in which requests meet them */
  openStream(plugins: readonly Plugin[], options: StreamOptions = {}, ends: StreamEnds = {}): HttpStream {
    const filters = plugins.map((plugin) => plugin.forStream());
    return new HttpStream(this.services.loop, filters, options, ends);
  }

  /** Nanoseconds since 1970. */
  get now(): bigint {
    return this.timers.now;
  }

  /** Does something when all that is going on is done, as an answer that comes over the network. */
  post(action: () => void): void {
    this.services.loop.post(action);
  }

  /** Lets time pass: timers that become due tick, and calls whose time is up end, each in its turn. */
  advance(milliseconds: number): void {
    this.timers.advance(milliseconds);
  }

  private start(options: PluginOptions): PluginContext {
    const vmConfiguration = bytesOf(options.vmConfiguration);
    const key = JSON.stringify([options.vmId, vmConfiguration, options.environment, options.capabilities]);
    const module = this.modules.load(options.wasm, this.maxMemory);
    const vmOptions = {
      vmId: options.vmId ?? "",
      configuration: vmConfiguration,
      environment: options.environment ?? {},
      capabilities: options.capabilities && new Set(options.capabilities),
    };
    const logged = this.logs.length;
    const vm = new Vm(module, vmOptions, this.services);
    const context = this.configure(vm, options);
    const known = this.vms.find((shared) => shared.key === key && shared.module === module);
    if (known?.vm.isInUse) {
      // As Envoy, it was tried out in a VM of its own, so that one which traps or refuses does no harm to those in the shared VM.
      context.discard();
      this.logs.length = logged;
      return this.configure(known.vm, options);
    }
    if (known) known.vm = vm;
    else this.vms.push({ key, module, vm });
    return context;
  }

  /** @throws FilterwrightError FW_TRAP, FW_CONFIG_REFUSED */
  private configure(vm: Vm, options: PluginOptions): PluginContext {
    if (vm.failure) throw vm.failure;
    const names = { name: options.name ?? "", rootId: options.rootId ?? "", vmId: options.vmId ?? "" };
    const context = new PluginContext(vm, names, options);
    const logged = this.logs.length;
    if (context.start(bytesOf(options.configuration))) return context;
    context.discard();
    throw vm.failure ?? configRefused(this.logs.slice(logged));
  }
}

/** FW_CONFIG_REFUSED, with what the module logged. */
export function configRefused(log: readonly { level: string; message: string }[]): FilterwrightError {
  const detail = log.map(({ level, message }) => `${level}: ${message}`).join("\n");
  return new FilterwrightError("FW_CONFIG_REFUSED", "the module refuses its configuration", { detail });
}

const GRPC_DEADLINE_EXCEEDED = 4;

function bytesOf(value: string | Uint8Array | undefined): ByteString {
  return typeof value === "object" ? fromBytes(value) : encodeUtf8(value ?? "");
}

/** xorshift32 from a fixed seed: the same bytes in every run. */
function fixedRandom(): () => number {
  let state = 0x9e3779b9;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 0xff;
  };
}
