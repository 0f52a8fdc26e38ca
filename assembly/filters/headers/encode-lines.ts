import { HeaderList } from "filterwright/assembly/runtime/header-list";

/** Header lines in the form in which the host gives and takes them (`assembly/runtime/pairs.ts`). */
export function encodeLines(lines: HeaderList): ArrayBuffer {
  const count = lines.length;
  let size = 4 + 8 * count;
  for (let i = 0; i < count; i++) size += <i32>(lines.nameSize(i) + lines.valueSize(i)) + 2;
  const encoded = new ArrayBuffer(size);
  let sizes = changetype<usize>(encoded);
  store<u32>(sizes, count);
  let to = sizes + 4 + 8 * count;
  for (let i = 0; i < count; i++, sizes += 8) {
    store<u32>(sizes, <u32>lines.nameSize(i), 4);
    store<u32>(sizes, <u32>lines.valueSize(i), 8);
    to = terminated(to, lines.nameStart(i), lines.nameSize(i));
    to = terminated(to, lines.valueStart(i), lines.valueSize(i));
  }
  return encoded;
}

/** Copies bytes, and a NUL behind them. @returns where the next go */
function terminated(to: usize, start: usize, size: usize): usize {
  memory.copy(to, start, size);
  store<u8>(to + size, 0);
  return to + size + 1;
}
