import { type ByteString, decodeUtf8, encodeUtf8, type Pair } from "../host/index.ts";
import { fromBytes, toBytes } from "../host/bytes.ts";

/** Header lines as tests write them: an object, a list for a name with several, or pairs in their order. */
export type Lines = Record<string, string | readonly string[]> | readonly (readonly [name: string, value: string])[];

/** A body as tests write it: text (UTF-8) or bytes; a list for chunks that arrive one after the other. */
export type Body = string | Uint8Array | readonly (string | Uint8Array)[];

/** A request as a client sends it. */
export interface Request {
  /** Default: GET. */
  method?: string;
  /** Path and query. Default: `/`. */
  path?: string;
  /** Default: `example.com`. */
  authority?: string;
  /** Default: none. */
  headers?: Lines;
  body?: Body;
  trailers?: Lines;
  /** Where the client sits: the attributes `source.address` and `source.port`. */
  source?: { address: string; port: number };
}

/** A response as a server gives it. */
export interface Response {
  /** Default: 200. */
  status?: number;
  /** Default: none. */
  headers?: Lines;
  body?: Body;
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

export function toChunks(body: Body = ""): ByteString[] {
  const chunks = typeof body === "string" || body instanceof Uint8Array ? [body] : body;
  return chunks.map((chunk) => (typeof chunk === "string" ? encodeUtf8(chunk) : fromBytes(chunk))).filter(Boolean);
}

export function received(message: { headers: Pair[]; body: ByteString; trailers: Pair[] }): Received {
  const toText = ([name, value]: Pair): [string, string] => [decodeUtf8(name), decodeUtf8(value)];
  return {
    headers: message.headers.map(toText),
    body: decodeUtf8(message.body),
    trailers: message.trailers.map(toText),
    bytes: toBytes(message.body),
  };
}
