// A rules file of the `headers` filter as a plain value: what importers write of it.

export interface RulesDocument {
  version: "v1";
  strategy?: "firstMatch";
  guard?: { allowRouting?: true; allowEnvoy?: true };
  rules: Rule[];
}

export interface Rule {
  name: string;
  /** Entries are ORed, the fields of one are ANDed; absent: every request. */
  matches?: Match[];
  request?: Operation[] | MapForm;
  response?: Operation[] | MapForm;
  stop?: true;
}

export interface Match {
  hostnames?: string[];
  method?: string;
  path?: { type: "Exact" | "PathPrefix" | "RegularExpression"; value: string };
  headers?: Condition[];
  queryParams?: Condition[];
  routeNames?: string[];
  response?: { status: (number | string)[] };
  not?: Match;
}

/** A condition on the value of a header, or of a query parameter. */
export interface Condition {
  name: string;
  type: "Exact" | "RegularExpression" | "Present" | "Absent";
  value?: string;
  invert?: true;
}

/** Operations in order, one key each. */
export type Operation =
  | WriteOperation
  | { remove: string | TextMatcher | { name: string; value: TextMatcher } }
  | { rename: { from: string; to: string; onConflict?: "append" } }
  | { copy: { from: string; to: string } }
  | { replace: { name: string; pattern: { regex: string }; substitution: string; match: "first" } }
  | { dedupe: { name: string; strategy: string } }
  | { query: { set?: Pair; add?: Pair; remove?: string[] } };

export type Write = "set" | "add" | "addIfAbsent" | "setIfPresent";

export type WriteOperation = { [verb in Write]?: { name: string; value: string; keepEmptyValue?: true } };

export type TextMatcher = { [kind in "exact" | "prefix" | "suffix" | "contains" | "regex"]?: string };

export interface Pair {
  name: string;
  value: string;
}

/** Runs remove, removeOnMatch, set, addIfAbsent, add, in whatever order it is written. */
export interface MapForm {
  set?: Pair[];
  add?: Pair[];
  addIfAbsent?: Pair[];
  remove?: string[];
  removeOnMatch?: { type: "Exact" | "Prefix" | "Suffix" | "RegularExpression"; value: string }[];
}
