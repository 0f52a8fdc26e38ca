// The response is changed where the request was for a certain path, by host calls alone: one byte a stream is remembered.

import "filterwright/assembly/runtime/abort";
import { Text, pairs, replace } from "./raw";

export { malloc } from "./raw";

/** By the last bits of a stream's id. */
const matched = memory.data(65_536);
const name = new Text("x-api");
const value = new Text("yes");
const path = new Text(":path");
const prefix = new Text("/api");

export function proxy_abi_version_0_2_1(): void {}

export function proxy_on_request_headers(context: u32, count: u32, end: u32): i32 {
  store<bool>(matched + (context & 0xffff), isForApi(pairs(0)));
  return 0;
}

export function proxy_on_response_headers(context: u32, count: u32, end: u32): i32 {
  if (load<bool>(matched + (context & 0xffff))) replace(2, name, value);
  return 0;
}

export function proxy_on_delete(context: u32): void {
  store<bool>(matched + (context & 0xffff), false);
}

/** @param lines as `proxy_get_header_map_pairs` gives them */
function isForApi(lines: usize): bool {
  const count = load<u32>(lines);
  let at = lines + 4 + 8 * <usize>count;
  for (let i: u32 = 0; i < count; i++) {
    const nameSize = load<u32>(lines + 4 + 8 * <usize>i);
    const valueSize = load<u32>(lines + 4 + 8 * <usize>i, 4);
    const valueAt = at + nameSize + 1;
    if (nameSize == 5 && memory.compare(at, changetype<usize>(path.buffer), 5) == 0) {
      const isLonger = valueSize > 4 && load<u8>(valueAt + 4) != 0x2f && load<u8>(valueAt + 4) != 0x3f;
      return valueSize >= 4 && memory.compare(valueAt, changetype<usize>(prefix.buffer), 4) == 0 && !isLonger;
    }
    at = valueAt + valueSize + 1;
  }
  return false;
}
