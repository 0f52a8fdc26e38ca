import { Fields } from "filterwright/assembly/document/fields";
import { Problems } from "filterwright/assembly/document/problems";
import { Value, ValueKind } from "filterwright/assembly/document/value";
import { Bytes } from "filterwright/assembly/filters/headers/bytes";
import { HeaderName } from "filterwright/assembly/filters/headers/header-name";
import { Condition } from "filterwright/assembly/filters/headers/match/condition";
import {
  CookieValue,
  HeaderValue,
  NamedValue,
  QueryValue,
} from "filterwright/assembly/filters/headers/match/named-value";
import { canonicalName, nameProblem } from "filterwright/assembly/filters/headers/names";
import { makeMatcher } from "filterwright/assembly/filters/headers/read/matcher";
import { MatchKind } from "filterwright/assembly/filters/headers/text-matcher";
import { Regex } from "filterwright/assembly/regex";
import { wordAt } from "filterwright/assembly/text/words";

/** Whose values they are. */
export enum ValueOf {
  RequestHeader,
  ResponseHeader,
  Query,
  Cookie,
}

const TYPES = "Exact, Prefix, Suffix, Contains, RegularExpression, Present, Absent";
const PRESENT = 5;
const ABSENT = 6;

/** Reads `KEY: [{name, type, value, invert}, ...]`. @param regexes takes in those that there are */
export function readNamedValues(
  fields: Fields,
  key: string,
  whose: ValueOf,
  conditions: Condition[],
  regexes: Regex[],
  problems: Problems,
): void {
  const items = fields.array(key);
  for (let i = 0; i < items.length; i++) conditions.push(readNamedValue(items[i], whose, regexes, problems));
}

function readNamedValue(value: Value, whose: ValueOf, regexes: Regex[], problems: Problems): NamedValue {
  const fields = new Fields(value, problems, "name, type, value, invert");
  const name = readName(fields.required("name", "a name"), whose, problems);
  const condition = newCondition(whose, name);
  condition.isInverted = fields.boolean("invert", false);
  const type = fields.choice("type", TYPES);
  if (type == PRESENT || type == ABSENT) {
    const unused = fields.get("value");
    if (unused !== null) problems.add(unused, "expected no value beside the type " + wordAt(TYPES, type));
    if (type == ABSENT) condition.isInverted = !condition.isInverted;
    return condition;
  }
  const text = fields.required("value", "what the value must be");
  if (text === null) return condition;
  if (text.kind != ValueKind.String) {
    problems.addExpected(text, "a string");
    return condition;
  }
  const matcher = makeMatcher(<MatchKind>type, text, false, problems);
  if (matcher.regex !== null) regexes.push(matcher.regex!);
  condition.matcher = matcher;
  return condition;
}

function readName(at: Value | null, whose: ValueOf, problems: Problems): string {
  if (at === null) return "";
  if (!at.isText) {
    problems.addExpected(at, "a name");
    return "";
  }
  if (whose > ValueOf.ResponseHeader) return at.text;
  const name = canonicalName(at.text, whose == ValueOf.RequestHeader);
  const problem = nameProblem(name);
  if (problem.length > 0) problems.add(at, problem);
  return name;
}

function newCondition(whose: ValueOf, name: string): NamedValue {
  if (whose <= ValueOf.ResponseHeader) return new HeaderValue(new HeaderName(name));
  return whose == ValueOf.Query ? new QueryValue(new Bytes(name)) : new CookieValue(new Bytes(name));
}
