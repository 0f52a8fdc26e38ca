import { BufferType, Result } from "./abi.ts";
import { pluginAttribute } from "./attributes.ts";
import type { ByteString } from "./bytes.ts";
import { type Body, Context } from "./context.ts";
import { GrpcCalls } from "./grpc-calls.ts";
import type { HeaderMap } from "./header-map.ts";
import { HttpCalls } from "./http-calls.ts";
import { type Attribute, attributeOf, readAttribute } from "./property.ts";
import { undefinedInEnvoy } from "./undefined.ts";
import type { Vm } from "./vm.ts";

export interface PluginNames {
  name: string;
  rootId: string;
  vmId: string;
}

/** A plugin in a VM: its root context. */
export class PluginContext extends Context {
  readonly names: PluginNames;
  /** Attributes that a plugin sees, its names apart. */
  readonly attributes: Record<string, Attribute>;
  /** `allow_on_headers_stop_iteration` */
  readonly allowsStopIteration: boolean;
  /** Milliseconds between ticks; 0 for none. */
  tickPeriod = 0;
  isDeleted = false;
  readonly httpCalls = new HttpCalls(this);
  readonly grpcCalls = new GrpcCalls(this);

  /** It was told to end, and has asked for time. */
  private isEnding = false;
  private configuration: ByteString | undefined;

  constructor(
    vm: Vm,
    names: PluginNames,
    options: { attributes?: Record<string, Attribute>; allowOnHeadersStopIteration?: boolean },
  ) {
    super(vm);
    this.names = names;
    this.attributes = options.attributes ?? {};
    this.allowsStopIteration = options.allowOnHeadersStopIteration ?? false;
  }

  get root(): Context {
    return this;
  }

  get logPrefix(): string {
    return joined(this.names.rootId, this.names.vmId);
  }

  /** Streams say the plugin's name too. */
  get streamLogPrefix(): string {
    return joined(this.names.name, this.names.rootId, this.names.vmId);
  }

  /** Creates the plugin, starts the VM for it and configures it. @returns false where the module refuses, or traps */
  start(configuration: ByteString): boolean {
    this.configuration = configuration;
    this.vm.invoke(this, "proxy_on_context_create", this.id, 0);
    this.configuration = undefined;
    const size = this.vm.options.configuration.length;
    const started = this.vm.invoke(this, "proxy_on_vm_start", this.id, size).value;
    this.configuration = configuration;
    const configured =
      started === 0 ? 0 : this.vm.invoke(this, "proxy_on_configure", this.id, configuration.length).value;
    this.configuration = undefined;
    return this.vm.failure === undefined && configured !== 0;
  }

  setTickPeriod(milliseconds: number): void {
    const { timers } = this.vm.services;
    this.tickPeriod = milliseconds;
    timers.clear(this);
    if (milliseconds > 0) timers.set(this, milliseconds, () => this.tickAndGoOn());
  }

  private tickAndGoOn(): void {
    if (this.vm.failure || this.isDeleted) return;
    this.setTickPeriod(this.tickPeriod); // before: the tick may set another
    this.tick();
  }

  /** Drives `proxy_on_tick`. */
  tick(): void {
    this.vm.invoke(this, "proxy_on_tick", this.id);
  }

  queueReady(token: number): void {
    // Envoy posts it to the plugin's thread: it never comes in the midst of anything.
    this.vm.services.loop.post(() => {
      if (!this.isDeleted) this.vm.invoke(this, "proxy_on_queue_ready", this.id, token);
    });
  }

  /** The plugin is to end. It ends at once, or when it says so by `done`. */
  end(): void {
    this.isEnding = this.vm.invoke(this, "proxy_on_done", this.id).value === 0;
    if (!this.isEnding) this.delete();
  }

  done(): Result {
    if (!this.isEnding) return Result.NotFound;
    this.isEnding = false;
    this.vm.later(() => this.delete());
    return Result.Ok;
  }

  /** It is taken away without a word to the module, as Envoy does it with what it only tries out. */
  discard(): void {
    this.isDeleted = true;
    this.setTickPeriod(0);
    this.vm.contexts.delete(this.id);
  }

  private delete(): void {
    if (this.isDeleted) return;
    this.isDeleted = true;
    this.setTickPeriod(0);
    this.vm.invoke(this, "proxy_on_delete", this.id);
    this.vm.contexts.delete(this.id);
  }

  mapToRead(type: number): HeaderMap | undefined {
    return this.httpCalls.map(type) ?? this.grpcCalls.map(type);
  }

  mapToWrite(): HeaderMap | undefined {
    return undefined;
  }

  body(type: number): Body | undefined {
    const bytes = this.bytes(type);
    return bytes === undefined ? undefined : { bytes, isMutable: false };
  }

  private bytes(type: number): ByteString | undefined {
    switch (type) {
      case BufferType.VmConfiguration:
        return this.vm.options.configuration;
      case BufferType.PluginConfiguration:
        return this.configuration;
      case BufferType.HttpCallResponseBody:
        return this.httpCalls.body(type);
      case BufferType.GrpcReceiveBuffer:
        return this.grpcCalls.body(type);
      case BufferType.CallData:
        return undefinedInEnvoy("the call data is read outside of a callback that has some");
      default:
        return "";
    }
  }

  property([first = "", ...path]: ByteString[]): ByteString | Result {
    return readAttribute(this.attribute(first) ?? pluginAttribute(first), path);
  }

  /** What a plugin and its streams see alike. */
  attribute(name: ByteString): Attribute | undefined {
    if (name === "plugin_name") return this.names.name;
    if (name === "plugin_root_id") return this.names.rootId;
    if (name === "plugin_vm_id") return this.names.vmId;
    return attributeOf(this.attributes, name);
  }

  setProperty(): Result {
    return Result.NotFound;
  }
}

const joined = (...names: string[]): string => names.filter((name) => name !== "").join(" ");
