// Ten headers more in each direction, by host calls alone.

import "filterwright/assembly/runtime/abort";
import { Text, add } from "./raw";

export { malloc } from "./raw";

const names: Text[] = [];
const values: Text[] = [];
for (let i = 0; i < 10; i++) {
  names.push(new Text("x-added-" + i.toString()));
  values.push(new Text("value-" + i.toString()));
}

export function proxy_abi_version_0_2_1(): void {}

export function proxy_on_request_headers(context: u32, count: u32, end: u32): i32 {
  for (let i = 0; i < 10; i++) add(0, unchecked(names[i]), unchecked(values[i]));
  return 0;
}

export function proxy_on_response_headers(context: u32, count: u32, end: u32): i32 {
  for (let i = 0; i < 10; i++) add(2, unchecked(names[i]), unchecked(values[i]));
  return 0;
}
