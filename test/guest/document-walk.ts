// Reads a document, as JSON or as a Struct, and writes it out as JSON, or the path of each value in it.

import "@solo-io/proxy-runtime";
import { Document, Value, ValueKind, readDocument } from "filterwright/assembly/document";
import { Fields } from "filterwright/assembly/document/fields";
import { Problems } from "filterwright/assembly/document/problems";

let input: ArrayBuffer = new ArrayBuffer(0);
let output: ArrayBuffer = new ArrayBuffer(0);

/** @returns where to put so many bytes */
export function allocate(size: i32): usize {
  input = new ArrayBuffer(size);
  return changetype<usize>(input);
}

export function resultSize(): i32 {
  return output.byteLength;
}

/** `=` and the document, or `!` and what is wrong with its form. */
export function walk(): usize {
  const document = readDocument(input);
  return give(document, document.problem == "" ? write(document.root) : "");
}

/** `=` and each value's path, a line each. */
export function paths(): usize {
  const document = readDocument(input);
  return give(document, listPaths(document.root));
}

/** `=` and all that is wrong with a person: `{name: string, age: 0 to 150, kind: "a" | "b", alive: bool, friends: [string]}`. */
export function person(): usize {
  const document = readDocument(input);
  const problems = new Problems();
  const fields = new Fields(document.root, problems, "name, age, kind, alive, friends");
  const said = `${fields.string("name", "nobody")} ${fields.integer("age", 1, 0, 150)} ${fields.choice("kind", "a, b")} ${fields.boolean("alive", true)} ${fields.array("friends").length}`;
  return give(document, problems.isEmpty ? said : problems.toString());
}

function give(document: Document, text: string): usize {
  output = String.UTF8.encode(document.problem == "" ? "=" + text : "!" + document.problem);
  return changetype<usize>(output);
}

function write(value: Value): string {
  let parts: string[] = [];
  for (let i = 0; i < value.items.length; i++) {
    const item = value.items[i];
    parts.push((value.kind == ValueKind.Object ? escape(item.key) + ":" : "") + write(item));
  }
  if (value.kind == ValueKind.Object) return "{" + parts.join(",") + "}";
  if (value.kind == ValueKind.Array) return "[" + parts.join(",") + "]";
  if (value.kind == ValueKind.String) return escape(value.text);
  if (value.kind == ValueKind.Number) return value.number.toString();
  return value.kind == ValueKind.Null ? "null" : value.text;
}

function listPaths(value: Value): string {
  let text = value.path();
  for (let i = 0; i < value.items.length; i++) text += "\n" + listPaths(value.items[i]);
  return text;
}

function escape(text: string): string {
  let quoted = '"';
  for (let i = 0; i < text.length; i++) quoted += "\\u" + text.charCodeAt(i).toString(16).padStart(4, "0");
  return quoted + '"';
}
