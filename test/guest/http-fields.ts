// Lets a test in Node ask what a header name and a header value are, and what escapes and errors make of a text.

import "@solo-io/proxy-runtime";
import { isFieldName, isFieldValue } from "filterwright/assembly/http/field";

let input: ArrayBuffer = new ArrayBuffer(0);

export function allocate(size: i32): usize {
  input = new ArrayBuffer(size);
  return changetype<usize>(input);
}

export function isName(): bool {
  return isFieldName(String.UTF8.decode(input));
}

export function isValue(): bool {
  return isFieldValue(String.UTF8.decode(input));
}
