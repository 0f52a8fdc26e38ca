import type { ByteString } from "./bytes.ts";
import type { LocalReply } from "./context.ts";
import type { EventLoop } from "./event-loop.ts";
import { Filter, type FilterStream } from "./filter.ts";
import type { Sink } from "./flow.ts";
import { HeaderMap } from "./header-map.ts";
import { localReplyHeaders } from "./local-reply.ts";
import type { Pair } from "./pairs.ts";
import type { PluginContext } from "./plugin-context.ts";
import { type Attribute, attributeOf } from "./property.ts";

/** A message as it came out at an end of the stream. */
export interface Message {
  headers: Pair[];
  body: ByteString;
  /** Undefined where none came. */
  trailers: Pair[] | undefined;
  isComplete: boolean;
}

export interface StreamOptions {
  /** What `proxy_get_property` finds on this stream beside what it finds by itself. */
  attributes?: Record<string, Attribute>;
  /** Bytes that a filter may hold back before the stream is answered with 413 or 500. Default: 1 MiB, as Envoy's. */
  bufferLimit?: number;
}

/** What is at the two ends of the filters. */
export interface StreamEnds {
  /** The request's headers have passed all filters. @returns an answer in place of the upstream's */
  onRequest?(headers: HeaderMap): LocalReply | undefined;
  /** The response's headers have passed all filters. */
  onResponse?(headers: HeaderMap): void;
  /** More of a message is at either end, or the stream was reset. */
  onProgress?(): void;
}

const DEFAULT_BUFFER_LIMIT = 1024 * 1024;

/** One HTTP stream through plugins, from downstream to upstream and back: Envoy's `FilterManager`. */
export class HttpStream implements FilterStream {
  /** The request as it left the last filter; undefined before. */
  upstream: Message | undefined;
  /** The response as it left the first filter; undefined before. */
  downstream: Message | undefined;
  /** Whether a filter, or a trap, ended the stream without an answer. */
  isReset = false;
  /** Why the response is a local one: Envoy's `%RESPONSE_CODE_DETAILS%`. */
  details: ByteString | undefined;
  readonly bufferLimit: number;
  isEnded = false;

