import { Value, ValueKind } from "filterwright/assembly/document/value";
import { Operation } from "filterwright/assembly/filters/headers/operations/operation";
import { RemoveMatching } from "filterwright/assembly/filters/headers/operations/remove-matching";
import { Remove, RemoveLines } from "filterwright/assembly/filters/headers/operations/remove";
import { NOTHING, readMatcher, readNameMatcher } from "filterwright/assembly/filters/headers/read/matcher";
import { Side } from "filterwright/assembly/filters/headers/read/side";
import { TextMatcher } from "filterwright/assembly/filters/headers/text-matcher";

/** Reads `NAME`, `{exact | prefix | suffix | contains | regex: TEXT}`, `{name, value: MATCHER}`. */
export function readRemove(value: Value, side: Side): Operation {
  if (value.kind != ValueKind.Object) return new Remove(side.nameToRemove(value));
  if (value.get("name") === null && value.get("value") === null) {
    const exact = value.get("exact");
    if (exact !== null && value.items.length == 1) return new Remove(side.nameToRemove(exact));
    return new RemoveMatching([readMatcher(value, true, side.problems)], false, side.forRemovals);
  }
  const fields = side.fields(value, "name, value");
  const name = side.nameToRemove(fields.required("name", "a header name"));
  const matcher = fields.required("value", "what the value must be, such as {prefix: a}");
  return new RemoveLines(name, matcher === null ? NOTHING : readMatcher(matcher, false, side.problems));
}

/** Reads `[NAME or MATCHER, ...]`. */
export function readRetain(value: Value, side: Side): Operation {
  const matchers: TextMatcher[] = [];
  if (value.kind != ValueKind.Array || value.items.length == 0) {
    side.problems.addExpected(value, "an array of names and matchers");
  }
  for (let i = 0; i < value.items.length; i++) {
    matchers.push(readNameMatcher(value.items[i], side.problems));
  }
  return new RemoveMatching(matchers, true, side.forRemovals);
}
