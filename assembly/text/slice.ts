// A slice of bytes: where it starts, and where it ends or how many there are. Nothing is copied.

/** Where a byte stands; the end where it does not. */
export function findByte(byte: u8, start: usize, end: usize): usize {
  while (start < end && load<u8>(start) != byte) start++;
  return start;
}

/** Where a slice begins without the spaces and tabs in front (OWS of RFC 9110 §5.6.3). */
export function skipBlanks(start: usize, end: usize): usize {
  while (start < end && isBlank(load<u8>(start))) start++;
  return start;
}

/** Where a slice ends without the spaces and tabs at its end. */
export function dropBlanks(start: usize, end: usize): usize {
  while (start < end && isBlank(load<u8>(end - 1))) end--;
  return end;
}

export function equalBytes(a: usize, aSize: i32, b: usize, bSize: i32): bool {
  return aSize == bSize && startsWith(a, a + aSize, b, bSize);
}

/** True where so many bytes at `prefix` stand at the start of a slice too. */
export function startsWith(start: usize, end: usize, prefix: usize, prefixSize: i32): bool {
  if (<i32>(end - start) < prefixSize) return false;
  for (let i = 0; i < prefixSize; i++) if (load<u8>(start + i) != load<u8>(prefix + i)) return false;
  return true;
}

/** Where so many bytes stand; the end where they do not. */
export function findBytes(start: usize, end: usize, wanted: usize, wantedSize: i32): usize {
  for (; start + wantedSize <= end; start++) if (startsWith(start, end, wanted, wantedSize)) return start;
  return end;
}

/** Equal but for the case of ASCII letters. */
export function equalIgnoringCase(a: usize, aSize: i32, b: usize, bSize: i32): bool {
  if (aSize != bSize) return false;
  for (const end = a + aSize; a < end; a++, b++) if (lowerCase(load<u8>(a)) != lowerCase(load<u8>(b))) return false;
  return true;
}

/** An ASCII letter from A to Z in lower case, any other byte as it is. */
export function lowerCase(byte: u8): u8 {
  return <u8>(byte - 0x41) < 26 ? byte | 0x20 : byte;
}

function isBlank(byte: u8): bool {
  return byte == 0x20 || byte == 0x09;
}
