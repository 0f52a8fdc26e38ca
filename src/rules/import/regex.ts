import type { Place } from "./place.ts";

/** Refuses what needs backtracking, which our regular expressions are without. @returns whether there is none of it */
export function isLinear(at: Place, pattern: string): boolean {
  const plain = withoutClasses(pattern);
  const found = [
    [/\(\?(=|!|<=|<!)/, "looks ahead or behind"],
    [/\\[1-9]|\\k[<{']|\(\?P=/, "refers back to a group"],
    [/\(\?>|[*+?}]\+/, "has an atomic group or a possessive repetition"],
  ].find(([syntax]) => (syntax as RegExp).test(plain));
  if (found) at.refuse(`a regular expression that ${found[1] as string}: ours are RE2's, which match in linear time`);
  return !found;
}

/** The capturing groups of a pattern: their names in order, empty for one without. */
export function groupsOf(pattern: string): string[] {
  const opened = withoutEscapes(withoutClasses(pattern)).matchAll(/\((?!\?)|\(\?P?<(\w+)>/g);
  return [...opened].map(([, name]) => name ?? "");
}

/**
 * Whether what the pattern finds in a text is always the whole text: `^` in front, `$` behind, no alternative beside them.
 * Then to search is to match fully.
 */
export function isAnchored(pattern: string): boolean {
  const plain = withoutEscapes(withoutClasses(pattern));
  if (!plain.startsWith("^") || !plain.endsWith("$") || /\(\?[a-zA-Z]*m/.test(plain) || pattern.includes("\\Q"))
    return false;
  let depth = 0;
  for (const c of plain) {
    if (c === "(") depth++;
    else if (c === ")") depth--;
    else if (c === "|" && depth === 0) return false;
  }
  return true;
}

/** What an expression matches fully, as far as JavaScript's reading of it tells. */
export function matcherOf(pattern: string): (text: string) => boolean {
  try {
    const regex = new RegExp(`^(?:${pattern.replaceAll("(?P<", "(?<")})$`);
    return (text) => regex.test(text);
  } catch {
    return () => false;
  }
}

/** An escaped character is made an underscore, so that what is left of the syntax stands at its place. */
function withoutEscapes(pattern: string): string {
  return pattern.replace(/\\[^]/g, "__");
}

function withoutClasses(pattern: string): string {
  return pattern.replace(/(\\[^])|\[\^?\]?(?:\[:\^?\w+:\]|\\[^]|[^\]\\])*\]/g, (_, escaped?: string) => escaped ?? "_");
}
