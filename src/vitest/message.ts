import { type ByteString, decodeUtf8, encodeUtf8, fromBytes, type Pair, toBytes } from "../host/index.ts";
import type { Property } from "./property.ts";

/** Header lines as tests write them: an object, a list for a name with several, or pairs in their order. */
export type Lines = Record<string, string | readonly string[]> | readonly (readonly [name: string, value: string])[];

/** A body as tests write it: text (UTF-8) or bytes; a list for chunks that arrive one after the other. */
export type FilterBody = string | Uint8Array | readonly (string | Uint8Array)[];

/** A request as a client sends it. */
export interface FilterRequest {
  /** Default: GET. */
  method?: string | undefined;
  /** Path and query. Default: `/`. */
  path?: string | undefined;
  /** Default: `example.com`. */
  authority?: string | undefined;
  /** Default: none. */
  headers?: Lines | undefined;
  body?: FilterBody | undefined;
  trailers?: Lines | undefined;
  /** What `get_property` finds in this stream, over what the filter's option `properties` says. */
  properties?: Record<string, Property> | undefined;
  /** Where the client sits: the attributes `source.address` and `source.port`, in place of what `properties` of the filter say. */
  source?: { address: string; port: number } | undefined;
}

/** A response as a server gives it. */
export interface FilterResponse {
  /** Default: 200. */
  status?: number | undefined;
  /** Default: none. */
  headers?: Lines | undefined;
  body?: FilterBody | undefined;
  trailers?: Lines | undefined;
}

/** What came out at an end: texts, read as UTF-8. */
export interface Received {
  /** In their order; names in lower case. */
  headers: [name: string, value: string][];
  body: string;
  trailers: [name: string, value: string][];
  /** The body as it is. */
  bytes: Uint8Array;
}

export interface ReceivedRequest extends Received {
  method: string;
  path: string;
  authority: string;
}

export interface ReceivedResponse extends Received {
  status: number;
}

export function toPairs(lines: Lines = []): Pair[] {
  const pairs = Array.isArray(lines)
    ? (lines as [string, string][])
    : Object.entries(lines as Record<string, string | string[]>).flatMap(([name, values]) =>
        [values].flat().map((value): [string, string] => [name, value]),
      );
  return pairs.map(([name, value]) => [encodeUtf8(name), encodeUtf8(value)]);
}

export function toChunks(body: FilterBody = ""): ByteString[] {
  const chunks = typeof body === "string" || body instanceof Uint8Array ? [body] : body;
  return chunks.map(toByteString).filter(Boolean);
}

/** Text in UTF-8. */
export function toByteString(text: string | Uint8Array): ByteString {
  return typeof text === "string" ? encodeUtf8(text) : fromBytes(text);
}

export function toTexts(pairs: readonly Pair[]): [name: string, value: string][] {
  return pairs.map(([name, value]) => [decodeUtf8(name), decodeUtf8(value)]);
}

export function received(message: { headers: Pair[]; body: ByteString; trailers: Pair[] }): Received {
  return {
    headers: toTexts(message.headers),
    body: decodeUtf8(message.body),
    trailers: toTexts(message.trailers),
    bytes: toBytes(message.body),
  };
}
