import { type ByteString, decodeUtf8, encodeUtf8, fromBytes, type Pair, toBytes } from "../host/index.ts";

/** Header lines as tests write them: an object, a list for a name with several, or pairs in their order. */
export type Lines = Record<string, string | readonly string[]> | readonly (readonly [name: string, value: string])[];

/** A body as tests write it: text (UTF-8) or bytes; a list for chunks that arrive one after the other. */
export type FilterBody = string | Uint8Array | readonly (string | Uint8Array)[];

/** A request as a client sends it. */
export interface FilterRequest {
  /** Default: GET. */
  method?: string;
  /** Path and query. Default: `/`. */
  path?: string;
  /** Default: `example.com`. */
  authority?: string;
  /** Default: none. */
  headers?: Lines;
  body?: FilterBody;
  trailers?: Lines;
  /** Where the client sits: the attributes `source.address` and `source.port`. */
  source?: { address: string; port: number };
}

/** A response as a server gives it. */
export interface FilterResponse {
  /** Default: 200. */
  status?: number;
  /** Default: none. */
  headers?: Lines;
  body?: FilterBody;
  trailers?: Lines;
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
