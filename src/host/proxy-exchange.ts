import type { Addresses } from "./attributes.ts";
import { type ByteString, expectBytes, expectPairs } from "./bytes.ts";
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
import { FilterwrightError } from "../errors.ts";
import type { Host } from "./host.ts";
import type { HttpStream } from "./http-stream.ts";
import type { Message } from "./message.ts";
import type { Pair } from "./pairs.ts";
import type { Plugin } from "./plugin.ts";
import type { StreamOptions } from "./stream-options.ts";
import type { ProxyRequest, ProxyResponse, ReceivedRequest, ReceivedResponse } from "./proxy-message.ts";

export interface ProxyOptions extends StreamOptions {
  /** What Envoy makes at random for `x-request-id`. */
  requestId?: string | undefined;
  /** What the upstream answers, once it has the whole request. Default: nothing, until `respond` is called. */
  upstream?: (ProxyResponse | ((request: ReceivedRequest) => ProxyResponse | undefined)) | undefined;
}

const REQUEST_ID = "00000000-0000-4000-8000-000000000000";

/** Where the ends are if nobody says otherwise: the ports of listener and upstream in envoy/envoy.yaml. */
const ADDRESSES: Addresses = {
  source: { address: "127.0.0.1", port: 40_000 },
  destination: { address: "127.0.0.1", port: 10_000 },
  upstream: { address: "127.0.0.1", port: 10_080 },
};

/** One request through a `Proxy`, and its response. Whoever has opened it sends it on, piece by piece. */
export class ProxyExchange {
  readonly stream: HttpStream;
  private readonly host: Host;
  private readonly upstream: ProxyOptions["upstream"];
  private readonly method: string;
  /** What the client has sent, and what the upstream. */
  private readonly sent: Record<"request" | "response", "nothing" | "some" | "all"> = {
    request: "nothing",
    response: "nothing",
  };
  /** The upstream that answers by itself was asked. */
  private isAsked = false;
  /** More than headers was to come when the headers passed. */
  private readonly hasBody = { request: false, response: false };

  /** @internal */
  constructor(host: Host, plugins: readonly Plugin[], request: ProxyRequest, options: ProxyOptions, isEnd: boolean) {
    this.host = host;
    this.upstream = options.upstream;
    const { method = "GET", path = "/", authority = "example.com", headers = [] } = request;
    expectBytes(method, path, authority);
    expectPairs(headers);
    this.method = method;
    const addresses = over(over(ADDRESSES, options.addresses), { source: request.source });
    const wire = { method, path, authority, headers };
    const refusal = refuseRequest(wire);
    this.stream = host.openStream(
      refusal ? [] : plugins,
      { ...options, addresses },
      {
        onRequest: (map, isLast) => {
          this.hasBody.request = !isLast;
          return route(map);
        },
        onResponse: (map, isLast, requestMap) => {
          const fault = checkResponse(map);
          if (fault) return fault;
          this.hasBody.response = !isLast;
          const date = new Date(Number(host.now / 1_000_000n)).toUTCString();
          finishResponse(map, requestMap, date, this.sent.request !== "all" || wantsClose(wire));
          return undefined;
        },
        onProgress: () => this.onProgress(),
      },
    );
    this.sent.request = isEnd && !refusal ? "all" : "some";
    if (refusal) {
      this.stream.sendLocalReply(refusal);
      return;
    }
    const lines = requestFromClient(wire, options.requestId ?? REQUEST_ID);
    this.stream.sendRequestHeaders(lines, isEnd);
  }

  /** The request as the upstream got it; undefined where it did not, or not to its end. */
  get received(): ReceivedRequest | undefined {
    return this.requestFrom(bodyOnWire);
  }

  /** As `received`, of what the upstream has by now. */
  get receivedSoFar(): ReceivedRequest | undefined {
    return this.requestFrom(bodySoFar);
  }

  /** The response as the client got it; undefined before its end, and where the stream was reset. */
  get response(): ReceivedResponse | undefined {
    return this.responseFrom(bodyOnWire);
  }

  /** As `response`, of what the client has by now. */
  get responseSoFar(): ReceivedResponse | undefined {
    return this.responseFrom(bodySoFar);
  }

  /** Answered, or reset. */
  get isOver(): boolean {
    return this.stream.isReset || this.stream.downstream?.isComplete === true;
  }

  /**
   * More of the request's body. As all that is sent, it goes nowhere where the exchange is over.
   *
   * @throws FilterwrightError FW_USAGE behind the request's end, and on what is no bytes
   */
  sendBody(chunk: ByteString, isEnd = false): void {
    expectBytes(chunk);
    this.expectMore("request");
    if (chunk !== "" && !this.isOver) this.stream.sendRequestBody(chunk, false);
    if (!isEnd || this.isOver) return;
    this.sent.request = "all";
    this.stream.sendRequestBody("", true);
  }

  /** The request's end. @throws FilterwrightError as `sendBody` */
  sendTrailers(trailers: readonly Pair[]): void {
    expectPairs(trailers);
    this.expectMore("request");
    if (this.isOver) return;
    this.sent.request = "all";
    this.stream.sendRequestTrailers(trailers);
  }

