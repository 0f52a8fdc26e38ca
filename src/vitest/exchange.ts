import { decodeUtf8, encodeUtf8, type LogLine, type ProxyExchange, type ProxyResponse } from "../host/index.ts";
import {
  received,
  type ReceivedRequest,
  type ReceivedResponse,
  type Request,
  type Response,
  toChunks,
  toPairs,
} from "./message.ts";

/** One request through a filter, and its response. */
export class Exchange {
  /** The stream underneath, in bytes. */
  readonly proxied: ProxyExchange;
  private readonly logsSince: () => LogLine[];
  private readonly traceSince: () => string[];

  constructor(proxied: ProxyExchange, logsSince: () => LogLine[], traceSince: () => string[]) {
    this.proxied = proxied;
    this.logsSince = logsSince;
    this.traceSince = traceSince;
  }

  /** The request as the upstream got it; undefined where it did not, or not yet. */
  get request(): ReceivedRequest | undefined {
    const message = this.proxied.received;
    if (!message) return undefined;
    const [host, ...headers] = message.headers;
    return {
      method: message.method,
      path: decodeUtf8(message.path),
      authority: decodeUtf8(host![1]),
      ...received({ ...message, headers }),
    };
  }

  /** The response as the client got it; undefined where it did not, or not yet. */
  get response(): ReceivedResponse | undefined {
    const message = this.proxied.response;
    return message && { status: message.status, ...received(message) };
  }

  /** Of a response that the filter, or Envoy, gave in place of the upstream's: Envoy's `%RESPONSE_CODE_DETAILS%`. */
  get details(): string | undefined {
    return this.proxied.stream.details;
  }

  /** Whether the filter holds the request, or the response. */
  get isHeld(): { request: boolean; response: boolean } {
    return this.proxied.stream.isHeld;
  }

  /** Whether the stream was ended without an answer. */
  get isReset(): boolean {
    return this.proxied.stream.isReset;
  }

  /** What plugins have logged since the request was sent. */
  get logs(): LogLine[] {
    return this.logsSince();
  }

  /** Calls between host and module since the request was sent, a line each, such as `proxy_log(info, "hello") -> Ok`. */
  get trace(): string[] {
    return this.traceSince();
  }

  /** The upstream answers, where the filter was told that it does not do so by itself. */
  respond(response: Response = {}): this {
    this.proxied.respond(toResponse(response));
    return this;
  }

  /** The client goes away. */
  abort(): void {
    this.proxied.abort();
  }
}

export function toRequest({ path, authority, headers, body, trailers, ...rest }: Request) {
  return {
    ...rest,
    ...(path !== undefined && { path: encodeUtf8(path) }),
    ...(authority !== undefined && { authority: encodeUtf8(authority) }),
    headers: toPairs(headers),
    body: toChunks(body),
    trailers: toPairs(trailers),
  };
}

export function toResponse({ status = 200, headers, body, trailers }: Response): ProxyResponse {
  return { status, headers: toPairs(headers), body: toChunks(body), trailers: toPairs(trailers) };
}
