/** What can be asked of a place between two bytes of a text. */
export enum Place {
  TextStart,
  TextEnd,
  LineStart,
  LineEnd,
  WordBoundary,
  NoWordBoundary,
}

/** Whether a place in the text from `start` to `end` is what was asked for. Words are of ASCII letters, digits and _. */
export function isPlace(asked: Place, at: usize, start: usize, end: usize): bool {
  switch (asked) {
    case Place.TextStart:
      return at == start;
    case Place.TextEnd:
      return at == end;
    case Place.LineStart:
      return at == start || load<u8>(at - 1) == 0x0a;
    case Place.LineEnd:
      return at == end || load<u8>(at) == 0x0a;
    default: {
      const before = at > start && isWordByte(load<u8>(at - 1));
      const after = at < end && isWordByte(load<u8>(at));
      return (before != after) == (asked == Place.WordBoundary);
    }
  }
}

function isWordByte(byte: i32): bool {
  return <u32>(byte - 0x30) < 10 || <u32>((byte | 0x20) - 0x61) < 26 || byte == 0x5f;
}
