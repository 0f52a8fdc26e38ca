import type { Address } from "./attributes.ts";
import type { ByteString } from "./bytes.ts";
import type { Pair } from "./pairs.ts";

/** A request as a client sends it, in HTTP/1.1. */
export interface ProxyRequest {
  /** Default: GET. */
  method?: string | undefined;
  /** Path and query. Default: `/`. */
  path?: ByteString | undefined;
  /** Default: `example.com`. */
  authority?: ByteString | undefined;
  headers?: readonly Pair[] | undefined;
  /** In the pieces that are to arrive one after the other. Default: none. */
  body?: ByteString | readonly ByteString[] | undefined;
  trailers?: readonly Pair[] | undefined;
  /** Where the client sits: the attribute `source`. Default: 127.0.0.1:40000. */
  source?: Address | undefined;
}

/** A response as an upstream sends it. */
export interface ProxyResponse {
  /** Default: 200. */
  status?: number | undefined;
  headers?: readonly Pair[] | undefined;
  body?: ByteString | readonly ByteString[] | undefined;
  trailers?: readonly Pair[] | undefined;
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
