import type { Address, Addresses } from "./attributes.ts";
import type { ByteString } from "./bytes.ts";
import {
  checkResponse,
  finishResponse,
  refuseRequest,
  requestFromClient,
  responseFromUpstream,
  route,
  wantsClose,
} from "./edge.ts";
import { bodyOnWire, requestOnWire, responseOnWire } from "./http1-wire.ts";
import type { Host } from "./host.ts";
import type { HttpStream } from "./http-stream.ts";
import type { StreamOptions } from "./stream-options.ts";
import type { Pair } from "./pairs.ts";
import type { Plugin } from "./plugin.ts";

/** A request as a client sends it, in HTTP/1.1. */
export interface ProxyRequest {
  /** Default: GET. */
  method?: string;
  /** Path and query. Default: `/`. */
  path?: ByteString;
  /** Default: `example.com`. */
  authority?: ByteString;
  headers?: readonly Pair[];
  /** In the pieces that are to arrive one after the other. Default: none. */
  body?: ByteString | readonly ByteString[];
  trailers?: readonly Pair[];
  /** Where the client sits: the attribute `source`. Default: 127.0.0.1:40000. */
  source?: Address;
}

/** A response as an upstream sends it. */
export interface ProxyResponse {
  /** Default: 200. */
  status?: number;
  headers?: readonly Pair[];
  body?: ByteString | readonly ByteString[];
  trailers?: readonly Pair[];
}

/** A request as it reached the upstream. */
export interface ReceivedRequest {
  method: string;
  path: ByteString;
  /** All lines, `host` first. */
  headers: Pair[];
  body: ByteString;
  trailers: Pair[];
}

/** A response as it reached the client. */
export interface ReceivedResponse {
  status: number;
  headers: Pair[];
  body: ByteString;
  trailers: Pair[];
}

export interface ProxyOptions extends StreamOptions {
  /** What Envoy makes at random for `x-request-id`. */
  requestId?: string;
  /** What the upstream answers, once it has the whole request. Default: nothing, until `respond` is called. */
  upstream?: ProxyResponse | ((request: ReceivedRequest) => ProxyResponse | undefined);
}

const REQUEST_ID = "00000000-0000-4000-8000-000000000000";

/** Where the ends are if nobody says otherwise: the ports of listener and upstream in envoy/envoy.yaml. */
const ADDRESSES: Addresses = {
  source: { address: "127.0.0.1", port: 40_000 },
  destination: { address: "127.0.0.1", port: 10_000 },
  upstream: { address: "127.0.0.1", port: 10_080 },
};

/** An Envoy as envoy/envoy.yaml configures it: connection manager and router around plugins, a client and an upstream. */
export class Proxy {
  private readonly host: Host;
  private readonly plugins: readonly Plugin[];
  private readonly options: ProxyOptions;

  /** @param plugins in the order in which requests meet them */
  constructor(host: Host, plugins: readonly Plugin[], options: ProxyOptions = {}) {
    this.host = host;
    this.plugins = plugins;
    this.options = options;
  }

  /** A client sends a request; it goes as far as the filters let it. */
  send(request: ProxyRequest = {}, options: ProxyOptions = {}): ProxyExchange {
    return new ProxyExchange(this.host, this.plugins, request, { ...this.options, ...options });
  }
}

/** One request through a `Proxy`, and its response. */
export class ProxyExchange {
  readonly stream: HttpStream;
  private readonly host: Host;
  private readonly upstream: ProxyOptions["upstream"];
  private isRequestWhole = false;
  private readonly method: string;
  private isAnswered = false;
  /** More than headers was to come when the headers passed. */
  private readonly hasBody = { request: false, response: false };

