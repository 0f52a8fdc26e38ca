import { FilterwrightError } from "../errors.ts";
import { LogLevel } from "./abi.ts";
import { type ByteString, decodeUtf8, encodeUtf8, fromBytes } from "./bytes.ts";
import { type FailurePolicy, HttpStream } from "./http-stream.ts";
import { MetricStore } from "./metrics.ts";
import { loadModule } from "./module.ts";
import { PluginContext } from "./plugin-context.ts";
import type { Attribute } from "./property.ts";
import type { HostServices, HttpCall, TraceEvent } from "./services.ts";
import { Shared } from "./shared.ts";
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
  /** Called with every callback and every host call. */
  trace?: (event: TraceEvent) => void;
}

/** A line that a plugin logged. */
export interface LogLine {
  level: LogLevel;
  /** The plugin's name, root_id and vm_id. */
  plugin: string;
  message: string;
}

/** `envoy.extensions.wasm.v3.PluginConfig`. */
export interface PluginOptions {
  wasm: Uint8Array;
  name?: string;
  rootId?: string;
  vmId?: string;
  /** Text, or bytes. Default: none. */
  configuration?: string | Uint8Array;
  vmConfiguration?: string | Uint8Array;
  environment?: Record<string, string>;
  /** `capability_restriction_config`: names of the host calls and callbacks that are allowed. Default: all. */
  capabilities?: string[];
  failurePolicy?: FailurePolicy;
  /** Attributes that the plugin and all its streams see. */
  attributes?: Record<string, Attribute>;
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

  private clock: bigint;
  private readonly plugins: { context: PluginContext; sinceTick: number }[] = [];
  private readonly services: HostServices;

  constructor(options: HostOptions = {}) {
    this.clock = BigInt((options.now ?? new Date("2026-01-01T00:00:00Z")).getTime()) * 1_000_000n;
    const level = options.logLevel === "off" ? LogLevel.length : LogLevel.indexOf(options.logLevel ?? "info");
    const clusters = new Set(options.clusters ?? ["upstream"]);
    const random = options.random ?? fixedRandom();
    this.services = {
      metrics: this.metrics,
      shared: this.shared,
      now: () => this.clock,
      random: (size) => Uint8Array.from({ length: size }, random),
      logLevel: () => level,
      log: (lineLevel, plugin, message) => {
        this.logs.push({ level: lineLevel, plugin, message: decodeUtf8(message) });
      },
      onTrap: (failure) => void this.traps.push(failure),
      trace: options.trace,
      hasCluster: (name) => clusters.has(name),
      onHttpCall: (call) => void this.httpCalls.push(call),
    };
  }

  /**
   * Loads a module and configures a plugin in a VM of its own.
   *
   * @throws FilterwrightError FW_MODULE where Envoy would not load it, FW_CONFIG_REFUSED where it refuses its configuration,
   *   FW_TRAP where it traps
   */
  load(options: PluginOptions): Plugin {
    const vm = new Vm(
      loadModule(options.wasm),
      {
        vmId: options.vmId ?? "",
        configuration: bytesOf(options.vmConfiguration),
        environment: options.environment ?? {},
        capabilities: options.capabilities && new Set(options.capabilities),
      },
      this.services,
    );
    if (vm.failure) throw vm.failure;
    const names = { name: options.name ?? "", rootId: options.rootId ?? "", vmId: options.vmId ?? "" };
    const context = new PluginContext(vm, names, options.attributes ?? {});
    const logged = this.logs.length;
    if (!context.start(bytesOf(options.configuration))) {
      const detail = this.logs
        .slice(logged)
        .map(({ level, message }) => `${level}: ${message}`)
        .join("\n");
      throw (
        vm.failure ?? new FilterwrightError("FW_CONFIG_REFUSED", "the module refuses its configuration", { detail })
      );
    }
    this.plugins.push({ context, sinceTick: 0 });
    return new Plugin(context, options.failurePolicy ?? "FAIL_CLOSED");
  }

  /** Nanoseconds since 1970. */
  get now(): bigint {
    return this.clock;
  }

  /** Lets time pass: timers that become due tick, each in its turn. */
  advance(milliseconds: number): void {
    for (let left = milliseconds; left > 0; left--) {
      this.clock += 1_000_000n;
      for (const plugin of this.plugins) {
        plugin.sinceTick++;
        const { tickPeriod } = plugin.context;
        if (tickPeriod === 0 || plugin.sinceTick < tickPeriod) continue;
        plugin.sinceTick = 0;
        plugin.context.tick();
      }
    }
  }
}

/** A plugin that is configured. */
export class Plugin {
  readonly context: PluginContext;
  private readonly failurePolicy: FailurePolicy;

  constructor(context: PluginContext, failurePolicy: FailurePolicy) {
    this.context = context;
    this.failurePolicy = failurePolicy;
  }

  /** Bytes of the module's memory. */
  get memorySize(): number {
    return this.context.vm.memory.size;
  }

  openStream(attributes: Record<string, Attribute> = {}): HttpStream {
    return new HttpStream(this.context, { attributes, failurePolicy: this.failurePolicy });
  }

  /** Another configuration has taken its place. */
  end(): void {
    this.context.end();
  }
}

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
