import { isFieldName, isFieldValue } from "filterwright/assembly/http/field";
import { JsonKind, JsonReader, quote } from "filterwright/assembly/json";

/** One header line, and the one after it. */
export class HeaderLine {
  next: HeaderLine | null = null;

  constructor(
    readonly name: string,
    readonly value: string,
  ) {}
}

/** Header lines in order. A chain, where an array would bring its bounds checks and their texts into a small module. */
export class HeaderLines {
  first: HeaderLine | null = null;
  private last: HeaderLine | null = null;

  add(name: string, value: string): void {
    const line = new HeaderLine(name, value);
    const last = this.last;
    if (last === null) this.first = line;
    else last.next = line;
    this.last = line;
  }
}

/** Reads `{NAME: VALUE or [VALUE, ...], ...}`: one header line for each value, in order. */
export function readHeaders(json: JsonReader, lines: HeaderLines): void {
  json.object();
  while (json.nextKey()) {
    const name = checkName(json, json.key);
    if (json.kind == JsonKind.Array) {
      json.array();
      while (json.nextElement()) lines.add(name, readValue(json));
    } else {
      lines.add(name, readValue(json));
    }
  }
}

/** Reads `[NAME, ...]`: lines of which only the name matters. */
export function readHeaderNames(json: JsonReader, lines: HeaderLines): void {
  json.array();
  while (json.nextElement()) lines.add(checkName(json, json.string()), "");
}

function checkName(json: JsonReader, name: string): string {
  if (!isFieldName(name)) json.failExpected("a header name", quote(name));
  return name;
}

function readValue(json: JsonReader): string {
  const value = json.string();
  if (!isFieldValue(value)) json.failExpected("a header value", quote(value));
  return value;
}
