import type { ByteString } from "./bytes.ts";
import type { LocalReply } from "./context.ts";
import { Flow } from "./flow.ts";
import type { HeaderMap } from "./header-map.ts";
import type { PluginContext } from "./plugin-context.ts";
import type { Attribute } from "./property.ts";
import { type Chain, StreamContext } from "./stream-context.ts";

/** What the stream does for its filters. */
export interface FilterStream {
  readonly bufferLimit: number;
  reset(): void;
  sendLocalReply(reply: LocalReply): void;
  attribute(name: ByteString): Attribute | undefined;
  /** A filter has added trailers to a response that had none. */
  onResponseTrailersMade(trailers: HeaderMap): void;
}

/** One plugin on one stream: its context, and both directions of the stream through it. */
export class Filter implements Chain {
  readonly context: StreamContext;
  readonly request: Flow;
  readonly response: Flow;
  private readonly stream: FilterStream;
  private readonly failsOpen: boolean;
  private hasFailed = false;

  constructor(plugin: PluginContext, stream: FilterStream, failsOpen: boolean) {
    this.stream = stream;
    this.failsOpen = failsOpen;
    const context = new StreamContext(plugin, this);
    this.context = context;
    this.request = new Flow(
      {
        headers: (headers, isEnd) => this.check(() => context.onRequestHeaders(headers, isEnd)),
        body: (body, isEnd) => this.check(() => context.onRequestBody(body, isEnd)),
        trailers: (trailers) => this.check(() => context.onRequestTrailers(trailers)),
        tooLarge: () => stream.sendLocalReply(reply(413, "request_payload_too_large", "Payload Too Large")),
      },
      stream.bufferLimit,
    );
    // A response does not reach a filter whose request did not: one before it has answered.
    const ifReached = (call: () => number): number => (context.isCreated ? this.check(call) : 0);
    this.response = new Flow(
      {
        headers: (headers, isEnd) => ifReached(() => context.onResponseHeaders(headers, isEnd)),
        body: (body, isEnd) => ifReached(() => context.onResponseBody(body, isEnd)),
        trailers: (trailers) => ifReached(() => context.onResponseTrailers(trailers)),
        tooLarge: () => stream.sendLocalReply(reply(500, "response_payload_too_large", "Internal Server Error")),
      },
      stream.bufferLimit,
    );
    context.onTrailersMade = (kind, trailers) => {
      if (kind === "request trailers") return this.request.addTrailers(trailers);
      this.response.addTrailers(trailers);
      stream.onResponseTrailersMade(trailers);
    };
  }

  continueDecoding(): void {
    this.request.resume();
  }

  continueEncoding(): void {
    this.response.resume();
  }

  reset(): void {
    this.stream.reset();
  }

  sendLocalReply(localReply: LocalReply): void {
    this.stream.sendLocalReply(localReply);
  }

  attribute(name: ByteString): Attribute | undefined {
    return this.stream.attribute(name);
  }

  /** A stream whose VM has failed is answered with 503, or passes by: `CHECK_FAIL_HTTP`. */
  private check(call: () => number): number {
    if (this.hasFailed) return 0;
    const status = call();
    if (!this.context.vm.failure) return status;
    if (this.failsOpen) return 0;
    this.hasFailed = true;
    this.stream.sendLocalReply(reply(503, "wasm_fail_stream", "", 14));
    return status;
  }
}

function reply(status: number, details: string, body: string, grpcStatus?: number): LocalReply {
  return { status, details, body, headers: [], grpcStatus };
}
