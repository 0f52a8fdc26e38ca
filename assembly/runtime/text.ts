import { take } from "filterwright/assembly/runtime/arena";
import { decodeUtf8, encodeUtf8, newText } from "filterwright/assembly/text/utf8";

// A text on its way to the host: its UTF-8 in the arena. Where it is and how long are set by `encode` and `encodeName`,
// so that no object is made for it. Both ways four characters are taken at a time: nearly all names and values are ASCII,
// and short, and every request has some.

/** Where the text encoded last begins. */
export let textStart: usize = 0;
/** Its size in bytes. */
export let textSize: usize = 0;

/** Encodes a text for a host call. Read `textStart` and `textSize` before the next one. */
export function encode(text: string): void {
  encodeWith(text, 0);
}

/** Encodes the name of a header, in lower case as Envoy keeps it. */
export function encodeName(name: string): void {
  encodeWith(name, 0x20202020);
}

/** The text that so many bytes from the host are, as `decodeUtf8` has it. */
export function decode(start: usize, size: usize): string {
  const text = newText(size);
  let i: usize = 0;
  for (; i + 4 <= size; i += 4) {
    const bytes = <u64>load<u32>(start + i);
    if ((bytes & 0x80808080) != 0) break;
    // ddccbbaa -> 00dd00cc00bb00aa
    const pairs = (bytes | (bytes << 16)) & 0x0000ffff0000ffff;
    store<u64>(text + (i << 1), (pairs | (pairs << 8)) & 0x00ff00ff00ff00ff);
  }
  for (; i < size; i++) {
    const byte = load<u8>(start + i);
    if (byte >= 0x80) return decodeUtf8(start, size);
    store<u16>(text + (i << 1), byte);
  }
  return changetype<string>(text);
}

/** @param lower bits that are set in letters from A to Z */
function encodeWith(text: string, lower: u32): void {
  const length = <usize>text.length;
  const from = changetype<usize>(text);
  const to = take(length * 3);
  textStart = to;
  let i: usize = 0;
  for (; i + 4 <= length; i += 4) {
    const units = load<u64>(from + (i << 1));
    if ((units & 0xff80ff80ff80ff80) != 0) break;
    // 00dd00cc00bb00aa -> ddccbbaa
    const pairs = (units | (units >> 8)) & 0x0000ffff0000ffff;
    const bytes = <u32>(pairs | (pairs >> 16));
    store<u32>(to + i, bytes | (letters(bytes) & lower));
  }
  for (; i < length; i++) {
    const unit = <u32>load<u16>(from + (i << 1));
    if (unit >= 0x80) break;
    store<u8>(to + i, unit | (letters(unit) & lower));
  }
  // A name that is not ASCII is refused by the host; its case does not matter.
  textSize = i == length ? length : i + encodeUtf8(from + (i << 1), length - i, to + i);
}

/** The bits 0x20 of those of four ASCII bytes that are letters from A to Z. */
// @ts-ignore: decorator
@inline
function letters(bytes: u32): u32 {
  // Adding makes the top bit of a byte one where the byte is at least A, and where it is beyond Z.
  return ((bytes + 0x3f3f3f3f) & ~(bytes + 0x25252525) & 0x80808080) >> 2;
}
