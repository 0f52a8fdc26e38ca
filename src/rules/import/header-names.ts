// What rules may write and remove: the guard of the rules language.

import { FOR_ROUTES, FRAMING } from "../framing.ts";
import type { Place } from "./place.ts";

export type Side = "request" | "response";

export const ROUTING = [":authority", ":path", ":method", ":scheme"];

/** A header's name in lower case; undefined where it is none, or may not be written, which is refused then. The guard is set as needed. */
export function nameToWrite(at: Place, side: Side, text = at.text()): string | undefined {
  const name = lowerName(at, text);
  if (name === undefined) return undefined;
  if (FRAMING.includes(name)) return refuse(at, `${name} belongs to the connection: rules never write it`);
  if (name === "proxy-authenticate" || name === "proxy-authorization")
    return refuse(at, `${name} is the proxy's own: rules never write it`);
  const isRouting = side === "request" && (name === "host" || ROUTING.includes(name));
  if (name.startsWith(":") && !isRouting) return refuse(at, `rules never write ${name}`);
  if (isRouting) {
    at.draft.allow("allowRouting");
    at.draft.note(
      `guard.allowRouting is set, for ${name} is written: Envoy chooses its route anew after a write to the request`,
    );
  }
  if (side === "request" && name.startsWith("x-envoy-")) {
    at.draft.allow("allowEnvoy");
    at.draft.note(`guard.allowEnvoy is set, for ${name} is written: Envoy acts on it`);
  }
  return name;
}

/** The same for a header that is removed, or renamed away. */
export function nameToRemove(at: Place, side: Side, text = at.text()): string | undefined {
  const name = lowerName(at, text);
  if (name === undefined) return undefined;
  if (FRAMING.includes(name)) return refuse(at, `${name} belongs to the connection: rules never remove it`);
  if (name.startsWith(":")) return refuse(at, `rules never remove ${name}: no ${side} is without it`);
  return FOR_ROUTES.includes(name) ? refuse(at, `rules never remove ${name}: Envoy finds no route without it`) : name;
}

/** A header that is only read. */
export function headerName(at: Place): string | undefined {
  return lowerName(at, at.text());
}

/** @param text undefined where the place has none, which was refused then */
function lowerName(at: Place, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const name = text.toLowerCase();
  if (/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name) || ROUTING.includes(name) || name === ":status") return name;
  return refuse(at, `expected a header's name, found ${JSON.stringify(text)}`);
}

function refuse(at: Place, reason: string): undefined {
  at.refuse(reason);
  return undefined;
}
