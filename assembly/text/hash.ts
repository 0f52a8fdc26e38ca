/** What FNV-1a begins with. */
const OFFSET_BASIS: u32 = 0x811c9dc5;
const PRIME: u32 = 0x01000193;

/**
 * FNV-1a, 32 bits (draft-eastlake-fnv): quick, and good enough to share requests out; no one is to rely on it against an
 * attacker.
 */
export function fnv1a32(start: usize, size: i32): u32 {
  return fnv1a32Behind(OFFSET_BASIS, start, size);
}

/** The same. @param hash of the bytes before these */
export function fnv1a32Behind(hash: u32, start: usize, size: i32): u32 {
  for (const end = start + size; start < end; start++) hash = (hash ^ load<u8>(start)) * PRIME;
  return hash;
}
