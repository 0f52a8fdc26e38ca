import { BufferType, MapType, Result } from "./abi.ts";
import { type ByteString } from "./bytes.ts";
import { type Body, Context } from "./context.ts";
import { HeaderMap } from "./header-map.ts";
import { type Attribute, readAttribute } from "./property.ts";
import type { HttpCall } from "./services.ts";
import type { Vm } from "./vm.ts";

export interface PluginNames {
  name: string;
  rootId: string;
  vmId: string;
}

/** The answer to an HTTP call: what callbacks of the moment see of it. */
interface CallAnswer {
  headers: HeaderMap;
  body: ByteString;
  trailers: HeaderMap | undefined;
}

/** A plugin in a VM: its root context. */
export class PluginContext extends Context {
  readonly names: PluginNames;
  /** Attributes that a plugin sees, its names apart. */
  readonly attributes: Record<string, Attribute>;
  /** Milliseconds between ticks; 0 for none. */
  tickPeriod = 0;
  isDone = false;

  /** It was told to end, and has asked for time. */
  private isEnding = false;
  private configuration: ByteString | undefined;
  private readonly calls = new Set<number>();
  private answer: CallAnswer | undefined;
  private nextToken = 0;

  constructor(vm: Vm, names: PluginNames, attributes: Record<string, Attribute>) {
    super(vm);
    this.names = names;
    this.attributes = attributes;
  }

  get root(): Context {
    return this;
  }

  get logPrefix(): string {
    const { name, rootId, vmId } = this.names;
    return [name, rootId, vmId].filter((part) => part !== "").join(" ");
  }

  /** Creates the plugin, starts the VM for it and configures it. @returns false where the module refuses, or traps */
  start(configuration: ByteString): boolean {
    this.configuration = configuration;
    this.vm.invoke(this, "proxy_on_context_create", this.id, 0);
    const size = this.vm.options.configuration.length;
    const started = this.vm.invoke(this, "proxy_on_vm_start", this.id, size).value;
    const configured =
      started === 0 ? 0 : this.vm.invoke(this, "proxy_on_configure", this.id, configuration.length).value;
    this.configuration = undefined;
    return this.vm.failure === undefined && configured !== 0;
  }

  tick(): void {
    this.vm.invoke(this, "proxy_on_tick", this.id);
  }

  setTickPeriod(milliseconds: number): void {
    this.tickPeriod = milliseconds;
  }

  queueReady(token: number): void {
    // Envoy posts it to the plugin's thread: it never comes in the midst of a callback.
    this.vm.later(() => this.vm.invoke(this, "proxy_on_queue_ready", this.id, token));
  }

  /** @returns undefined where it cannot be made */
  httpCall(call: Omit<HttpCall, "token">): number | undefined {
    const headers = new HeaderMap("request headers", call.headers);
    const isWhole = [":method", ":path", ":authority"].every((name) => headers.get(name) !== undefined);
    if (call.timeout < 0 || !this.vm.services.hasCluster(call.cluster) || !isWhole) return undefined;
    if (call.body !== "") headers.replace("content-length", String(call.body.length));
    this.nextToken += 4;
    const token = this.nextToken;
    this.calls.add(token);
    this.vm.services.onHttpCall({ ...call, headers: headers.pairs(), token });
    return token;
  }

  /** Delivers the answer to an HTTP call; undefined for one that failed. */
  answerHttpCall(token: number, answer: CallAnswer | undefined): void {
    if (!this.calls.delete(token)) return;
    this.answer = answer;
    if (!answer) this.status = { code: Result.BrokenConnection, message: "reset" };
    this.vm.invoke(
      this,
      "proxy_on_http_call_response",
      this.id,
      token,
      answer?.headers.length ?? 0,
      answer?.body.length ?? 0,
      answer?.trailers?.length ?? 0,
    );
    this.answer = undefined;
    this.status = { ...this.status, message: "" };
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

  private delete(): void {
    if (this.isDone) return;
    this.isDone = true;
    this.tickPeriod = 0;
    this.vm.invoke(this, "proxy_on_delete", this.id);
    this.vm.contexts.delete(this.id);
  }

  mapToRead(type: number): HeaderMap | undefined {
    if (type === MapType.HttpCallResponseHeaders) return this.answer?.headers;
    if (type === MapType.HttpCallResponseTrailers) return this.answer?.trailers;
    return undefined;
  }

  mapToWrite(): HeaderMap | undefined {
    return undefined;
  }

  body(type: number): Body | undefined {
    const constant = (bytes: ByteString | undefined) => (bytes === undefined ? undefined : { bytes, isMutable: false });
    if (type === BufferType.VmConfiguration) return constant(this.vm.options.configuration);
    if (type === BufferType.PluginConfiguration) return constant(this.configuration);
    if (type === BufferType.HttpCallResponseBody) return constant(this.answer?.body);
    return constant("");
  }

  property([first = "", ...path]: ByteString[]): ByteString | Result {
    return readAttribute(this.attribute(first), path);
  }

  /** What a plugin and its streams see alike. */
  attribute(name: ByteString): Attribute | undefined {
    if (name === "plugin_name") return this.names.name;
    if (name === "plugin_root_id") return this.names.rootId;
    if (name === "plugin_vm_id") return this.names.vmId;
    return this.attributes[name];
  }

  setProperty(): Result {
    return Result.NotFound;
  }
}
