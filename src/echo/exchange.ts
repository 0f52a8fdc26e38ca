/**
 * Bytes as a string of which each character is one byte (ISO 8859-1), as `node:http` gives and takes header
 * values: whatever stands in a header comes through, UTF-8 or not.
 */
export type ByteString = string;

/** Header lines in order, repeated names included. Names as they came over the wire. */
export type HeaderLine = [name: ByteString, value: ByteString];

/** A request as it reached a server. */
export interface ReceivedRequest {
  method: string;
  /** Path and query. */
  path: ByteString;
  /** All lines, `host` among them. */
  headers: HeaderLine[];
  body: ByteString;
  trailers: HeaderLine[];
}

/** A response to give, or one that came. */
export interface Response {
  status: number;
  headers: HeaderLine[];
  body: ByteString;
  /** Default: none. */
  trailers?: HeaderLine[];
}

/** What an upstream is to answer. */
export interface Answer extends Response {
  /** Requests for a path of its own, such as calls that a filter makes: answered so, and not told of. */
  calls?: (Response & { path: ByteString })[];
}

/** Pairs lines up from the flat list that `node:http` has. */
export function toLines(raw: readonly string[]): HeaderLine[] {
  const lines: HeaderLine[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) lines.push([raw[i]!, raw[i + 1]!]);
  return lines;
}

/** Text as the bytes of its UTF-8. */
export function encodeUtf8(text: string): ByteString {
  return Buffer.from(text, "utf8").toString("latin1");
}

/** Bytes for a person to read: UTF-8 where they are that, else with `\xNN` for what is not ASCII. */
export function decodeForDisplay(bytes: ByteString): string {
  const buffer = Buffer.from(bytes, "latin1");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(buffer);
  } catch {
    return bytes.replace(/[^\x20-\x7e]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`);
  }
}

/** JSON of which every character is ASCII, so that no encoding on the way can touch a byte string. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(/[\x7f-\xff]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`);
}
