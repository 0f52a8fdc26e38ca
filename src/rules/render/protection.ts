import { FOR_ROUTES, FRAMING } from "../framing.ts";
import type { Plan, TextMatcher } from "../plan.ts";

/** What no pattern touches: §4 of the rules language, as assembly/filters/headers/protection.ts has it. */
export interface Protection {
  /** Beside all that begin with a colon. */
  names: string[];
  prefixes: string[];
  /** `guard.deny`. */
  deny: TextMatcher[];
}

/** The pseudo-headers that an Envoy can have in a message. */
export const PSEUDO_HEADERS = [":authority", ":method", ":path", ":protocol", ":scheme", ":status"];

export function protectionOf({ guard }: Plan, isRequest: boolean, isRemoval: boolean): Protection {
  const names = isRemoval ? [...FRAMING, ...FOR_ROUTES] : [...FRAMING, "proxy-authenticate", "proxy-authorization"];
  const prefixes = !isRemoval && isRequest && !guard.allowEnvoy ? ["x-envoy-"] : [];
  return { names, prefixes, deny: guard.deny };
}

/** Whether a matcher, which is no regex, holds for a text. */
export function matches({ kind, text }: TextMatcher, value: string): boolean {
  switch (kind) {
    case "exact":
      return value === text;
    case "prefix":
      return value.startsWith(text);
    case "suffix":
      return value.endsWith(text);
    default:
      return value.includes(text);
  }
}
