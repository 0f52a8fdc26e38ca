import { BufferType, DataStatus, HeadersStatus, MapType, Result, TrailersStatus } from "./abi.ts";
import { isUnknown, type StreamInfo, streamAttribute } from "./attributes.ts";
import type { ByteString } from "./bytes.ts";
import { type Body, Context, type LocalReply } from "./context.ts";
import type { Direction } from "./flow.ts";
import { HeaderMap } from "./header-map.ts";
import type { PluginContext } from "./plugin-context.ts";
import { type Attribute, Group, readAttribute } from "./property.ts";
import { undefinedInEnvoy } from "./undefined.ts";
import type { Outcome } from "./vm.ts";

/** What the stream's owner, the filter chain, does for its context. */
export interface Chain {
  /** The stream is gone. */
  readonly isOver: boolean;
  continue(direction: Direction): void;
  /** What the chain holds of the body. */
  buffered(direction: Direction): Body | undefined;
  /** Adds to it. */
  buffer(direction: Direction, body: Body): void;
  makeTrailers(direction: Direction, trailers: HeaderMap): void;
  close(): void;
  reset(): void;
  sendLocalReply(reply: LocalReply): void;
  /** The VM has trapped. */
  fail(): void;
  attribute(name: ByteString): Attribute | undefined;
  /** Of the stream. */
  readonly filterState: Map<ByteString, ByteString>;
  readonly info: StreamInfo;
}

/** One direction of a stream, as the context sees it: there only while its callbacks have it. */
class Side {
  headers: HeaderMap | undefined;
  body: Body | undefined;
  trailers: HeaderMap | undefined;
  /** The filter sees what the chain has buffered in the place of the chunk at hand. */
  isBuffering = false;
}

/** One HTTP stream in a VM: Envoy's `Context`, with its rules of when a map or a body is to be had. */
export class StreamContext extends Context {
  readonly plugin: PluginContext;
  private readonly chain: Chain;
  private readonly request = new Side();
  private readonly response = new Side();
  private isAtEnd = false;
  /** `proxy_on_context_create` is called when the first callback is due. */
  isCreated = false;
  private isBeingCreated = false;
  private logged: { request: HeaderMap; response: HeaderMap | undefined; trailers: HeaderMap | undefined } | undefined;

  constructor(plugin: PluginContext, chain: Chain) {
    super(plugin.vm);
    this.plugin = plugin;
    this.chain = chain;
  }

  /** Makes it known to the module, once. */
  create(): void {
    if (this.isCreated) return;
    this.isCreated = true;
    this.isBeingCreated = true;
    this.vm.invoke(this, "proxy_on_context_create", this.id, this.plugin.id);
    this.isBeingCreated = false;
  }

  get root(): Context {
    return this.plugin;
  }

  get logPrefix(): string {
    return this.plugin.streamLogPrefix;
  }

  override get isLogging(): boolean {
    return this.logged !== undefined;
  }

  /** The access log's turn. */
  log(logged: NonNullable<StreamContext["logged"]>): void {
    this.create(); // also a request that no filter saw is logged
    this.logged = logged;
    this.vm.invoke(this, "proxy_on_log", this.id);
    this.logged = undefined;
  }

  /** The stream is gone. Of an HTTP stream Envoy does not wait for `proxy_done`. */
  destroy(): void {
    if (this.isCreated) {
      this.vm.invoke(this, "proxy_on_done", this.id);
      this.vm.invoke(this, "proxy_on_delete", this.id);
    }
    this.vm.contexts.delete(this.id);
  }

  onHeaders(direction: Direction, headers: HeaderMap, isEnd: boolean): number {
    this.create();
    const side = this[direction];
    side.headers = headers;
    this.isAtEnd = isEnd;
    const { value = 0, isStopped } = this.call(direction, "headers", headers.length, isEnd ? 1 : 0);
    const status = headersStatus(value, isStopped, this.plugin.allowsStopIteration);
    if (status === HeadersStatus.Continue) side.headers = undefined;
    return status;
  }

  onBody(direction: Direction, body: Body, isEnd: boolean): number {
    const side = this[direction];
    if (side.isBuffering) {
      this.chain.buffer(direction, body);
      if (this.chain.isOver) return DataStatus.StopIterationAndBuffer;
    }
    side.body = body;
    this.isAtEnd = isEnd;
    const size = this.bodyOf(direction)?.bytes.length ?? 0;
    const { value = 0, isStopped } = this.call(direction, "body", size, isEnd ? 1 : 0);
    const isOdd = isStopped || value >>> 0 > DataStatus.StopIterationNoBuffer;
    const status = isOdd ? DataStatus.StopIterationNoBuffer : value;
    side.isBuffering = status === DataStatus.StopIterationAndBuffer;
    if (status === DataStatus.Continue) side.body = undefined;
    return status;
  }

