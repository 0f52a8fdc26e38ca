import { FilterwrightError } from "../errors.ts";
import { Result } from "./abi.ts";
import type { ByteString } from "./bytes.ts";
import { hostCalls } from "./calls/index.ts";
import type { CallTable } from "./calls/table.ts";
import { NOT_CAPABLE } from "./calls/wasi.ts";
import type { Context } from "./context.ts";
import { GuestMemory } from "./memory.ts";
import { VmMetrics } from "./metrics.ts";
import type { LoadedModule } from "./module.ts";
import type { HostServices } from "./services.ts";
import { isCapability } from "./signatures.ts";
import { readCall } from "./trace.ts";
import type { Import } from "./wasm-module.ts";

export interface VmOptions {
  vmId: string;
  /** What `proxy_on_vm_start` is given. */
  configuration: ByteString;
  environment: Record<string, string>;
  /** Names of the host calls and callbacks that are allowed; undefined for all. */
  capabilities: ReadonlySet<string> | undefined;
}

/** What came of a callback. */
export interface Outcome {
  /** What it answered; undefined where the module does not have it, or the VM has failed. */
  value: number | undefined;
  /** Whether a local reply was sent meanwhile, so that the answer does not count. */
  isStopped: boolean;
}

/** Host calls that a module may make while it starts; anything else traps. */
const ALLOWED_AT_START =
  /^(emscripten_notify_memory_growth|proxy_log|fd_(?!close$|read$|seek$)\w+|args_\w+|environ_\w+|clock_\w+|random_get|poll_oneoff|path_(?!open$)\w+|sock_\w+)$/;
/** And while it allocates. */
const ALLOWED_IN_MALLOC = /^(proxy_log|fd_write|clock_time_get|poll_oneoff)$/;

/** One instance of a module, with the contexts that live in it: proxy-wasm-cpp-host's `WasmBase`. */
export class Vm {
  readonly options: VmOptions;
  readonly services: HostServices;
  readonly metrics: VmMetrics;
  readonly contexts = new Map<number, Context>();
  memory!: GuestMemory;
  /** Why it runs no more: it trapped. */
  failure: FilterwrightError | undefined;
  /** A local reply was sent in the callback at hand. */
  isIterationStopped = false;

  /** What it exports: names may be given to other things too. */
  private readonly functions = new Map<string, (...args: number[]) => number | undefined>();
  private nextContextId = 1;
  private current: Context | undefined;
  private effectiveId = 0;
  private allowed: RegExp | undefined;
  private readonly afterCall: (() => void)[] = [];
  /** Tokens of calls are counted by kind, which is in their two low bits. */
  private readonly callTokens = { http: 0, "grpc call": 1, "grpc stream": 2 };

  constructor({ module, imports, maxPages }: LoadedModule, options: VmOptions, services: HostServices) {
    this.options = options;
    this.services = services;
    this.metrics = new VmMetrics(services.metrics);
    this.guard("_initialize", () => {
      this.allowed = ALLOWED_AT_START;
      const provided = this.provideAll(imports, maxPages);
      const instance = new WebAssembly.Instance(module, provided);
      for (const [name, value] of Object.entries(instance.exports)) {
        if (typeof value === "function") this.functions.set(name, value as () => number);
      }
      this.memory = new GuestMemory(memoryOf(instance.exports, provided));
      const main = this.functions.has("main") ? "main" : "__main_void";
      const start = this.functions.has("_initialize") ? ["_initialize", main] : ["_start"];
      for (const name of start) this.functions.get(name)?.(0, 0);
    });
    this.allowed = undefined;
  }

  /** Gives a new context its number. */
  register(context: Context): number {
    const id = this.nextContextId++;
    this.contexts.set(id, context);
    return id;
  }

  /** The context that host calls of this moment act on. */
  get context(): Context {
    return this.contexts.get(this.effectiveId) ?? this.current!;
  }

  /** The plugin's names in front of a line of log; while the VM starts or allocates, it acts for none. */
  get logPrefix(): string {
    return this.allowed ? "" : this.context.logPrefix;
  }

  /** @param id 0 for that of the callback. @returns false for a context that is not there */
  setEffectiveContext(id: number): boolean {
    if (id !== 0 && !this.contexts.has(id)) return false;
    this.effectiveId = id;
    return true;
  }

  has(callback: string): boolean {
    return this.functions.has(callback) && this.isAllowed(callback);
  }

  /** It runs, and a plugin, or a stream, is in it. */
  get isInUse(): boolean {
    return !this.failure && this.contexts.size > 0;
  }

  nextCallToken(kind: keyof Vm["callTokens"]): number {
    return (this.callTokens[kind] += 4);
  }

  /** Calls a callback, and then does what host calls have put off until it returns. */
  invoke(context: Context, callback: string, ...args: number[]): Outcome {
    if (this.failure || !this.has(callback)) return { value: undefined, isStopped: false };
    return this.services.loop.turn(() => {
      const value = this.callAs(context, callback, args);
      if (this.failure) context.onTrap(callback);
      const isStopped = this.isIterationStopped;
      this.isIterationStopped = false;
      for (let action = this.afterCall.shift(); action; action = this.afterCall.shift()) action();
      return { value, isStopped };
    });
  }

