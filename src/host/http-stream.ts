import type { ByteString } from "./bytes.ts";
import type { LocalReply } from "./context.ts";
import { Flow, type Sink, type Stage } from "./flow.ts";
import { HeaderMap } from "./header-map.ts";
import type { Pair } from "./pairs.ts";
import type { PluginContext } from "./plugin-context.ts";
import type { Attribute } from "./property.ts";
import { type Chain, StreamContext } from "./stream-context.ts";

/** A message as it came out at an end of the stream. */
export interface Message {
  headers: Pair[];
  body: ByteString;
  /** Undefined where none came. */
  trailers: Pair[] | undefined;
  isComplete: boolean;
}

export type FailurePolicy = "FAIL_CLOSED" | "FAIL_OPEN" | "FAIL_RELOAD";

export interface StreamOptions {
  /** What `proxy_get_property` finds on this stream beside what it finds by itself. */
  attributes: Record<string, Attribute>;
  failurePolicy: FailurePolicy;
}

/** One HTTP stream through one plugin, from downstream to upstream and back. */
export class HttpStream implements Chain {
  /** The request as it left the filter; undefined before. */
  upstream: Message | undefined;
  /** The response as it left the filter; undefined before. */
  downstream: Message | undefined;
  /** Whether the filter, or a trap, ended the stream without an answer. */
  isReset = false;
  /** Why the response is a local one: Envoy's `%RESPONSE_CODE_DETAILS%`. */
  details: ByteString | undefined;

  private readonly context: StreamContext;
  private readonly options: StreamOptions;
  private readonly request: Flow;
  private readonly response: Flow;
  private requestHeaders = new HeaderMap("request headers");
  private responseHeaders: HeaderMap | undefined;
  private responseTrailers: HeaderMap | undefined;
  private hasFailed = false;

  constructor(plugin: PluginContext, options: StreamOptions) {
    this.options = options;
    this.context = new StreamContext(plugin, this);
    const context = this.context;
    this.request = new Flow(
      this.guarded({
        headers: (headers, isEnd) => context.onRequestHeaders(headers, isEnd),
        body: (body, isEnd) => context.onRequestBody(body, isEnd),
        trailers: (trailers) => context.onRequestTrailers(trailers),
      }),
      collect(() => (this.upstream ??= emptyMessage())),
    );
    this.response = new Flow(
      this.guarded({
        headers: (headers, isEnd) => context.onResponseHeaders(headers, isEnd),
        body: (body, isEnd) => context.onResponseBody(body, isEnd),
        trailers: (trailers) => context.onResponseTrailers(trailers),
      }),
      collect(() => (this.downstream ??= emptyMessage())),
    );
    context.onTrailersMade = (kind, trailers) => {
      if (kind === "request trailers") this.request.addTrailers(trailers);
      else this.response.addTrailers((this.responseTrailers = trailers));
    };
  }

  sendRequestHeaders(lines: readonly Pair[], isEnd: boolean): void {
    this.requestHeaders = new HeaderMap("request headers", lines);
    this.request.sendHeaders(this.requestHeaders, isEnd);
  }

  sendRequestBody(bytes: ByteString, isEnd: boolean): void {
    this.request.sendBody(bytes, isEnd);
  }

  sendRequestTrailers(lines: readonly Pair[]): void {
    this.request.sendTrailers(new HeaderMap("request trailers", lines));
  }

  sendResponseHeaders(lines: readonly Pair[], isEnd: boolean): void {
    this.beginResponse(new HeaderMap("response headers", lines), isEnd);
  }

  sendResponseBody(bytes: ByteString, isEnd: boolean): void {
    this.response.sendBody(bytes, isEnd);
  }

  sendResponseTrailers(lines: readonly Pair[]): void {
    this.responseTrailers = new HeaderMap("response trailers", lines);
    this.response.sendTrailers(this.responseTrailers);
  }

  /** Whether the filter holds the request, or the response. */
  get isHeld(): { request: boolean; response: boolean } {
    return { request: this.request.isHeld, response: this.response.isHeld };
  }

