/// <reference path="../heap/asc.d.ts" />

// UTF-8 (RFC 3629) to AssemblyScript's strings, which are UTF-16, and back. The standard library's functions do not
// check what they decode.

/** Stands for what cannot be decoded or encoded. */
const REPLACEMENT_CHARACTER = 0xfffd;

/** Bytes of the character that `characterAt` read last; 1 where there was none. */
export let characterSize: usize = 1;

/**
 * The character that stands at an address before `end`.
 *
 * @returns its code point, or -1 where the bytes are not UTF-8: cut off, overlong, a surrogate, above U+10FFFF
 */
export function characterAt(at: usize, end: usize): i32 {
  characterSize = 1;
  const lead = <i32>load<u8>(at);
  if (lead < 0x80) return lead;
  // A lead byte has as many ones in front as the sequence has bytes.
  const size = clz<i32>(lead ^ 0xff) - 24;
  if (size < 2 || size > 4 || at + size > end) return -1;
  let character = lead & (0x7f >> size);
  for (let i = 1; i < size; i++) {
    const next = <i32>load<u8>(at + i);
    if ((next & 0xc0) != 0x80) return -1;
    character = (character << 6) | (next & 0x3f);
  }
  // The least that needs so many bytes: 0x80, 0x800, 0x10000.
  const least = size == 2 ? 0x80 : 1 << (5 * size - 4);
  if (character < least || character > 0x10ffff || isSurrogate(character)) return -1;
  characterSize = size;
  return character;
}

/** True for UTF-8 without control characters of ASCII but the tab. */
export function isText(start: usize, end: usize): bool {
  for (; start < end; start += characterSize) {
    const character = characterAt(start, end);
    if ((character < 0x20 && character != 0x09) || character == 0x7f) return false;
  }
  return true;
}

/** The text that so many bytes are. Bytes that are not UTF-8 come out as U+FFFD, one each. */
export function decodeUtf8(start: usize, size: usize): string {
  const text = newText(size);
  const end = start + size;
  let to = text;
  while (start < end) {
    const character = characterAt(start, end);
    start += characterSize;
    to = writeCharacter(to, character < 0 ? REPLACEMENT_CHARACTER : character);
  }
  return finishText(text, to);
}

/** Room for a text of at most so many units, to be filled by `writeCharacter`. */
// @ts-ignore: decorator
@inline
export function newText(units: usize): usize {
  return __new(units << 1, idof<string>());
}

/** The text that ends at `to`. */
export function finishText(text: usize, to: usize): string {
  return changetype<string>(__renew(text, to - text));
}

/** Writes a character in UTF-16. @returns where the next one goes */
export function writeCharacter(to: usize, character: i32): usize {
  if (character < 0x10000) {
    store<u16>(to, character);
    return to + 2;
  }
  store<u16>(to, (character >> 10) + 0xd7c0);
  store<u16>(to, (character & 0x3ff) | 0xdc00, 2);
  return to + 4;
}

/** Writes a text in UTF-8; up to three bytes a unit. A surrogate that stands alone becomes U+FFFD. @returns its size */
export function encodeUtf8(text: usize, units: usize, to: usize): usize {
  const start = to;
  const end = text + (units << 1);
  while (text < end) {
    let character = <i32>load<u16>(text);
    text += 2;
    if (isSurrogate(character)) {
      const low = text < end ? <i32>load<u16>(text) : 0;
      if (character < 0xdc00 && (low & 0xfc00) == 0xdc00) {
        character = combine(character, low);
        text += 2;
      } else {
        character = REPLACEMENT_CHARACTER;
      }
    }
    if (character < 0x80) {
      store<u8>(to++, character);
      continue;
    }
    const size: usize = character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    for (let i = size - 1; i > 0; i--) {
      store<u8>(to + i, (character & 0x3f) | 0x80);
      character >>= 6;
    }
    store<u8>(to, (0xf00 >> (<i32>size)) | character);
    to += size;
  }
  return to - start;
}

/** True for a UTF-16 unit that is half of a character. */
export function isSurrogate(unit: i32): bool {
  return (unit & 0xfffff800) == 0xd800;
}

/** The character that two surrogates make. */
export function combine(high: i32, low: i32): i32 {
  return (high << 10) + low - 0x35fdc00;
}