  /**
   * The upstream answers, whether it has the request's end or not.
   *
   * @param milliseconds that it took
   * @throws FilterwrightError FW_USAGE where it has nothing of the request, where it has answered, and on what is no bytes
   */
  respond(response: ProxyResponse = {}, milliseconds = 0): void {
    const { body, trailers = [] } = response;
    const chunks = toChunks(body);
    expectBytes(...chunks);
    expectPairs(trailers);
    this.respondHeaders(response, chunks.length === 0 && trailers.length === 0, milliseconds);
    if (this.sent.response !== "some") return;
    for (const chunk of chunks) this.respondBody(chunk);
    if (trailers.length > 0) this.respondTrailers(trailers);
    else this.respondBody("", true);
  }

  /** The upstream begins to answer. @throws FilterwrightError as `respond` */
  respondHeaders(
    { status = 200, headers = [] }: Pick<ProxyResponse, "status" | "headers"> = {},
    isEnd = false,
    milliseconds = 0,
  ): void {
    expectPairs(headers);
    if (this.isOver) return;
    const { upstream, isHeld } = this.stream;
    if (!upstream)
      throw refuse(`the upstream has no request to answer${isHeld.request ? ": the filter holds it" : ""}`);
    if (this.sent.response !== "nothing") throw refuse("the upstream has answered already");
    const isBodiless = pseudoHeader(upstream, ":method") === "HEAD" || status === 204 || status === 304;
    this.sent.response = isEnd || isBodiless ? "all" : "some";
    const time = upstream.isComplete ? milliseconds : undefined;
    this.stream.sendResponseHeaders(responseFromUpstream(status, headers, time), this.sent.response === "all");
  }

  /** More of the response's body. @throws FilterwrightError FW_USAGE before its headers, behind its end, and on what is no bytes */
  respondBody(chunk: ByteString, isEnd = false): void {
    expectBytes(chunk);
    if (this.isOver) return;
    this.expectMore("response");
    if (chunk !== "") this.stream.sendResponseBody(chunk, false);
    if (!isEnd) return;
    this.sent.response = "all";
    this.stream.sendResponseBody("", true);
  }

  /** The response's end. @throws FilterwrightError as `respondBody` */
  respondTrailers(trailers: readonly Pair[]): void {
    expectPairs(trailers);
    if (this.isOver) return;
    this.expectMore("response");
    this.sent.response = "all";
    this.stream.sendResponseTrailers(trailers);
  }

  /** The client goes away. */
  abort(): void {
    if (!this.isOver) this.stream.abort();
  }

  private expectMore(what: "request" | "response"): void {
    if (this.sent[what] === "nothing") throw refuse(`the ${what} has not begun: its headers come first`);
    if (this.sent[what] === "all") throw refuse(`the ${what} has come to its end already`);
  }

  private requestFrom(bodyOf: typeof bodyOnWire): ReceivedRequest | undefined {
    const message = this.stream.upstream;
    if (!message) return undefined;
    const headers = requestOnWire(message.headers, !this.hasBody.request);
    const body = bodyOf(headers, message);
    const [method, path] = [pseudoHeader(message, ":method"), pseudoHeader(message, ":path")];
    return body && { method, path, headers, ...body };
  }

  private responseFrom(bodyOf: typeof bodyOnWire): ReceivedResponse | undefined {
    const message = this.stream.downstream;
    if (!message) return undefined;
    const status = Number(pseudoHeader(message, ":status"));
    const headers = responseOnWire(message.headers, !this.hasBody.response, this.method === "HEAD");
    const isBodiless = this.method === "HEAD" || status < 200 || status === 204 || status === 304;
    const body = isBodiless ? { body: "", trailers: [] } : bodyOf(headers, message);
    return body && { status, headers, ...body };
  }

  private onProgress(): void {
    if (this.isOver) this.stream.end();
    else if (this.upstream && this.stream.upstream?.isComplete && !this.isAsked) {
      this.isAsked = true;
      this.host.post(() => this.ask());
    }
  }

  private ask(): void {
    if (this.sent.response !== "nothing") return; // it has answered before the request's end
    const { upstream } = this;
    const response = typeof upstream === "function" ? upstream(this.received!) : upstream;
    if (response) this.respond(response);
  }
}

function pseudoHeader({ headers }: Message, name: string): ByteString {
  return headers.find(([other]) => other === name)?.[1] ?? "";
}

/** What there is, to its end or not. */
const bodySoFar: typeof bodyOnWire = (lines, message) =>
  bodyOnWire(lines, message) ?? { body: message.body, trailers: [] };

/** Options over others; one that is undefined says nothing. */
export function over<T extends object>(below: T, above: T | undefined): T {
  const said = Object.entries(above ?? {}).filter(([, value]) => value !== undefined);
  return { ...below, ...Object.fromEntries(said) };
}

function refuse(message: string): FilterwrightError {
  return new FilterwrightError("FW_USAGE", message);
}

/** A body that comes at once is one chunk. */
export function toChunks(body: ByteString | readonly ByteString[] = []): readonly ByteString[] {
  if (typeof body !== "string") return body;
  return body === "" ? [] : [body];
}
