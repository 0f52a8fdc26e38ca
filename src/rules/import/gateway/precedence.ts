import type { Match } from "../document.ts";
import type { Place } from "../place.ts";

export interface Route {
  spec: Place;
  name: string;
  /** `NAMESPACE/NAME` */
  key: string;
  /** Milliseconds since 1970, NaN where it is not known. */
  created: number;
}

/** One of a rule's matches on one of its route's hosts. */
export interface Entry {
  route: Route;
  rule: Place;
  name: string;
  hostname: string | undefined;
  match: Omit<Match, "hostnames">;
}

/**
 * In the order in which they win: HTTPRouteRule.matches and HTTPRouteSpec.hostnames. Two exact hosts, or two wildcards of one
 * length, are never both a request's own; that they tie keeps a rule of several hosts in one piece. Where a path is a regular
 * expression the order is each implementation's own: here between exact and prefix, as in Envoy Gateway.
 */
export function byPrecedence(entries: Entry[]): Entry[] {
  const routes = new Set(entries.map(({ route }) => route));
  const isDated = [...routes].every(({ created }) => !Number.isNaN(created));
  return entries
    .map((entry, order) => ({ entry, order, rank: rank(entry) }))
    .sort((a, b) => byRank(a.rank, b.rank) || byRoute(a.entry.route, b.entry.route, isDated) || a.order - b.order)
    .map(({ entry }) => entry);
}

/** Higher wins, the first that differs decides. */
function rank({ hostname, match }: Entry): number[] {
  const { path, method, headers = [], queryParams = [] } = match;
  return [
    hostname === undefined ? 0 : hostname.startsWith("*") ? 1 : 2,
    hostname?.startsWith("*") ? hostname.length : 0,
    path === undefined ? 0 : ["PathPrefix", "RegularExpression", "Exact"].indexOf(path.type),
    // Without a path it is the prefix /.
    path?.type === "PathPrefix" ? path.value.length : 1,
    method === undefined ? 0 : 1,
    headers.length,
    queryParams.length,
  ];
}

function byRank(a: number[], b: number[]): number {
  const differs = a.findIndex((value, index) => value !== b[index]);
  return differs < 0 ? 0 : b[differs]! - a[differs]!;
}

/** The oldest first, then by name; between routes of which some have no date, by name. */
function byRoute(a: Route, b: Route, isDated: boolean): number {
  if (isDated && a.created !== b.created) return a.created - b.created;
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}
