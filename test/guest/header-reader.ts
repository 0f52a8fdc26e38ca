// Reads the header lines that the test's host gives, so that it may give any bytes.

import { stream_context } from "filterwright/assembly";
import { endCallback } from "filterwright/assembly/runtime/callback";

export { malloc } from "filterwright/assembly/runtime/memory";

let text: ArrayBuffer = new ArrayBuffer(0);

/** @returns where the lines are, as `status NUL name NUL value NUL ...` */
export function read(): usize {
  const headers = stream_context.headers.request;
  let lines = `${headers.length == 0 ? headers.status : 0}\0`;
  for (let i = 0; i < headers.length; i++) lines += headers.name(i) + "\0" + headers.value(i) + "\0";
  text = String.UTF8.encode(lines);
  endCallback();
  return changetype<usize>(text);
}

export function readSize(): i32 {
  return text.byteLength;
}
