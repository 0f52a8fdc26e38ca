import { Value, ValueKind } from "filterwright/assembly/document/value";
import { JsonKind, JsonReader } from "filterwright/assembly/json";
import { exactNumber } from "filterwright/assembly/json/number";

/** What reading a document came to: its value, or the one thing that is wrong with its form. */
export class Document {
  constructor(
    readonly root: Value,
    /** Empty where the form is good. */
    readonly problem: string,
  ) {}
}

/** Reads a whole JSON text. */
export function readJson(text: ArrayBuffer): Document {
  const json = new JsonReader(text);
  const root = readValue(json, null);
  json.end();
  return new Document(root, json.problem);
}

function readValue(json: JsonReader, outer: Value | null): Value {
  const value = new Value(outer);
  switch (json.kind) {
    case JsonKind.Object:
      value.kind = ValueKind.Object;
      json.object();
      while (json.nextKey()) {
        const key = json.key;
        const item = readValue(json, value);
        item.key = key;
        value.items.push(item);
      }
      break;
    case JsonKind.Array:
      value.kind = ValueKind.Array;
      json.array();
      while (json.nextElement()) {
        const item = readValue(json, value);
        item.index = value.items.length;
        value.items.push(item);
      }
      break;
    case JsonKind.Number:
      value.kind = ValueKind.Number;
      value.text = json.numeral();
      value.number = json.failed ? 0 : exactNumber(value.text);
      if (isNaN(value.number)) json.failExpected("a number of at most 15 digits, within 10^22", value.text);
      break;
    case JsonKind.Boolean:
      value.kind = ValueKind.Boolean;
      value.text = json.boolean() ? "true" : "false";
      break;
    case JsonKind.String:
      value.kind = ValueKind.String;
      value.text = json.string();
      break;
    case JsonKind.Null:
      json.null();
      break;
    default:
      json.skip(); // which says what it expects
  }
  return value;
}
