// Lets a test in Node make objects, chain them, forget them and collect, and see what is left of them.

import "@solo-io/proxy-runtime";

class Item {
  left: Item | null = null;
  right: Item | null = null;

  constructor(readonly bytes: Uint8Array) {}
}

const slots: StaticArray<Item | null> = new StaticArray<Item | null>(16);
/** Static data that comes to hold objects of the heap. */
const fixed: StaticArray<Item | null> = [null, null];
let grown: u32[] = [];

export function make(slot: i32, size: i32, fill: u8): void {
  const item = new Item(new Uint8Array(size));
  item.bytes.fill(fill);
  slots[slot] = item;
}

export function link(from: i32, to: i32, isLeft: bool): void {
  const item = slots[from];
  if (item === null) return;
  if (isLeft) item.left = slots[to];
  else item.right = slots[to];
}

export function move(from: i32, to: i32): void {
  slots[to] = slots[from];
}

export function drop(slot: i32): void {
  slots[slot] = null;
}

/** The item at the end of a path of lefts (bit 0) and rights (bit 1), its size and fill as one number; -1 for none, -2 where its bytes differ. */
export function look(slot: i32, path: u32, steps: i32): i32 {
  let item = slots[slot];
  for (let i = 0; i < steps && item !== null; i++) item = (path >> i) & 1 ? item.right : item.left;
  if (item === null) return -1;
  const bytes = item.bytes;
  for (let i = 1; i < bytes.length; i++) if (bytes[i] != bytes[0]) return -2;
  return (bytes.length << 8) | (bytes.length > 0 ? bytes[0] : 0);
}

export function collect(): void {
  __collect();
}

export function fixItem(at: i32, slot: i32): void {
  fixed[at] = slots[slot];
}

export function fixedIsStatic(): bool {
  return changetype<usize>(fixed) < __heap_base;
}

export function fixedSize(at: i32): i32 {
  const item = fixed[at];
  return item === null ? -1 : item.bytes.length;
}

/** A chain of so many items; then how long it is. */
export function chain(length: i32): i32 {
  slots[0] = null;
  for (let i = 0; i < length; i++) {
    const item = new Item(new Uint8Array(0));
    item.left = slots[0];
    slots[0] = item;
  }
  __collect();
  let count = 0;
  for (let item = slots[0]; item !== null; item = item!.left) count++;
  return count;
}

/** Appends to an array that grows. @returns whether it still has what was appended before */
export function append(count: i32): bool {
  for (let i = 0; i < count; i++) grown.push(grown.length);
  for (let i = 0; i < grown.length; i++) if (grown[i] != i) return false;
  return true;
}

/** Makes the array so much longer; what is new reads as 0. @returns whether all is as it should be */
export function stretch(count: i32): bool {
  const before = grown.length;
  grown.length = before + count;
  for (let i = 0; i < grown.length; i++) if (grown[i] != <u32>(i < before ? i : 0)) return false;
  grown.length = before;
  return true;
}

export function forgetAppended(): void {
  grown = [];
}

/** An object that only this address is left of. */
export function pin(size: i32): usize {
  const bytes = new ArrayBuffer(size);
  memory.fill(changetype<usize>(bytes), 0xa5, size);
  return __pin(changetype<usize>(bytes));
}

export function unpin(address: usize): void {
  __unpin(address);
}

/** An address of raw memory, which no collection frees. */
export function allocate(size: i32): usize {
  return heap.alloc(size);
}

export function reallocate(address: usize, size: i32): usize {
  return heap.realloc(address, size);
}

export function release(address: usize): void {
  heap.free(address);
}