  constructor(host: Host, plugins: readonly Plugin[], request: ProxyRequest, options: ProxyOptions) {
    this.host = host;
    this.upstream = options.upstream;
    const { method = "GET", path = "/", authority = "example.com", headers = [], trailers = [] } = request;
    this.method = method;
    const addresses = { ...ADDRESSES, ...options.addresses, ...(request.source && { source: request.source }) };
    const wire = { method, path, authority, headers };
    const refusal = refuseRequest(wire);
    this.stream = host.openStream(
      refusal ? [] : plugins,
      { ...options, addresses },
      {
        onRequest: (map, isEnd) => {
          this.hasBody.request = !isEnd;
          return route(map);
        },
        onResponse: (map, isEnd, requestMap) => {
          const fault = checkResponse(map);
          if (fault) return fault;
          this.hasBody.response = !isEnd;
          finishResponse(
            map,
            requestMap,
            new Date(Number(host.now / 1_000_000n)).toUTCString(),
            !this.isRequestWhole || wantsClose(wire),
          );
          return undefined;
        },
        onProgress: () => this.onProgress(),
      },
    );
    if (refusal) {
      this.stream.sendLocalReply(refusal);
      return;
    }
    const chunks = toChunks(request.body);
    const isEmpty = chunks.length === 0 && trailers.length === 0;
    const lines = requestFromClient(wire, options.requestId ?? REQUEST_ID);
    this.isRequestWhole = isEmpty;
    this.stream.sendRequestHeaders(lines, isEmpty);
    for (const chunk of chunks) if (!this.isOver) this.stream.sendRequestBody(chunk, false);
    if (isEmpty || this.isOver) return;
    this.isRequestWhole = true;
    if (trailers.length > 0) this.stream.sendRequestTrailers(trailers);
    else this.stream.sendRequestBody("", true);
  }

  /** The request as the upstream got it; undefined where it did not, or not to its end. */
  get received(): ReceivedRequest | undefined {
    const message = this.stream.upstream;
    if (!message) return undefined;
    const pseudo = (name: string) => message.headers.find(([other]) => other === name)?.[1] ?? "";
    const headers = requestOnWire(message.headers, !this.hasBody.request);
    const body = bodyOnWire(headers, message);
    return body && { method: pseudo(":method"), path: pseudo(":path"), headers, ...body };
  }

  /** The response as the client got it; undefined before its end, and where the stream was reset. */
  get response(): ReceivedResponse | undefined {
    const message = this.stream.downstream;
    if (!message) return undefined;
    const status = Number(message.headers.find(([name]) => name === ":status")?.[1]);
    const headers = responseOnWire(message.headers, !this.hasBody.response, this.method === "HEAD");
    const isBodiless = this.method === "HEAD" || status < 200 || status === 204 || status === 304;
    const body = isBodiless ? { body: "", trailers: [] } : bodyOnWire(headers, message);
    return body && { status, headers, ...body };
  }

  /** Answered, or reset. */
  get isOver(): boolean {
    return this.stream.isReset || this.stream.downstream?.isComplete === true;
  }

  /** The upstream answers. Nothing comes of it where the exchange is over. @param milliseconds that it took */
  respond({ status = 200, headers = [], body, trailers = [] }: ProxyResponse = {}, milliseconds = 0): void {
    if (this.isOver) return;
    const chunks = toChunks(body);
    const isBodiless = this.received?.method === "HEAD" || status === 204 || status === 304;
    const isEmpty = isBodiless || (chunks.length === 0 && trailers.length === 0);
    const time = this.stream.upstream?.isComplete ? milliseconds : undefined;
    this.stream.sendResponseHeaders(responseFromUpstream(status, headers, time), isEmpty);
    if (isEmpty) return;
    for (const chunk of chunks) this.stream.sendResponseBody(chunk, false);
    if (trailers.length > 0) this.stream.sendResponseTrailers(trailers);
    else this.stream.sendResponseBody("", true);
  }

  /** The client goes away. */
  abort(): void {
    if (!this.isOver) this.stream.abort();
  }

  private onProgress(): void {
    if (this.isOver) this.stream.end();
    else if (this.upstream && this.stream.upstream?.isComplete && !this.isAnswered) {
      this.isAnswered = true;
      this.host.post(() => this.answer());
    }
  }

  private answer(): void {
    const { upstream } = this;
    const response = typeof upstream === "function" ? upstream(this.received!) : upstream;
    if (response) this.respond(response);
  }
}

function toChunks(body: ByteString | readonly ByteString[] = []): readonly ByteString[] {
  if (typeof body !== "string") return body;
  return body === "" ? [] : [body];
}
