import { Fields } from "filterwright/assembly/document/fields";
import { Value } from "filterwright/assembly/document/value";
import { Operation } from "filterwright/assembly/filters/headers/operations/operation";
import { WriteKind, newWrite } from "filterwright/assembly/filters/headers/operations/write";
import { Side } from "filterwright/assembly/filters/headers/read/side";
import { Template } from "filterwright/assembly/filters/headers/values/template";

/** Reads `{name, value | values, keepEmptyValue}`. */
export function readWrite(kind: WriteKind, value: Value, side: Side): Operation {
  const fields = side.fields(value, "name, value, values, keepEmptyValue");
  const name = side.headerToWrite(fields);
  return newWrite(kind, name, readValues(fields, side), fields.boolean("keepEmptyValue", false));
}

/** `value`, or `values`: one of them must be there. */
export function readValues(fields: Fields, side: Side): Template[] {
  const templates: Template[] = [];
  const value = fields.get("value");
  const values = fields.array("values");
  if (value !== null) templates.push(side.template(value));
  for (let i = 0; i < values.length; i++) templates.push(side.template(values[i]));
  const isOne = (value !== null) != fields.has("values");
  if (fields.isObject && !isOne) side.problems.add(fields.value, "expected either value or values");
  else if (fields.isObject && templates.length == 0) side.problems.addExpected(fields.get("values")!, "some values");
  return templates;
}
