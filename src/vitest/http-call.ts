import { decodeUtf8, type HttpCall as HostCall } from "../host/index.ts";
import { type FilterResponse, received, type ReceivedRequest, toChunks, toPairs } from "./message.ts";

/** An HTTP call that a filter has made: a request, so that `expect(call).toHaveHeader(...)` can be said of it. */
export class HttpCall implements ReceivedRequest {
  /** The call underneath, in bytes. */
  readonly host: HostCall;
  readonly cluster: string;
  /** Milliseconds; 0 for none. */
  readonly timeout: number;
  readonly method: string;
  readonly path: string;
  readonly authority: string;
  /** In their order, without the pseudo-headers; names in lower case. */
  readonly headers: [name: string, value: string][];
  readonly body: string;
  readonly trailers: [name: string, value: string][];
  /** The body as it is. */
  readonly bytes: Uint8Array;

  /** @internal */
  constructor(host: HostCall) {
    this.host = host;
    this.cluster = host.cluster;
    this.timeout = host.timeout;
    const pseudo = (name: string) => decodeUtf8(host.headers.find(([other]) => other === name)?.[1] ?? "");
    this.method = pseudo(":method");
    this.path = pseudo(":path");
    this.authority = pseudo(":authority");
    const { headers, body, trailers, bytes } = received(host);
    this.headers = headers.filter(([name]) => !name.startsWith(":"));
    this.body = body;
    this.trailers = trailers;
    this.bytes = bytes;
  }

  /** Nobody has answered it yet, and the filter is there. */
  get isPending(): boolean {
    return this.host.isPending;
  }

  /** Answers it: drives `proxy_on_http_call_response`. Does nothing where it was answered. */
  respond({ status = 200, headers, body, trailers }: FilterResponse = {}): void {
    this.host.respond({
      status,
      headers: toPairs(headers),
      body: toChunks(body).join(""),
      ...(trailers && { trailers: toPairs(trailers) }),
    });
  }

  /** Its connection broke: drives `proxy_on_http_call_response` with no headers. */
  fail(): void {
    this.host.fail();
  }

  /** Its time is up: Envoy answers it by itself, with 504. */
  timeOut(): void {
    this.host.timeOut();
  }
}
