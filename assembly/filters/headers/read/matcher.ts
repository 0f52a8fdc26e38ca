import { Fields } from "filterwright/assembly/document/fields";
import { Problems } from "filterwright/assembly/document/problems";
import { Value, ValueKind } from "filterwright/assembly/document/value";
import { MatchKind, TextMatcher } from "filterwright/assembly/filters/headers/text-matcher";
import { Regex } from "filterwright/assembly/regex";
import { decimal, toLowerCase } from "filterwright/assembly/text/format";
import { indexOfWord } from "filterwright/assembly/text/words";

/** In the order of `MatchKind`. */
export const MATCHER_KEYS = "exact, prefix, suffix, contains, regex";

/** Stands in for a matcher with a mistake in it. */
export const NOTHING = new TextMatcher(MatchKind.Exact, "", null);

/** Reads `{exact | prefix | suffix | contains | regex: TEXT}`. @param isName names have no case: the text is put in lower case */
export function readMatcher(value: Value, isName: bool, problems: Problems): TextMatcher {
  const fields = new Fields(value, problems, MATCHER_KEYS);
  if (!fields.isObject) return NOTHING;
  const count = value.items.length;
  if (count != 1) problems.add(value, "expected one of " + MATCHER_KEYS + ", found " + decimal(count) + " keys");
  if (count == 0) return NOTHING;
  const text = value.items[0];
  const kind = indexOfWord(MATCHER_KEYS, text.key);
  if (kind < 0) return NOTHING;
  if (text.kind != ValueKind.String) problems.addExpected(text, "a string");
  return makeMatcher(kind, text, isName, problems);
}

/** Reads `NAME`, or a matcher of names. */
export function readNameMatcher(value: Value, problems: Problems): TextMatcher {
  return value.kind == ValueKind.String
    ? makeMatcher(MatchKind.Exact, value, true, problems)
    : readMatcher(value, true, problems);
}

/** @param at the text, which is a string */
export function makeMatcher(kind: MatchKind, at: Value, isName: bool, problems: Problems): TextMatcher {
  // A value may be empty, a name may not, and any text has an empty part.
  const mayBeEmpty = !isName && (kind == MatchKind.Exact || kind == MatchKind.Regex);
  if (at.text.length == 0 && !mayBeEmpty) problems.addExpected(at, "a text to match");
  if (kind != MatchKind.Regex) return new TextMatcher(kind, isName ? toLowerCase(at.text) : at.text, null);
  // Names reach the filter in lower case; a pattern in upper case means them, too.
  const regex = Regex.parse(isName ? "(?i:" + at.text + ")" : at.text);
  if (regex.error.length > 0) problems.add(at, "not a regular expression: " + regex.error);
  return new TextMatcher(kind, at.text, regex);
}
