// What the check build of the headers filter (assembly/filters/headers/headers-check.ts) says of a configuration: the rules as the
// filter understands them. Its classes describe themselves; nothing here reads rules as they are written.

/** Something that is wrong with a configuration. */
export interface Problem {
  /** As `rules[0].request[1]`, `$` for the whole; undefined where the text is no JSON. */
  path?: string;
  message: string;
}

export interface Plan {
  /** `mode: shadow` for all rules. */
  isShadow: boolean;
  /** `failurePolicy: closed`. */
  failsClosed: boolean;
  /** `onInvalid: passthrough`. */
  passesInvalid: boolean;
  guard: { allowRouting: boolean; allowEnvoy: boolean; deny: TextMatcher[] };
  /** 0 where there is no limit. */
  limits?: { maxHeaderBytes: number; maxHeaders: number; maxTotalBytes: number };
  securityHeaders: Operation[];
  rules: Rule[];
  needs: Needs;
}

/** What a plan needs of the host beside headers. */
export interface Needs {
  /** The response's pass must know something of the request. */
  state: boolean;
  /** Attributes are read, and written. */
  property: boolean;
  setProperty: boolean;
  random: boolean;
  /** Variables of the VM's environment; one may be named several times. */
  environment: string[];
}

export interface Rule {
  name: string;
  /** As `rules[0]`. */
  path: string;
  isShadow: boolean;
  /** A pass in which it matches ends with it: `stop`, or `strategy: firstMatch`. */
  stops: boolean;
  /** `percent` in hundredths. */
  share?: number;
  /** One of them must hold; without any the rule always matches. */
  matches: Entry[];
  request: Operation[];
  response: Operation[];
}

/** All conditions must hold, and `not` must not. */
export interface Entry {
  request: Condition[];
  response: Condition[];
  not?: Entry;
}

export interface TextMatcher {
  kind: "exact" | "prefix" | "suffix" | "contains" | "regex";
  /** Of a regex the pattern, which must match the whole; of one for names it is to be read without case. */
  text: string;
}

export type Condition =
  | { condition: "host" | "sni"; hostnames: string[] }
  | { condition: "hostRegex"; regex: string }
  | { condition: "method"; method: string }
  | { condition: "path"; exact: string }
  /** Without a slash at its end. */
  | { condition: "path"; prefix: string }
  | { condition: "path"; regex: string }
  /** Without `value` it is enough that the name is there. */
  | { condition: "header" | "queryParam" | "cookie"; name: string; value?: TextMatcher; invert: boolean }
  | { condition: "sourceCIDRs"; ranges: string[] }
  | { condition: "routeNames" | "virtualHosts"; names: string[] }
  | { condition: "mtls"; mtls: boolean }
  | { condition: "status"; ranges: [first: number, last: number][] }
  | { condition: "contentTypes"; types: string[] }
  | { condition: "localReply"; localReply: boolean };

/** A text, or an operator: its name, its argument as it is written, how many bytes it may have, and its pipes as they are written. */
export type TemplatePart = string | { operator: string; argument: string; maxSize?: number; pipes: string[] };
export type Template = TemplatePart[];

/** Names of headers are in lower case; `host` on a request is `:authority`. */
export type Operation =
  | {
      operation: "set" | "add" | "addIfAbsent" | "setIfPresent";
      name: string;
      values: Template[];
      keepEmptyValue: boolean;
    }
  | {
      operation: "append";
      name: string;
      values: Template[];
      separator: string;
      unique: boolean;
      ifPresent: boolean;
      everyLine: boolean;
    }
  | { operation: "remove"; name: string }
  | { operation: "removeLines"; name: string; value: TextMatcher }
  | { operation: "removeMatching" | "retain"; names: TextMatcher[] }
  | { operation: "rename" | "copy"; from: string; to: string; onConflict: "overwrite" | "append" | "skip" }
  | ({ operation: "replace"; name: string } & Replacement)
  | ({ operation: "replaceMatching"; names: TextMatcher } & Replacement)
  | {
      operation: "dedupe";
      name: string;
      strategy: "RETAIN_FIRST" | "RETAIN_LAST" | "RETAIN_UNIQUE";
      scope: "line" | "element";
    }
  | { operation: "setProperty"; key: string; value: Template }
  | { operation: "split" | "join"; name: string; separator: string }
  /** What is removed goes first; `name` and `value` go last. */
  | { operation: "query" | "cookie"; remove: string[]; name?: string; value?: Template }
  | {
      operation: "setCookie";
      name: string;
      value?: Template;
      attributes: { name: string; value?: Template; isRemoved: boolean }[];
    };

interface Replacement {
  scope: "line" | "element";
  /** Either of them. */
  regex?: string;
  literal?: string;
  /** The operator `GROUP` with its number for `\1`. */
  substitution: Template;
  match: "all" | "first" | "whole";
}
