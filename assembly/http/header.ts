import { isFieldName, isFieldValue } from "filterwright/assembly/http/field";
import { JsonKind, JsonReader, quote } from "filterwright/assembly/json";

/** One header line. */
export class Header {
  constructor(
    readonly name: string,
    readonly value: string,
  ) {}
}

/** Reads `{NAME: VALUE or [VALUE, ...], ...}`: one header line for each value, in order. */
export function readHeaders(json: JsonReader): Header[] {
  const headers: Header[] = [];
  json.object();
  while (json.nextKey()) {
    const name = checkName(json, json.key);
    if (json.kind == JsonKind.Array) {
      json.array();
      while (json.nextElement()) headers.push(new Header(name, readValue(json)));
    } else {
      headers.push(new Header(name, readValue(json)));
    }
  }
  return headers;
}

/** Reads `[NAME, ...]`. */
export function readHeaderNames(json: JsonReader): string[] {
  const names: string[] = [];
  json.array();
  while (json.nextElement()) names.push(checkName(json, json.string()));
  return names;
}

function checkName(json: JsonReader, name: string): string {
  if (!isFieldName(name)) json.fail("expected a header name, found " + quote(name));
  return name;
}

function readValue(json: JsonReader): string {
  const value = json.string();
  if (!isFieldValue(value)) json.fail("expected a header value, found a control character in " + quote(value));
  return value;
}
