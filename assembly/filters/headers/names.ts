// What may be written, and what removed: §4 of the rules language.

import { Description } from "filterwright/assembly/filters/headers/description";
import { Bytes } from "filterwright/assembly/filters/headers/bytes";
import { TextMatcher } from "filterwright/assembly/filters/headers/text-matcher";
import { isFieldName } from "filterwright/assembly/http/field";
import { quote, toLowerCase } from "filterwright/assembly/text/format";
import { indexOfWord } from "filterwright/assembly/text/words";

/** Framing and hop-by-hop: RFC 9110 §7.6.1, RFC 9112 §6. Theirs is the connection, not the message. */
export const FRAMING =
  "connection, keep-alive, proxy-connection, te, trailer, transfer-encoding, upgrade, content-length";
const ROUTING = ":authority, :path, :method, :scheme";

/** What a configuration allows beyond the rule, and denies beyond it. */
export class Guard {
  allowRouting: bool = false;
  allowEnvoy: bool = false;
  /** Names that nothing may write or remove. */
  readonly deny: TextMatcher[] = [];

  denies(start: usize, size: i32): bool {
    const deny = this.deny;
    for (let i = 0; i < deny.length; i++) if (deny[i].matches(start, size)) return true;
    return false;
  }

  describe(to: Description): void {
    to.object();
    to.flag("allowRouting", this.allowRouting);
    to.flag("allowEnvoy", this.allowEnvoy);
    to.matchers("deny", this.deny);
    to.endObject();
  }

  deniesName(name: string): bool {
    const bytes = new Bytes(name);
    return this.denies(bytes.start, <i32>bytes.size);
  }
}

/** A name as headers are compared: lower case; `host` on a request is `:authority`. */
export function canonicalName(name: string, isRequest: bool): string {
  const lower = toLowerCase(name);
  return isRequest && lower == "host" ? ":authority" : lower;
}

/** Why a name, as `canonicalName` gives it, is none; empty where it is one. */
export function nameProblem(name: string): string {
  const isPseudo = indexOfWord(ROUTING, name) >= 0 || name == ":status";
  return isPseudo || isFieldName(name) ? "" : "expected a header name, found " + quote(name);
}

/** Why a header may not be written; empty where it may. */
export function writeProblem(name: string, isRequest: bool, guard: Guard): string {
  const problem = commonProblem(name, guard);
  if (problem.length > 0) return problem;
  if (name == "proxy-authenticate" || name == "proxy-authorization")
    return name + " may not be written: it is the proxy's own";
  if (name.startsWith(":")) {
    if (!isRequest || name == ":status") return name + " may not be written";
    return guard.allowRouting
      ? ""
      : shown(name) + " may be written only where guard.allowRouting is true: it decides the route";
  }
  if (isRequest && name.startsWith("x-envoy-") && !guard.allowEnvoy) {
    return name + " may be written only where guard.allowEnvoy is true: Envoy acts on it";
  }
  return "";
}

/** Why a header may not be removed; empty where it may. */
export function removeProblem(name: string, guard: Guard): string {
  const problem = commonProblem(name, guard);
  if (problem.length > 0) return problem;
  if (name.startsWith(":")) return shown(name) + " may not be removed: no message is without it";
  const isForRoutes = name == "host" || name == "x-forwarded-proto";
  return isForRoutes ? name + " may not be removed: Envoy finds no route without it" : "";
}

function commonProblem(name: string, guard: Guard): string {
  if (indexOfWord(FRAMING, name) >= 0) return name + " may not be changed: it belongs to the connection";
  return deniedProblem(name, guard);
}

/** Why the configuration itself keeps a header from being changed; empty where it does not. */
export function deniedProblem(name: string, guard: Guard): string {
  const isDenied = guard.deniesName(name) || (name == ":authority" && guard.deniesName("host"));
  return isDenied ? shown(name) + " may not be changed: guard.deny has it" : "";
}

/** As a configuration writes it. */
function shown(name: string): string {
  return name == ":authority" ? "host" : name;
}