  onTrailers(direction: Direction, trailers: HeaderMap): number {
    const side = this[direction];
    side.trailers = trailers;
    const { value = 0, isStopped } = this.call(direction, "trailers", trailers.length);
    const isContinued = value === TrailersStatus.Continue && !isStopped;
    if (isContinued) side.trailers = undefined;
    return isContinued ? TrailersStatus.Continue : TrailersStatus.StopIteration;
  }

  private call(direction: Direction, part: string, ...args: number[]): Outcome {
    return this.vm.invoke(this, `proxy_on_${direction}_${part}`, this.id, ...args);
  }

  override onTrap(callback: string): void {
    if (/^proxy_on_re(quest|sponse)_/.test(callback)) this.chain.fail();
  }

  private bodyOf(direction: Direction): Body | undefined {
    const side = this[direction];
    const body = side.isBuffering ? this.chain.buffered(direction) : side.body;
    if (body?.isGone) undefinedInEnvoy(`the ${direction} body is used outside of its callback`);
    return body;
  }

  mapToRead(type: number): HeaderMap | undefined {
    if (type > MapType.ResponseTrailers) return this.plugin.mapToRead(type);
    if (this.logged) {
      const { request, response, trailers } = this.logged;
      return [request, undefined, response, trailers][type];
    }
    return [this.request.headers, this.request.trailers, this.response.headers, this.response.trailers][type];
  }

  mapToWrite(type: number): HeaderMap | undefined {
    switch (type) {
      case MapType.RequestHeaders:
        return this.request.headers;
      case MapType.RequestTrailers:
        return this.trailersToWrite("request");
      case MapType.ResponseHeaders:
        return this.response.headers;
      case MapType.ResponseTrailers:
        return this.trailersToWrite("response");
      default:
        return undefined;
    }
  }

  /** At the end of a body, writing trailers makes them. */
  private trailersToWrite(direction: Direction): HeaderMap | undefined {
    const side = this[direction];
    if (!side.trailers && side.body && this.isAtEnd) {
      side.trailers = new HeaderMap(`${direction} trailers`);
      this.chain.makeTrailers(direction, side.trailers);
    }
    return side.trailers;
  }

  body(type: number): Body | undefined {
    if (type === BufferType.HttpRequestBody) return this.bodyOf("request") ?? { bytes: "", isMutable: false };
    if (type === BufferType.HttpResponseBody) return this.bodyOf("response") ?? { bytes: "", isMutable: false };
    return this.plugin.body(type);
  }

  property([first = "", ...path]: ByteString[]): ByteString | Result {
    const given = this.chain.attribute(first) ?? this.plugin.attribute(first);
    const isPartial = typeof given === "object" && !isUnknown(first);
    const own = isPartial || given === undefined ? this.ownAttribute(first) : undefined;
    const isPart =
      own instanceof Group && typeof given === "object" && !Array.isArray(given) && !(given instanceof Group);
    return readAttribute(isPart ? own.with(given) : (given ?? own ?? this.chain.filterState.get(first)), path);
  }

  private ownAttribute(name: ByteString): Attribute | undefined {
    return streamAttribute(name, this.chain.info, {
      request: this.request.headers ?? this.logged?.request,
      response: this.response.headers ?? this.logged?.response,
      trailers: this.response.trailers ?? this.logged?.trailers,
    });
  }

  setProperty(path: ByteString, value: ByteString): Result {
    this.chain.filterState.set(path, value);
    return Result.Ok;
  }

  override continueStream(type: number): Result {
    if (type > 1) return type === 2 ? Result.Ok : Result.Unimplemented;
    this.vm.later(() => this.chain.continue(type === 0 ? "request" : "response"));
    // Envoy drops the request's for either direction.
    this.request.headers = undefined;
    this.request.body = undefined;
    this.request.trailers = undefined;
    return Result.Ok;
  }

  override closeStream(type: number): Result {
    if (type > 1) return Result.Ok;
    if (this.isBeingCreated) undefinedInEnvoy("a stream is closed while its context is created");
    this.chain.close();
    this.vm.later(() => this.chain.reset());
    return Result.Ok;
  }

  override sendLocalReply(reply: LocalReply): void {
    this.vm.later(() => this.chain.sendLocalReply(reply));
  }
}

/** What a header callback's answer comes to: `convertVmCallResultToFilterHeadersStatus`, and Envoy's own conversion. */
function headersStatus(value: number, isStopped: boolean, allowsStopIteration: boolean): number {
  if (isStopped || value >>> 0 > HeadersStatus.StopAllIterationAndWatermark)
    return HeadersStatus.StopAllIterationAndWatermark;
  if (value === HeadersStatus.StopIteration && !allowsStopIteration) return HeadersStatus.StopAllIterationAndWatermark;
  return value === HeadersStatus.ContinueAndEndStream ? HeadersStatus.Continue : value;
}