  private readonly loop: EventLoop;
  private readonly ends: StreamEnds;
  private readonly filters: Filter[];
  private readonly attributes: Record<string, Attribute>;
  private readonly toUpstream: Sink;
  private readonly toDownstream: Sink;
  private requestHeaders = new HeaderMap("request headers");
  private responseHeaders: HeaderMap | undefined;
  private responseTrailers: HeaderMap | undefined;

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
    this.bufferLimit = options.bufferLimit ?? DEFAULT_BUFFER_LIMIT;
    this.filters = plugins.map(({ context, failsOpen }) => new Filter(context, this, failsOpen));
    this.toUpstream = this.collect(
      () => (this.upstream ??= emptyMessage()),
      (headers) => {
        const reply = ends.onRequest?.(headers);
        if (reply) this.sendLocalReply(reply);
        return reply === undefined;
      },
    );
    this.toDownstream = this.collect(
      () => (this.downstream ??= emptyMessage()),
      (headers) => {
        ends.onResponse?.(headers);
        return true;
      },
    );
    this.filters.forEach((filter, i) => {
      filter.request.next = this.filters[i + 1]?.request ?? this.toUpstream;
      filter.response.next = this.filters[i - 1]?.response ?? this.toDownstream;
    });
  }

  sendRequestHeaders(lines: readonly Pair[], isEnd: boolean): void {
    this.requestHeaders = new HeaderMap("request headers", lines);
    this.loop.turn(() => this.firstRequest.headers(this.requestHeaders, isEnd));
  }

  sendRequestBody(bytes: ByteString, isEnd: boolean): void {
    this.loop.turn(() => this.firstRequest.body(bytes, isEnd));
  }

  sendRequestTrailers(lines: readonly Pair[]): void {
    this.loop.turn(() => this.firstRequest.trailers(new HeaderMap("request trailers", lines)));
  }

  sendResponseHeaders(lines: readonly Pair[], isEnd: boolean): void {
    this.loop.turn(() => this.beginResponse(new HeaderMap("response headers", lines), isEnd));
  }

  sendResponseBody(bytes: ByteString, isEnd: boolean): void {
    this.loop.turn(() => this.firstResponse.body(bytes, isEnd));
  }

  sendResponseTrailers(lines: readonly Pair[]): void {
    const trailers = new HeaderMap("response trailers", lines);
    this.responseTrailers = trailers;
    this.loop.turn(() => this.firstResponse.trailers(trailers));
  }

  /** Whether a filter holds the request, or the response. */
  get isHeld(): { request: boolean; response: boolean } {
    return {
      request: this.filters.some(({ request }) => request.isHeld),
      response: this.filters.some(({ response }) => response.isHeld),
    };
  }

  /** The stream is over, complete or not: the access log's turn, then the contexts are deleted. Once. */
  end(): void {
    if (this.isEnded) return;
    this.isEnded = true;
    const logged = {
      request: this.requestHeaders,
      response: this.responseHeaders,
      trailers: this.responseTrailers,
    };
    this.loop.turn(() => {
      for (const { context } of this.filters) context.log(logged);
      for (const { context } of this.filters) context.destroy();
    });
  }

  reset(): void {
    this.isReset = true;
    this.abandonRequest();
    this.abandonResponse();
    this.ends.onProgress?.();
  }

  sendLocalReply(reply: LocalReply): void {
    if (this.isReset) return;
    this.abandonRequest();
    if (this.downstream) {
      this.reset(); // its headers are with the client
      return;
    }
    this.details = reply.details;
    const isGrpc = /^application\/grpc($|[+;])/.test(this.requestHeaders.get("content-type") ?? "");
    const headers = localReplyHeaders(reply, isGrpc);
    const body = isGrpc || this.requestHeaders.get(":method") === "HEAD" ? "" : reply.body;
    if (this.responseHeaders) {
      // The filters are in the midst of a response: this one goes past them.
      this.abandonResponse();
      this.responseHeaders = headers;
      this.toDownstream.headers(headers, body === "");
      if (body !== "") this.toDownstream.body(body, true);
      return;
    }
    this.beginResponse(headers, body === "");
    if (body !== "") this.firstResponse.body(body, true);
  }

  attribute(name: ByteString): Attribute | undefined {
    return attributeOf(this.attributes, name);
  }

  onResponseTrailersMade(trailers: HeaderMap): void {
    this.responseTrailers = trailers;
  }

  private get firstRequest(): Sink {
    return this.filters[0]?.request ?? this.toUpstream;
  }

  private get firstResponse(): Sink {
    return this.filters.at(-1)?.response ?? this.toDownstream;
  }

  private abandonRequest(): void {
    for (const { request } of this.filters) request.abandon();
  }

  private abandonResponse(): void {
    for (const { response } of this.filters) response.abandon();
  }

  /** @param accept takes the headers before they are kept; false where nothing of the message goes on */
  private collect(message: () => Message, accept: (headers: HeaderMap) => boolean): Sink {
    let isAccepted = false;
    const add = (part: (message: Message) => Partial<Message>) => {
      if (!isAccepted || this.isReset) return;
      Object.assign(message(), part(message()));
      this.ends.onProgress?.();
    };
    return {
      headers: (headers, isEnd) => {
        isAccepted = accept(headers);
        add(() => ({ headers: headers.pairs(), isComplete: isEnd }));
      },
      body: (bytes, isEnd) => add(({ body }) => ({ body: body + bytes, isComplete: isEnd })),
      trailers: (trailers) => add(() => ({ trailers: trailers.pairs(), isComplete: true })),
    };
  }

  private beginResponse(headers: HeaderMap, isEnd: boolean): void {
    this.responseHeaders = headers;
    this.firstResponse.headers(headers, isEnd);
  }
}

function emptyMessage(): Message {
  return { headers: [], body: "", trailers: undefined, isComplete: false };
}