  /**
   * The stream is over, complete or not: the access log's turn, then the context is deleted.
   *
   * @param final the headers as they left Envoy, where more than the filter has changed them
   */
  end(final: { request?: readonly Pair[]; response?: readonly Pair[] } = {}): void {
    this.context.end({
      request: final.request ? new HeaderMap("request headers", final.request) : this.requestHeaders,
      response: final.response ? new HeaderMap("response headers", final.response) : this.responseHeaders,
      trailers: this.responseTrailers,
    });
  }

  continueDecoding(): void {
    this.request.resume();
  }

  continueEncoding(): void {
    this.response.resume();
  }

  reset(): void {
    this.isReset = true;
    this.request.abandon();
    this.response.abandon();
  }

  sendLocalReply(reply: LocalReply): void {
    if (this.isReset) return;
    this.request.abandon();
    if (this.downstream) {
      this.reset(); // its headers are with the client
      return;
    }
    this.details = reply.details;
    const isGrpc = /^application\/grpc($|[+;])/.test(this.requestHeaders.get("content-type") ?? "");
    const headers = localReplyHeaders(reply, isGrpc);
    const body = isGrpc || this.requestHeaders.get(":method") === "HEAD" ? "" : reply.body;
    if (this.responseHeaders) {
      // The filter is in the midst of a response: this one goes past it.
      this.response.abandon();
      this.responseHeaders = headers;
      this.downstream = { headers: headers.pairs(), body, trailers: undefined, isComplete: true };
      return;
    }
    this.beginResponse(headers, body === "");
    if (body !== "") this.response.sendBody(body, true);
  }

  attribute(name: ByteString): Attribute | undefined {
    return this.options.attributes[name];
  }

  private beginResponse(headers: HeaderMap, isEnd: boolean): void {
    this.responseHeaders = headers;
    this.response.sendHeaders(headers, isEnd);
  }

  /** A stream whose VM has failed is answered with 503, or passes by: `CHECK_FAIL_HTTP`. */
  private guarded(stage: Stage): Stage {
    const check = (call: () => number): number => {
      if (this.hasFailed) return 0;
      const status = call();
      if (!this.context.vm.failure) return status;
      if (this.options.failurePolicy === "FAIL_OPEN") return 0;
      this.hasFailed = true;
      this.sendLocalReply({ status: 503, details: "wasm_fail_stream", body: "", headers: [], grpcStatus: 14 });
      return status;
    };
    return {
      headers: (headers, isEnd) => check(() => stage.headers(headers, isEnd)),
      body: (body, isEnd) => check(() => stage.body(body, isEnd)),
      trailers: (trailers) => check(() => stage.trailers(trailers)),
    };
  }
}

/** Envoy's `Utility::prepareLocalReply`. */
function localReplyHeaders({ status, body, headers, grpcStatus }: LocalReply, isGrpc: boolean): HeaderMap {
  const map = new HeaderMap("response headers", [[":status", String(status)]]);
  for (const [name, value] of headers) map.add(name, value);
  map.remove("content-length");
  if (isGrpc) {
    map.replace(":status", "200");
    map.replace("content-type", "application/grpc");
    map.replace("grpc-status", String(grpcStatus ?? grpcStatusOf(status)));
    if (body !== "") map.replace("grpc-message", percentEncode(body));
  } else if (body === "") {
    map.remove("content-type");
  } else {
    map.replace("content-length", String(body.length));
    if (map.get("content-type") === undefined) map.replace("content-type", "text/plain");
  }
  return map;
}

/** https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md */
function grpcStatusOf(status: number): number {
  const statuses: Record<number, number> = { 400: 13, 401: 16, 403: 7, 404: 12, 429: 14, 502: 14, 503: 14, 504: 14 };
  return statuses[status] ?? 2;
}

/** As gRPC has its messages. */
function percentEncode(text: ByteString): ByteString {
  return text.replace(
    /[^\x20-\x24\x26-\x7e]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}

function emptyMessage(): Message {
  return { headers: [], body: "", trailers: undefined, isComplete: false };
}

function collect(message: () => Message): Sink {
  return {
    headers: (headers, isEnd) => Object.assign(message(), { headers: headers.pairs(), isComplete: isEnd }),
    body(bytes, isEnd) {
      message().body += bytes;
      message().isComplete = isEnd;
    },
    trailers: (trailers) => Object.assign(message(), { trailers: trailers.pairs(), isComplete: true }),
  };
}
