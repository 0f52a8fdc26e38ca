import { DOWNSTREAM_CONNECTION_TERMINATION, type Addresses, type StreamInfo } from "./attributes.ts";
import type { ByteString } from "./bytes.ts";
import type { Body, LocalReply } from "./context.ts";
import type { EventLoop } from "./event-loop.ts";
import { Filter, type FilterStream } from "./filter.ts";
import { type Direction, Flow } from "./flow.ts";
import { HeaderMap } from "./header-map.ts";
import { localReplyHeaders, tooLarge } from "./local-reply.ts";
import { Collector, type Message } from "./message.ts";
import type { Pair } from "./pairs.ts";
import type { PluginContext } from "./plugin-context.ts";
import { type Attribute, attributeOf } from "./property.ts";
import type { StreamEnds, StreamOptions } from "./stream-options.ts";
import { undefinedInEnvoy } from "./undefined.ts";

const DEFAULT_BUFFER_LIMIT = 1024 * 1024;

/** One HTTP stream through plugins, from downstream to upstream and back: Envoy's `FilterManager`. */
export class HttpStream implements FilterStream {
  /** The request as it left the last filter; undefined before. */
  get upstream(): Message | undefined {
    return this.toUpstream.message;
  }

  /** The response as it left the first filter; undefined before. */
  get downstream(): Message | undefined {
    return this.toDownstream.message;
  }

  /** Whether a filter, or a trap, ended the stream without an answer. */
  isReset = false;
  /** Why the response is a local one: Envoy's `%RESPONSE_CODE_DETAILS%`. */
  details: ByteString | undefined;
  isEnded = false;

  readonly request: Flow;
  readonly response: Flow;

  private readonly loop: EventLoop;
  private readonly ends: StreamEnds;
  private readonly filters: Filter[];
  /** What filters have set by `proxy_set_property`: all of the stream see it. */
  readonly filterState = new Map<ByteString, ByteString>();
  private readonly attributes: Record<string, Attribute>;
  private readonly addresses: Addresses;
  private readonly toUpstream: Collector;
  private readonly toDownstream: Collector;
  private requestHeaders = new HeaderMap("request headers");
  private responseHeaders: HeaderMap | undefined;
  /** What Envoy's codecs hand on, chunk by chunk. */
  private readonly chunks: Record<Direction, Body> = {
    request: { bytes: "", isMutable: true },
    response: { bytes: "", isMutable: true },
  };
  isGrpc = false;
  isHead = false;
  /** The filters of a direction were answered in the midst of a callback. */
  private readonly isAborted = { request: false, response: false };
  /** A reply that goes out when the callback at hand has returned. */
  private prepared: LocalReply | undefined;
  /** The response's end has come to the filters. */
  private isAnswered = false;
  /** Bytes of the request's body. */
  private received = 0;
  /** The response's, from the upstream at once, of a local reply when it goes out. */
  private code: number | undefined;
  /** Envoy's `%RESPONSE_CODE_DETAILS%` and response flags. */
  private codeDetails: ByteString | undefined;
  private flags = 0;

  /** @param plugins in the order in which requests meet them; `failsOpen`: requests pass it when it has failed */
  constructor(
    loop: EventLoop,
    plugins: readonly { context: PluginContext; failsOpen: boolean }[],
    options: StreamOptions = {},
    ends: StreamEnds = {},
  ) {
    this.loop = loop;
    this.ends = ends;
    this.attributes = options.attributes ?? {};
    this.addresses = options.addresses ?? {};
    const passed = plugins.filter(({ context, failsOpen }) => !failsOpen || !context.vm.failure);
    const last = passed.length - 1;
    this.filters = passed.map(({ context }, i) => new Filter(context, this, { request: i, response: last - i }));
    const onProgress = () => ends.onProgress?.();
    const isOver = () => this.isEnded;
    const accepts = (reply: LocalReply | undefined): boolean => {
      if (reply) this.sendLocalReply(reply);
      return reply === undefined;
    };
    this.toUpstream = new Collector((headers, isEnd) => accepts(ends.onRequest?.(headers, isEnd)), onProgress, isOver);
    this.toDownstream = new Collector(
      (headers, isEnd) => {
        this.code = statusOf(headers);
        return accepts(ends.onResponse?.(headers, isEnd, this.requestHeaders));
      },
      onProgress,
      isOver,
    );
    const limit = options.bufferLimit ?? DEFAULT_BUFFER_LIMIT;
    this.request = new Flow(
      this.filters.map(({ request }) => request),
      this.toUpstream,
      {
        isOver: () => this.isAnswered || this.isEnded,
        isDone: () => this.isAnswered,
        afterCallback: () => this.sendPrepared(),
        tooLarge: () => this.sendLocalReply(tooLarge(413, "request_payload_too_large", "Payload Too Large")),
        direction: "request",
      },
      limit,
    );
    this.response = new Flow(
      this.filters.map(({ response }) => response).toReversed(),
      this.toDownstream,
      {
        isOver: () => this.isEnded,
        isDone: () => this.downstream?.isComplete === true,
        afterCallback: () => this.isAborted.response,
        tooLarge: () => this.sendLocalReply(tooLarge(500, "response_payload_too_large", "Internal Server Error")),
        direction: "response",
      },
      limit,
    );
  }

  sendRequestHeaders(lines: readonly Pair[], isEnd: boolean): void {
    const headers = new HeaderMap("request headers", lines);
    this.requestHeaders = headers;
    this.isHead = headers.get(":method") === "HEAD";
    this.isGrpc = /^application\/grpc($|[+;])/.test(headers.get("content-type") ?? "");
    this.loop.turn(() => this.request.sendHeaders(headers, isEnd));
  }

