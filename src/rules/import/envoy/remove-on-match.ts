import type { Operation } from "../document.ts";
import { nameToRemove, type Side } from "../header-names.ts";
import { isNamePattern } from "../name-pattern.ts";
import type { Place } from "../place.ts";

/** A matcher of names, `envoy.type.matcher.v3.StringMatcher`. */
export function readRemoveOnMatch(at: Place, side: Side): Operation | undefined {
  if (!at.expectKeys(["key_matcher"])) return undefined;
  const matcher = at.need("key_matcher", "a matcher of names");
  if (!matcher?.expectKeys(["exact", "prefix", "suffix", "contains", "safe_regex", "ignore_case"])) return undefined;
  const ignoresCase = matcher.boolean("ignore_case") === true;
  const kind = (["exact", "prefix", "suffix", "contains", "safe_regex"] as const).find((key) => matcher.get(key));
  if (kind === undefined) {
    matcher.refuse("expected exact, prefix, suffix, contains or safe_regex");
    return undefined;
  }
  const pattern = matcher.get(kind)!;
  if (kind === "safe_regex") {
    if (!pattern.expectKeys(["google_re2", "regex"])) return undefined;
    const regex = pattern.need("regex", "a regular expression");
    const text = regex?.text();
    return text !== undefined && isNamePattern(regex!, "regex", text, side) ? { remove: { regex: text } } : undefined;
  }
  const text = pattern.text();
  if (text === undefined) return undefined;
  const lower = text.toLowerCase();
  if (lower !== text && !ignoresCase) {
    at.draft.note(`${pattern.path}: left out, for Envoy holds it against names in lower case, and it matches none`);
    return undefined;
  }
  if (kind === "exact") {
    const name = nameToRemove(pattern, side, lower);
    return name === undefined ? undefined : { remove: name };
  }
  return isNamePattern(pattern, kind, lower, side) ? { remove: { [kind]: lower } } : undefined;
}
