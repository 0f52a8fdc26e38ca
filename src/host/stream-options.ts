import type { Addresses } from "./attributes.ts";
import type { LocalReply } from "./context.ts";
import type { HeaderMap } from "./header-map.ts";
import type { Attribute } from "./property.ts";

export interface StreamOptions {
  /** What `proxy_get_property` finds on this stream beside what it finds by itself. */
  attributes?: Record<string, Attribute>;
  /** What the attributes `source`, `destination` and `upstream` say of the stream's ends. */
  addresses?: Addresses;
  /** Bytes that a filter may hold back before the stream is answered with 413 or 500. Default: 1 MiB, as Envoy's. */
  bufferLimit?: number;
}

/** What is at the two ends of the filters. */
export interface StreamEnds {
  /** The request's headers have passed all filters. @returns an answer in place of the upstream's */
  onRequest?(headers: HeaderMap, isEnd: boolean): LocalReply | undefined;
  /** The response's headers have passed all filters. @returns an answer in its place */
  onResponse?(headers: HeaderMap, isEnd: boolean, request: HeaderMap): LocalReply | undefined;
  /** More of a message is at either end, or the stream was reset. */
  onProgress?(): void;
}