  sendRequestBody(bytes: ByteString, isEnd: boolean): void {
    this.received += bytes.length;
    this.sendChunk("request", bytes, isEnd);
  }

  sendRequestTrailers(lines: readonly Pair[]): void {
    this.loop.turn(() => this.request.sendTrailers(new HeaderMap("request trailers", lines)));
  }

  sendResponseHeaders(lines: readonly Pair[], isEnd: boolean): void {
    if (this.isLocal) return;
    const headers = new HeaderMap("response headers", lines);
    this.code = statusOf(headers);
    this.codeDetails = "via_upstream";
    this.loop.turn(() => this.beginResponse(headers, isEnd));
  }

  sendResponseBody(bytes: ByteString, isEnd: boolean): void {
    if (this.isLocal) return;
    this.isAnswered ||= isEnd;
    this.sendChunk("response", bytes, isEnd);
  }

  sendResponseTrailers(lines: readonly Pair[]): void {
    if (this.isLocal) return;
    this.isAnswered = true;
    this.loop.turn(() => this.response.sendTrailers(new HeaderMap("response trailers", lines)));
  }

  /** Whether a filter holds the request, or the response. */
  get isHeld(): { request: boolean; response: boolean } {
    return { request: this.request.isHeld, response: this.response.isHeld };
  }

  /** The stream is over, complete or not: the access log's turn, then the contexts are deleted. Once. */
  end(): void {
    if (this.isEnded) return;
    this.isEnded = true;
    const logged = {
      request: this.requestHeaders,
      response: this.responseHeaders,
      trailers: this.response.trailers,
    };
    this.loop.turn(() => {
      for (const { context } of this.filters) context.log(logged);
      for (const { context } of this.filters) context.destroy();
    });
  }

  /** The client has gone away. */
  abort(): void {
    if (this.isEnded) return;
    this.codeDetails = "downstream_remote_disconnect";
    this.flags |= DOWNSTREAM_CONNECTION_TERMINATION;
    this.reset();
  }

  /** A filter is about to close it. */
  close(): void {
    this.codeDetails ??= "wasm_close_stream";
  }

  reset(): void {
    if (this.isEnded) return;
    this.abortIteration();
    this.isReset = true;
    this.ends.onProgress?.();
  }

  sendLocalReply(reply: LocalReply): void {
    if (this.isEnded) return;
    this.abortIteration();
    this.details = reply.details;
    this.codeDetails = reply.details;
    this.flags |= reply.flags ?? 0;
    if (!this.responseHeaders) {
      this.code = this.prepared ? this.code : reply.status;
      if (this.request.isInCallback) this.prepared ??= reply;
      else this.answer(reply);
    } else if (!this.downstream) {
      // The filters are in the midst of a response: this one goes past them.
      const { headers, body } = this.compose(reply);
      this.code = reply.status;
      this.responseHeaders = headers;
      this.toDownstream.headers(headers, body === "");
      if (body !== "") this.toDownstream.body({ bytes: body, isMutable: true }, true);
    } else {
      this.reset(); // its headers are with the client
    }
  }

  attribute(name: ByteString): Attribute | undefined {
    return attributeOf(this.attributes, name);
  }

  info(now: bigint): StreamInfo {
    return {
      addresses: this.addresses,
      start: now, // the clock stands still while a stream passes
      now,
      received: this.received,
      sent: this.downstream?.body.length ?? 0,
      code: this.code,
      details: this.codeDetails,
      flags: this.flags,
      isUpstream: this.upstream !== undefined,
      isAnswered: this.isAnswered && !this.isLocal,
      isOver: this.isEnded,
    };
  }

  setTrailers(direction: Direction, trailers: HeaderMap): void {
    this[direction].trailers = trailers;
  }

  /** It was answered from within: the router takes nothing from the upstream any more. */
  private get isLocal(): boolean {
    return this.details !== undefined;
  }

  /** Filters in the midst of a callback do not go on when it returns. */
  private abortIteration(): void {
    if (this.request.isInCallback) this.isAborted.request = true;
    else if (this.response.isInCallback) this.isAborted.response = true;
  }

  private sendPrepared(): boolean {
    const { prepared } = this;
    this.prepared = undefined;
    if (prepared && this.isEnded) undefinedInEnvoy("a stream that is over is answered");
    if (prepared) this.answer(prepared);
    return this.isAborted.request;
  }

  private compose(reply: LocalReply): { headers: HeaderMap; body: ByteString } {
    const hasBody = !this.isGrpc && !this.isHead;
    return { headers: localReplyHeaders(reply, this), body: hasBody ? reply.body : "" };
  }

  /** A reply of Envoy's or a filter's own passes the filters as a response does. */
  private answer(reply: LocalReply): void {
    const { headers, body } = this.compose(reply);
    this.beginResponse(headers, body === "");
    if (body === "" || this.isEnded) return;
    this.isAnswered = true;
    const passing: Body = { bytes: body, isMutable: true };
    this.response.sendBody(passing, true);
    passing.isGone = true;
  }

  private sendChunk(direction: Direction, bytes: ByteString, isEnd: boolean): void {
    // The end comes in a buffer of its own, which is gone behind it.
    const chunk: Body = isEnd ? { bytes: "", isMutable: true } : this.chunks[direction];
    chunk.bytes += bytes;
    this.loop.turn(() => this[direction].sendBody(chunk, isEnd));
    chunk.bytes = "";
    if (isEnd) chunk.isGone = true;
  }

  private beginResponse(headers: HeaderMap, isEnd: boolean): void {
    this.responseHeaders = headers;
    this.isAnswered = isEnd;
    this.response.sendHeaders(headers, isEnd);
  }
}

const statusOf = (headers: HeaderMap): number => Number(headers.get(":status"));
