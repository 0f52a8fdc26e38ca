import { FOR_ROUTES, FRAMING } from "../framing.ts";
import { ROUTING, type Side } from "./header-names.ts";
import type { Place } from "./place.ts";
import { isLinear, matcherOf } from "./regex.ts";

/** What a pattern of ours leaves alone although it matches. */
const KEPT = {
  request: [...FRAMING, ...ROUTING, "x-forwarded-proto"],
  response: [...FRAMING, ":status", ...FOR_ROUTES],
};

/**
 * Refuses a pattern of names to remove that ours cannot say: one that takes headers which our patterns leave alone, an expression
 * that backtracks, or one with capitals. Envoy holds those against names in lower case, and ours match without case.
 *
 * @returns whether ours can say it
 */
export function isNamePattern(
  at: Place,
  kind: "prefix" | "suffix" | "contains" | "regex",
  text: string,
  side: Side,
): boolean {
  if (kind === "regex" && /[A-Z]/.test(text.replace(/\\.|\(\?P</g, ""))) {
    at.refuse("a regular expression with capital letters: names are in lower case, and ours match without case");
    return false;
  }
  if (kind === "regex" && !isLinear(at, text)) return false;
  const kept = KEPT[side].filter(matcher(kind, text));
  if (kept.length > 0) at.refuse(`it removes ${kept.join(", ")} as well, which a pattern of ours leaves alone`);
  return kept.length === 0;
}

function matcher(kind: string, text: string): (name: string) => boolean {
  if (kind === "regex") return matcherOf(text);
  if (kind === "prefix") return (name) => name.startsWith(text);
  return kind === "suffix" ? (name) => name.endsWith(text) : (name) => name.includes(text);
}