  private callAs(context: Context, callback: string, args: number[]): number | undefined {
    const before = { current: this.current, effectiveId: this.effectiveId };
    this.current = context;
    this.effectiveId = 0;
    const call = this.functions.get(callback)!;
    this.services.trace?.({ direction: "callback", name: callback, args });
    try {
      return this.guard(callback, () => call(...args) ?? 0);
    } finally {
      this.current = before.current;
      this.effectiveId = before.effectiveId;
    }
  }

  /** Puts something off until the callback returns. */
  later(action: () => void): void {
    this.afterCall.push(action);
  }

  /**
   * Memory of the module's, filled. An allocator that traps ends the VM, but not the callback at hand: as in Envoy, it goes on.
   *
   * @returns 0 where the module gives none
   */
  allocate(bytes: ByteString): number {
    const malloc = (this.functions.get("malloc") ?? this.functions.get("proxy_on_memory_allocate"))!;
    this.allowed = ALLOWED_IN_MALLOC;
    const address = (this.guard("malloc", () => malloc(bytes.length)) ?? 0) >>> 0;
    return address !== 0 && this.memory.write(address, bytes) ? address : 0;
  }

  /** Gives bytes to the module: their address and size through two pointers. No bytes are address 0. @returns false where a pointer is out of memory */
  give(bytes: ByteString, addressAt: number, sizeAt: number): boolean {
    const address = bytes.length === 0 ? 0 : this.allocate(bytes);
    if (bytes.length > 0 && address === 0) return false;
    return this.memory.writeU32(addressAt, address) && this.memory.writeU32(sizeAt, bytes.length);
  }

  /** An empty list allows everything, and so does Envoy what is no capability. */
  isAllowed(name: string): boolean {
    const { capabilities } = this.options;
    return !capabilities || capabilities.size === 0 || capabilities.has(name) || !isCapability(name);
  }

  /** What the module imports. Its names may be those of what every object has: `__proto__`. */
  private provideAll(imports: readonly Import[], maxPages: number): WebAssembly.Imports {
    const table = Object.create(null) as WebAssembly.Imports;
    for (const entry of imports) {
      const module = (table[entry.module] ??= Object.create(null) as WebAssembly.Exports);
      module[entry.name] = this.provide(entry, maxPages);
    }
    return table;
  }

  /** Envoy makes memories and tables as they are asked for. */
  private provide({ module, name, kind, limits }: Import, maxPages: number): unknown {
    const { initial = 0, maximum = maxPages } = limits ?? {};
    if (kind === "memory") return new WebAssembly.Memory({ initial, maximum: Math.min(maximum, maxPages) });
    if (kind === "table") return new WebAssembly.Table({ initial, ...limits, element: "anyfunc" });
    // SDKs import host calls that a filter never makes: one that is missing is an error where it is made.
    const call = hostCalls[name] ?? (() => missing(`${module}.${name}`));
    return (...args: (number | bigint)[]) => {
      this.checkMayCall(module, name);
      return this.services.trace ? this.traced(name, call, args) : this.enter(name, call, args);
    };
  }

  private checkMayCall(module: string, name: string): void {
    if (this.memory === undefined) {
      const where = `${module}.${name} is called in the module's start section`;
      throw new FilterwrightError("FW_MODULE", `${where}: Envoy crashes there, for it has no memory of the module yet`);
    }
    if (this.allowed && !this.allowed.test(name)) {
      throw new WebAssembly.RuntimeError(`restricted_callback: ${name}`);
    }
  }

  private enter(name: string, call: CallTable[string], args: (number | bigint)[]): number | void {
    if (!this.isAllowed(name)) return name.startsWith("proxy_") ? Result.InternalFailure : NOT_CAPABLE;
    return call(this, ...args);
  }

  private traced(name: string, call: CallTable[string], raw: (number | bigint)[]): number | void {
    const { args, readGiven } = readCall(name, raw, this.memory);
    const result = this.enter(name, call, raw);
    this.services.trace!({ direction: "host call", name, args, result: result ?? 0, given: readGiven() });
    return result;
  }

  /** A trap ends the VM. So does what else is thrown, an error of the host's own, which goes on to the caller. */
  private guard<T>(name: string, call: () => T): T | undefined {
    try {
      return call();
    } catch (cause) {
      const isTrap = TRAPS.some((kind) => cause instanceof kind);
      const trap = new FilterwrightError("FW_TRAP", `${name} trapped: ${(cause as Error).message}`, { cause });
      this.failure ??= trap;
      if (!isTrap) throw cause;
      this.services.onTrap(trap);
      return undefined;
    } finally {
      this.allowed = undefined;
    }
  }
}

/** Beside what the module does wrong: too deep a recursion, more than there is of memory, and imports that do not fit. */
const TRAPS = [WebAssembly.RuntimeError, RangeError, WebAssembly.LinkError];

/** Envoy takes whichever memory is exported, by any name, or the one that it made for an import. */
function memoryOf(exports: WebAssembly.Exports, imports: WebAssembly.Imports): WebAssembly.Memory {
  const values = [exports, ...Object.values(imports)].flatMap((table) => Object.values(table));
  return values.find((value) => value instanceof WebAssembly.Memory)!;
}

function missing(name: string): never {
  throw new FilterwrightError("FW_HOST_CALL", `this host does not have ${name}`);
}
