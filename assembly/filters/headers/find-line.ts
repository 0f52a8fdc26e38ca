import { Bytes } from "filterwright/assembly/filters/headers/bytes";
import { HeaderList } from "filterwright/assembly/runtime/header-list";

/** @returns the index of the first line of a name from an index on, or -1 */
export function findLine(lines: HeaderList, name: Bytes, from: i32): i32 {
  return lines.find(name.start, name.size, from);
}
