import { BufferType, DataStatus, HeadersStatus, MapType, Result, TrailersStatus } from "./abi.ts";
import type { ByteString } from "./bytes.ts";
import { type Body, Context, type LocalReply } from "./context.ts";
import { HeaderMap } from "./header-map.ts";
import type { PluginContext } from "./plugin-context.ts";
import { type Attribute, readAttribute } from "./property.ts";

/** What the stream's owner, the filter chain, does for its context. */
export interface Chain {
  continueDecoding(): void;
  continueEncoding(): void;
  reset(): void;
  sendLocalReply(reply: LocalReply): void;
  attribute(name: ByteString): Attribute | undefined;
}

/** One direction of a stream, as the context sees it: there only while its callbacks have it. */
class Side {
  headers: HeaderMap | undefined;
  body: Body | undefined;
  trailers: HeaderMap | undefined;
}

/** One HTTP stream in a VM: Envoy's `Context`, with its rules of when a map or a body is to be had. */
export class StreamContext extends Context {
  readonly plugin: PluginContext;
  private readonly chain: Chain;
  private readonly request = new Side();
  private readonly response = new Side();
  private readonly filterState = new Map<ByteString, ByteString>();
  private isAtEnd = false;
  /** `proxy_on_context_create` is called when the first callback is due. */
  isCreated = false;
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
    this.vm.invoke(this, "proxy_on_context_create", this.id, this.plugin.id);
  }

  get root(): Context {
    return this.plugin;
  }

  get logPrefix(): string {
    return this.plugin.logPrefix;
  }

  override get isLogging(): boolean {
    return this.logged !== undefined;
  }

  onRequestHeaders(headers: HeaderMap, isEnd: boolean): number {
    this.create();
    return this.onHeaders(this.request, "proxy_on_request_headers", headers, isEnd);
  }

  onRequestBody(body: Body, isEnd: boolean): number {
    return this.onBody(this.request, "proxy_on_request_body", body, isEnd);
  }

  onRequestTrailers(trailers: HeaderMap): number {
    return this.onTrailers(this.request, "proxy_on_request_trailers", trailers);
  }

  onResponseHeaders(headers: HeaderMap, isEnd: boolean): number {
    return this.onHeaders(this.response, "proxy_on_response_headers", headers, isEnd);
  }

  onResponseBody(body: Body, isEnd: boolean): number {
    return this.onBody(this.response, "proxy_on_response_body", body, isEnd);
  }

  onResponseTrailers(trailers: HeaderMap): number {
    return this.onTrailers(this.response, "proxy_on_response_trailers", trailers);
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

  private onHeaders(side: Side, callback: string, headers: HeaderMap, isEnd: boolean): number {
    side.headers = headers;
    this.isAtEnd = isEnd;
    const { value = 0, isStopped } = this.vm.invoke(this, callback, this.id, headers.length, isEnd ? 1 : 0);
    const status = headersStatus(this.vm.failure ? -1 : value, isStopped, this.plugin.allowsStopIteration);
    if (status === HeadersStatus.Continue) side.headers = undefined;
    return status;
  }

  private onBody(side: Side, callback: string, body: Body, isEnd: boolean): number {
    side.body = body;
    this.isAtEnd = isEnd;
    const { value = 0, isStopped } = this.vm.invoke(this, callback, this.id, body.bytes.length, isEnd ? 1 : 0);
    const isStoppedAnyway =
      isStopped || this.vm.failure !== undefined || value >>> 0 > DataStatus.StopIterationNoBuffer;
    const status = isStoppedAnyway ? DataStatus.StopIterationNoBuffer : value;
    if (status === DataStatus.Continue) side.body = undefined;
    return status;
  }

  private onTrailers(side: Side, callback: string, trailers: HeaderMap): number {
    side.trailers = trailers;
    const { value = 0, isStopped } = this.vm.invoke(this, callback, this.id, trailers.length);
    const isContinued = value === TrailersStatus.Continue && !isStopped && this.vm.failure === undefined;
    if (isContinued) side.trailers = undefined;
    return isContinued ? TrailersStatus.Continue : TrailersStatus.StopIteration;
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
        return this.trailersToWrite(this.request, "request trailers");
      case MapType.ResponseHeaders:
        return this.response.headers;
      case MapType.ResponseTrailers:
        return this.trailersToWrite(this.response, "response trailers");
      default:
        return undefined;
    }
  }

  /** At the end of a body, writing trailers makes them. */
  private trailersToWrite(side: Side, kind: "request trailers" | "response trailers"): HeaderMap | undefined {
    if (!side.trailers && side.body && this.isAtEnd) {
      side.trailers = new HeaderMap(kind);
      this.onTrailersMade(kind, side.trailers);
    }
    return side.trailers;
  }

  /** Set by the chain, which sends them. */
  onTrailersMade: (kind: "request trailers" | "response trailers", trailers: HeaderMap) => void = () => {};

  body(type: number): Body | undefined {
    if (type === BufferType.HttpRequestBody) return this.request.body ?? { bytes: "", isMutable: false };
    if (type === BufferType.HttpResponseBody) return this.response.body ?? { bytes: "", isMutable: false };
    return this.plugin.body(type);
  }

  property([first = "", ...path]: ByteString[]): ByteString | Result {
    const attribute = this.chain.attribute(first) ?? this.plugin.attribute(first) ?? this.filterState.get(first);
    return readAttribute(attribute, path);
  }

  setProperty(path: ByteString, value: ByteString): Result {
    this.filterState.set(path, value);
    return Result.Ok;
  }

  override continueStream(type: number): Result {
    if (type > 1) return type === 2 ? Result.Ok : Result.Unimplemented;
    this.vm.later(() => (type === 0 ? this.chain.continueDecoding() : this.chain.continueEncoding()));
    // Envoy drops the request's for either direction.
    this.request.headers = undefined;
    this.request.body = undefined;
    this.request.trailers = undefined;
    return Result.Ok;
  }

  override closeStream(type: number): Result {
    if (type <= 1) this.vm.later(() => this.chain.reset());
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
