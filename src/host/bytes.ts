import { FilterwrightError } from "../errors.ts";

/**
 * Bytes as a string of which each character is one byte (ISO 8859-1). Header names and values, bodies and properties are
 * kept so: they compare, print and serialise as strings do, and no byte is lost.
 */
export type ByteString = string;

/** @throws FilterwrightError FW_USAGE on a character that is no byte */
export function toBytes(text: ByteString): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0xff) expectBytes(text);
    bytes[i] = code;
  }
  return bytes;
}

/** For what a caller gives as bytes. @throws FilterwrightError FW_USAGE on text with a character that is none */
export function expectBytes(...texts: ByteString[]): void {
  for (const text of texts) {
    const at = text.search(/[^\0-\xff]/);
    if (at < 0) continue;
    const code = text.codePointAt(at)!.toString(16).toUpperCase().padStart(4, "0");
    const found = JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text);
    const message = `expected bytes, characters up to U+00FF, found U+${code} in ${found}: write encodeUtf8(text)`;
    throw new FilterwrightError("FW_USAGE", message);
  }
}

/** As `expectBytes`, of header lines. */
export function expectPairs(pairs: readonly (readonly [ByteString, ByteString])[]): void {
  for (const pair of pairs) expectBytes(...pair);
}

const { fromCharCode } = String;

export function fromBytes(bytes: Uint8Array): ByteString {
  let text = "";
  // In pieces: a call takes only so many arguments. By Reflect.apply: `...` would go through them one by one.
  for (let i = 0; i < bytes.length; i += 8192)
    text += Reflect.apply(fromCharCode, undefined, bytes.subarray(i, i + 8192));
  return text;
}

/** Text as the bytes of its UTF-8. */
export function encodeUtf8(text: string): ByteString {
  return fromBytes(new TextEncoder().encode(text));
}

/** Bytes as text; what is not UTF-8 becomes U+FFFD. */
export function decodeUtf8(bytes: ByteString): string {
  return new TextDecoder().decode(toBytes(bytes));
}

/** A number in eight bytes, little-endian, as properties have it. */
export function int64(value: bigint): ByteString {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, value, true);
  return fromBytes(bytes);
}

export function float64(value: number): ByteString {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return fromBytes(bytes);
}
