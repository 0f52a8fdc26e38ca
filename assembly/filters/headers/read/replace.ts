import { Value, ValueKind } from "filterwright/assembly/document/value";
import { Operation } from "filterwright/assembly/filters/headers/operations/operation";
import { Replace, ReplaceMatching } from "filterwright/assembly/filters/headers/operations/replace";
import { Substitution } from "filterwright/assembly/filters/headers/operations/substitution";
import { readMatcher } from "filterwright/assembly/filters/headers/read/matcher";
import { Side } from "filterwright/assembly/filters/headers/read/side";
import { Template } from "filterwright/assembly/filters/headers/values/template";
import { Regex } from "filterwright/assembly/regex";

/** Reads `{name: NAME or MATCHER, pattern: {regex | literal}, substitution, scope, match}`. */
export function readReplace(value: Value, side: Side): Operation {
  const fields = side.fields(value, "name, pattern, substitution, scope, match");
  const name = fields.required("name", "a header name, or what it must be, such as {prefix: a}");
  const pattern = fields.required("pattern", "{regex: TEXT} or {literal: TEXT}");
  let regex: Regex | null = null;
  let literal = "";
  if (pattern !== null) {
    const kinds = side.fields(pattern, "regex, literal");
    const isOne = kinds.has("regex") != kinds.has("literal");
    if (kinds.isObject && !isOne) side.problems.add(pattern, "expected either regex or literal");
    literal = kinds.string("literal", "");
    if (kinds.has("literal") && literal.length == 0)
      side.problems.addExpected(pattern.get("literal")!, "a text to find");
    if (kinds.has("regex")) {
      regex = Regex.parse(kinds.string("regex", ""));
      if (regex.error.length > 0) side.problems.add(pattern.get("regex")!, "not a regular expression: " + regex.error);
    }
  }
  const inElements = fields.choice("scope", "line, element") == 1;
  const matches = fields.choice("match", "all, first, whole");
  const text = fields.required("substitution", "what takes the place of a match");
  // Of a pattern with a mistake in it no groups are known: none is told to be wrong.
  const groups = regex === null ? 0 : regex.error.length > 0 ? 9 : regex.groupCount;
  const template = text === null ? new Template() : side.substitution(text, pattern === null ? 9 : groups);
  const substitution = new Substitution(regex, regex === null ? literal : regex.pattern, template, matches);
  return name !== null && name.kind == ValueKind.Object
    ? new ReplaceMatching(readMatcher(name, true, side.problems), substitution, inElements, side.forWrites)
    : new Replace(side.nameToWrite(name), substitution, inElements);
}
