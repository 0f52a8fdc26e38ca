import type { LogLine, ProxyExchange } from "../host/index.ts";
import { toReceivedRequest, toReceivedResponse, toResponse } from "./convert.ts";
import {
  type FilterResponse,
  type Lines,
  type ReceivedRequest,
  type ReceivedResponse,
  toByteString,
  toPairs,
} from "./message.ts";

/** @internal What a filter's host has recorded up to now. */
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
    return toReceivedRequest(this.proxied.received);
  }

  /** What the upstream has of the request by now; undefined before it has the headers. */
  get requestSoFar(): ReceivedRequest | undefined {
    return toReceivedRequest(this.proxied.receivedSoFar);
  }

  /** Whether the upstream has the request's headers; `request` is there when it has its end. */
  get hasReachedUpstream(): boolean {
    return this.proxied.stream.upstream !== undefined;
  }

  /** The response as the client got it; undefined where it did not, or not yet. */
  get response(): ReceivedResponse | undefined {
    return toReceivedResponse(this.proxied.response);
  }

  /** What the client has of the response by now; undefined before it has the headers. */
  get responseSoFar(): ReceivedResponse | undefined {
    return toReceivedResponse(this.proxied.responseSoFar);
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

  /** More of the body of a request that `filter.open` has begun. @throws FilterwrightError FW_USAGE behind its end */
  sendBody(chunk: string | Uint8Array, isEnd = false): this {
    this.proxied.sendBody(toByteString(chunk), isEnd);
    return this;
  }

  /** The end of a request that `filter.open` has begun. @throws FilterwrightError FW_USAGE behind its end */
  sendTrailers(trailers: Lines): this {
    this.proxied.sendTrailers(toPairs(trailers));
    return this;
  }

  /**
   * The upstream answers, where the filter was told that it does not do so by itself, or before the request's end.
   *
   * @throws FilterwrightError FW_USAGE where the upstream has nothing of the request, or has answered
   */
  respond(response: FilterResponse = {}): this {
    this.proxied.respond(toResponse(response));
    return this;
  }

  /** The upstream begins to answer. @throws FilterwrightError as `respond` */
  respondHeaders({ status, headers }: Pick<FilterResponse, "status" | "headers"> = {}, isEnd = false): this {
    this.proxied.respondHeaders({ status, headers: toPairs(headers) }, isEnd);
    return this;
  }

  /** More of the upstream's answer. @throws FilterwrightError FW_USAGE before its headers and behind its end */
  respondBody(chunk: string | Uint8Array, isEnd = false): this {
    this.proxied.respondBody(toByteString(chunk), isEnd);
    return this;
  }

  /** The end of the upstream's answer. @throws FilterwrightError FW_USAGE before its headers and behind its end */
  respondTrailers(trailers: Lines): this {
    this.proxied.respondTrailers(toPairs(trailers));
    return this;
  }

  /** The client goes away. */
  abort(): void {
    this.proxied.abort();
  }
}
