/**
 * Checks that a text is well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing
 * above U+10FFFF).
 *
 * @returns the offset of the first byte that breaks the form, or -1 where all is well
 */
export function firstInvalidUtf8(text: Uint8Array): i32 {
  const length = text.length;
  let at = 0;
  while (at < length) {
    const lead = text[at];
    if (lead < 0x80) {
      at++;
      continue;
    }
    const size = sequenceLength(lead);
    if (size == 0 || at + size > length) return at;
    // The first continuation byte has narrower bounds after four leads; that is what keeps out
    // overlong forms (E0, F0), surrogates (ED) and code points that do not exist (F4).
    const second = text[at + 1];
    const lowest: u8 = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    const highest: u8 = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (second < lowest || second > highest) return at;
    for (let i = 2; i < size; i++) {
      if ((text[at + i] & 0xc0) != 0x80) return at;
    }
    at += size;
  }
  return -1;
}

function sequenceLength(lead: u8): i32 {
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  if (lead >= 0xf0 && lead <= 0xf4) return 4;
  return 0;
}
