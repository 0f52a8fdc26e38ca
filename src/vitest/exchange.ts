import { decodeUtf8, encodeUtf8, type LogLine, type ProxyExchange, type ProxyResponse } from "../host/index.ts";
import {
  received,
  type ReceivedRequest,
  type ReceivedResponse,
  type FilterRequest,
  type FilterResponse,
  toChunks,
  toPairs,
} from "./message.ts";

/** What a filter's host has recorded up to now. */
export interface HostRecord {
  logs: readonly LogLine[];
  trace: readonly string[];
  traps: readonly string[];
}

/** One request through a filter, and its response. */
export class Exchange {
  /** The stream underneath, in bytes. */
  readonly proxied: ProxyExchange;
  private readonly record: () => HostRecord;
  private readonly from: { logs: number; trace: number; traps: number };

  /** @internal */
  constructor(send: () => ProxyExchange, record: () => HostRecord) {
    const { logs, trace, traps } = record();
    this.record = record;
    this.from = { logs: logs.length, trace: trace.length, traps: traps.length };
    this.proxied = send();
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

  /** Whether the upstream has the request's headers; `request` is there when it has its end. */
  get hasReachedUpstream(): boolean {
    return this.proxied.stream.upstream !== undefined;
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
    return this.record().logs.slice(this.from.logs);
  }

  /** Calls between host and module since the request was sent, a line each, such as `proxy_log(info, "hello") -> Ok`. */
  get trace(): string[] {
    return this.record().trace.slice(this.from.trace);
  }

  /** Traps since the request was sent, such as `proxy_on_request_headers trapped: unreachable`. */
  get traps(): string[] {
    return this.record().traps.slice(this.from.traps);
  }

  /** The upstream answers, where the filter was told that it does not do so by itself. */
  respond(response: FilterResponse = {}): this {
    this.proxied.respond(toResponse(response));
    return this;
  }

  /** The client goes away. */
  abort(): void {
    this.proxied.abort();
  }
}

export function toRequest({ path, authority, headers, body, trailers, ...rest }: FilterRequest) {
  return {
    ...rest,
    ...(path !== undefined && { path: encodeUtf8(path) }),
    ...(authority !== undefined && { authority: encodeUtf8(authority) }),
    headers: toPairs(headers),
    body: toChunks(body),
    trailers: toPairs(trailers),
  };
}

export function toResponse({ status = 200, headers, body, trailers }: FilterResponse): ProxyResponse {
  return { status, headers: toPairs(headers), body: toChunks(body), trailers: toPairs(trailers) };
}
