// Walks a JSON text with JsonReader and writes it out again, so that a test in Node can hold it against JSON.parse.

import "@solo-io/proxy-runtime";
import { JsonKind, JsonReader, quote } from "filterwright/assembly/json";

let input: ArrayBuffer = new ArrayBuffer(0);
let output: ArrayBuffer = new ArrayBuffer(0);

/** @returns where to put a text of so many bytes */
export function allocate(size: i32): usize {
  input = new ArrayBuffer(size);
  return changetype<usize>(input);
}

/** @returns where the result is: `=` and the document, or `!` and the problem */
export function walk(): usize {
  const json = new JsonReader(input);
  const document = write(json);
  output = String.UTF8.encode(json.end() ? "=" + document : "!" + json.problem);
  return changetype<usize>(output);
}

export function resultSize(): i32 {
  return output.byteLength;
}

/** The same for a caller that skips the document: what is wrong must be found all the same. */
export function skip(): usize {
  const json = new JsonReader(input);
  json.skip();
  output = String.UTF8.encode(json.end() ? "=" : "!" + json.problem);
  return changetype<usize>(output);
}

/** A caller with mistakes of its own: it leaves all keys but `a` unread, and reads `twice` a second time. */
export function readOnlyA(): usize {
  const json = new JsonReader(input);
  json.object();
  while (json.nextKey()) {
    if (json.key == "a" || json.key == "twice") json.number();
    if (json.key == "twice") json.number();
  }
  output = String.UTF8.encode(json.end() ? "=" : "!" + json.problem);
  return changetype<usize>(output);
}

function write(json: JsonReader): string {
  switch (json.kind) {
    case JsonKind.Object:
      return writeObject(json);
    case JsonKind.Array:
      return writeArray(json);
    case JsonKind.Number:
      return json.number().toString();
    case JsonKind.Boolean:
      return json.boolean() ? "true" : "false";
    case JsonKind.Null:
      json.null();
      return "null";
    default:
      return quote(json.string());
  }
}

function writeObject(json: JsonReader): string {
  const parts: string[] = [];
  json.object();
  while (json.nextKey()) parts.push(quote(json.key) + ":" + write(json));
  return "{" + parts.join(",") + "}";
}

function writeArray(json: JsonReader): string {
  const parts: string[] = [];
  json.array();
  while (json.nextElement()) parts.push(write(json));
  return "[" + parts.join(",") + "]";
}
