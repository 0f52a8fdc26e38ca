import type { Condition, Match } from "../document.ts";
import { headerName } from "../header-names.ts";
import type { Place } from "../place.ts";
import { isLinear } from "../regex.ts";

const METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];
const QUERY_NOTE = "matches.queryParams: a rules file compares names of parameters without case, HTTPRoute with it";
const REGEX_NOTE =
  "RegularExpression: read as RE2 that must match the whole, as Envoy's gateways do; to HTTPRoute itself the dialect is open";

/** Reads an HTTPRouteMatch. @returns undefined where something of it is refused */
export function readMatch(at: Place): Omit<Match, "hostnames"> | undefined {
  const before = at.draft.leftOut.length;
  if (!at.expectKeys(["path", "headers", "queryParams", "method"])) return undefined;
  const path = readPath(at.get("path"));
  const method = at.get("method");
  if (method && !METHODS.includes(method.value as string)) method.refuse(`expected one of ${METHODS.join(", ")}`);
  const headers = readConditions(at.list("headers"), headerName);
  const queryParams = readConditions(at.list("queryParams"), (name) => name.text());
  if (queryParams.length > 0) at.draft.note(QUERY_NOTE);
  // Half a match would match more.
  if (at.draft.leftOut.length > before) return undefined;
  return {
    ...(method && { method: method.value as string }),
    ...(path && { path }),
    ...(headers.length > 0 && { headers }),
    ...(queryParams.length > 0 && { queryParams }),
  };
}

/** @returns undefined for the prefix /, which every path has */
function readPath(at: Place | undefined): Match["path"] {
  if (!at?.expectKeys(["type", "value"])) return undefined;
  const type = at.choice("type", ["Exact", "PathPrefix", "RegularExpression"], "PathPrefix");
  const value = at.get("value");
  const text = value ? value.text() : "/";
  if (type === undefined || text === undefined) return undefined;
  if (type === "RegularExpression") return checkRegex(value ?? at, text) ? { type, value: text } : undefined;
  if (!text.startsWith("/")) value!.refuse("expected a path that begins with /");
  // A prefix ends at an element's end with a slash and without.
  const prefix = type === "PathPrefix" ? text.replace(/\/+$/, "") || "/" : text;
  return type === "PathPrefix" && prefix === "/" ? undefined : { type, value: prefix };
}

/** Of two with one name the first counts. */
function readConditions(places: Place[], readName: (at: Place) => string | undefined): Condition[] {
  const conditions = new Map<string, Condition>();
  for (const at of places) {
    if (!at.expectKeys(["type", "name", "value"])) continue;
    const type = at.choice("type", ["Exact", "RegularExpression"], "Exact");
    const nameAt = at.need("name", "a name");
    const name = nameAt && readName(nameAt);
    const value = at.need("value", "a value")?.text();
    if (type === undefined || name === undefined || value === undefined) continue;
    if (type === "RegularExpression" && !checkRegex(at.get("value")!, value)) continue;
    if (conditions.has(name))
      at.draft.note(`${at.path}: left out, for HTTPRoute looks at the first condition on ${name} alone`);
    else conditions.set(name, { name, type, value });
  }
  return [...conditions.values()];
}

function checkRegex(at: Place, text: string): boolean {
  at.draft.note(REGEX_NOTE);
  return isLinear(at, text);
}
