import fc, { type Arbitrary } from "fast-check";

// Configurations of the headers filter by generation. Most values are good; now and then one is not, and `mutated` makes a
// document worse.

type Any = Arbitrary<unknown>;

function pick(good: unknown[], bad: unknown[]): Any {
  if (bad.length === 0) return fc.constantFrom(...good);
  return fc.oneof(
    { weight: 60, arbitrary: fc.constantFrom(...good) },
    { weight: 1, arbitrary: fc.constantFrom(...bad) },
  );
}

function rarely(good: Any, bad: Any): Any {
  return fc.oneof({ weight: 40, arbitrary: good }, { weight: 1, arbitrary: bad });
}

/** Keys that must be there, and some that may. */
function fields(required: Record<string, Any>, optional: Record<string, Any> = {}): Any {
  return fc.record({ ...required, ...optional }, { requiredKeys: Object.keys(required) });
}

/** As `fields`, with at least one of the keys that may be there. */
function anyOf(optional: Record<string, Any>): Any {
  return rarely(
    fields({}, optional).filter((value) => Object.keys(value as object).length > 0),
    fc.constant({}),
  );
}

const some = (items: Any): Any => rarely(fc.array(items, { minLength: 1, maxLength: 3 }), fc.constant([]));
const flag = fc.boolean();

const regex = pick(
  ["a", "(a)(b)?", "^x.*$", "(?i)abc", "[a-z]+", "\\d+", "(?P<n>x)", "a\\b", "(a|b)*c", "", "é.", "x{2,5}?"],
  ["(", "a{2000}", "\\1", "[z-a]", "(?=a)"],
);
const text = pick(["x-", "a", "b"], [""]);
const matcher = fc.oneof(
  ...["exact", "prefix", "suffix", "contains"].map((key) => fields({ [key]: text })),
  fields({ regex: regex.filter((pattern) => pattern !== "") }),
);

/** Parts of a configuration that are about requests, or about responses. */
class Side {
  readonly operations: Any;
  private readonly isRequest: boolean;
  private readonly name: Any;
  private readonly template: Any;

  constructor(isRequest: boolean) {
    this.isRequest = isRequest;
    this.name = pick(
      ["x-a", "X-B", "x-forwarded-for", "vary", "x-user"],
      ["host", ":path", ":status", "x-envoy-a", "connection", "x y", "", "set-cookie"],
    );
    const ofResponse = ["%RESP(x-a[*])%", "%ORIG_RESP(x-a)%", "%RESPONSE_CODE%"];
    const operators = [
      "%REQ(x-a)%",
      "%REQ(X-A?x-b):5|lower%",
      "t=%ORIG_REQ(x[1])%",
      "%LITERAL(a)|base64|sha256%",
      "a%%b",
      "%REQ(x-a)|substr(1,2)|default(x)%",
      "%REQ(x-b)|urldecode%",
      "%REQ(x-a)|base64decode%",
      "%REQ(x-b)|upper|trim%",
      "%COOKIE(a)%",
      "%QUERY_PARAM(a)|urldecode%",
      "%START_TIME(%s)%",
      "%UNIQUE_ID%",
      "%PATH(NQ)%",
      "%ROUTE_NAME%",
    ];
    this.template = pick(
      ["a", "é世", "", ...operators, ...(isRequest ? [] : ofResponse)],
      ["%", "%NOPE%", "%REQ(x|%", "a\u0001", "%REQ(x)|hmac(key)%", "%CAPTURE(1)%", "%RESP(x)|%", "%JWT_CLAIM(a:b)%"],
    );
    this.operations = fc.oneof({ weight: 6, arbitrary: some(this.operation()) }, { weight: 1, arbitrary: this.map() });
  }

  private operation(): Any {
    const { name, template } = this;
    const values = fc.oneof(
      { weight: 5, arbitrary: fields({ value: template }) },
      { weight: 1, arbitrary: fields({ values: some(template) }) },
    );
    const write = merged(fields({ name }, { keepEmptyValue: flag }), values);
    const conflict = pick(["overwrite", "append", "skip"], ["x"]);
    const pair = fields({ name: pick(["a", "b"], ["b c", ""]), value: template });
    const named = some(pick(["a", "b"], [""]));
    const scope = pick(["line", "element"], ["x"]);
    const operations: Record<string, Any> = {
      set: write,
      add: write,
      addIfAbsent: write,
      setIfPresent: write,
      append: merged(
        fields(
          { name },
          {
            separator: pick([",", "", "; "], ["\n"]),
            unique: flag,
            ifPresent: flag,
            scope: pick(["everyLine", "lastLine"], ["x"]),
          },
        ),
        values,
      ),
      remove: fc.oneof(name, matcher, fields({ name, value: matcher })),
      retain: some(fc.oneof(name, matcher)),
      rename: fields({ from: name, to: name }, { onConflict: conflict }),
      copy: fields(
        { from: fc.oneof(name, fields({ query: fc.constant("a") }), fields({ cookie: fc.constant("a") })), to: name },
        { onConflict: conflict },
      ),
      replace: fields(
        {
          name: fc.oneof(name, matcher),
          pattern: fc.oneof(fields({ regex }), fields({ literal: text })),
          substitution: rarely(template, fc.constantFrom("\\0", "\\1-\\2", "\\", "\\\\")),
        },
        { scope, match: pick(["all", "first", "whole"], ["x"]) },
      ),
      dedupe: fields({ name }, { strategy: pick(["RETAIN_FIRST", "RETAIN_LAST", "RETAIN_UNIQUE"], ["x"]), scope }),
      split: fields({ name }, { separator: pick([";"], [""]) }),
      join: fields({ name }, { separator: pick([";", ""], ["\n"]) }),
      setProperty: fields({ key: pick(["a"], [""]), value: template }),
      ...(this.isRequest
        ? {
            query: fc.oneof(anyOf({ set: pair, remove: named }), anyOf({ add: pair, remove: named })),
            cookie: anyOf({ set: pair, remove: named }),
          }
        : { setCookie: this.setCookie() }),
    };
    return fc.oneof(...Object.entries(operations).map(([key, value]) => fields({ [key]: value })));
  }

  private setCookie(): Any {
    const attributes = anyOf({
      path: this.template,
      secure: flag,
      httpOnly: flag,
      partitioned: flag,
      maxAge: pick([0, 60], [-1, 1.5, "1"]),
      sameSite: pick(["Lax", "Strict", "None"], ["lax"]),
    });
    return merged(
      fields({ name: pick(["sid", "a"], ["a b"]) }),
      fc.oneof(fields({ value: this.template }, { attributes }), fields({ attributes })),
    );
  }

  private map(): Any {
    const { name, template } = this;
    const pairs = fc.oneof(
      some(fields({ name, value: template })),
      fc.dictionary(name as Arbitrary<string>, template, { minKeys: 1, maxKeys: 3 }),
    );
    const removed = fields({ value: text }, { type: pick(["Exact", "Prefix", "Suffix", "RegularExpression"], ["x"]) });
    return anyOf({ set: pairs, add: pairs, addIfAbsent: pairs, remove: some(name), removeOnMatch: some(removed) });
  }
}

/** The keys of all parts. */
function merged(...parts: Any[]): Any {
  return fc.tuple(...parts).map((values) => Object.assign({}, ...(values as object[])) as object);
}

const request = new Side(true);
const response = new Side(false);

const valued = { value: rarely(pick(["a", ""], []), fc.constantFrom(1, null)), invert: flag };
const name = pick(["x-a", "host", "a", "Cookie"], ["a b", ""]);
const named = some(
  fc.oneof(
    fields({ name, value: pick(["a", "b", ""], []) }, { invert: flag }),
    fields(
      { name, value: pick(["a", "b"], [""]), type: pick(["Exact", "Prefix", "Suffix", "Contains"], ["x"]) },
      { invert: flag },
    ),
    fields({ name, value: regex, type: fc.constant("RegularExpression") }),
    fields({ name, type: fc.constantFrom("Present", "Absent") }, { invert: flag }),
    rarely(fields({ name, type: fc.constant("Present") }), fields({ name, type: fc.constant("Present") }, valued)),
  ),
);
const ofRequest = {
  hostnames: some(pick(["a.com", "*.a.com", "[::1]", "A.COM"], ["a.com:80", "*", "a*"])),
  hostRegex: regex.filter((pattern) => pattern !== ""),
  method: pick(["GET", "PUT"], ["get", ""]),
  path: fc.oneof(
    fields({ value: pick(["/a", "/", "/a/"], ["a", ""]) }, { type: pick(["Exact", "PathPrefix"], ["x"]) }),
    fields({ type: fc.constant("RegularExpression"), value: regex.filter((pattern) => pattern !== "") }),
  ),
  headers: named,
  queryParams: named,
  cookies: named,
  sourceCIDRs: some(pick(["10.0.0.0/8", "::1", "127.0.0.1"], ["10.0.0.0/33", "x", ""])),
  routeNames: some(pick(["a"], [""])),
  virtualHosts: some(pick(["a"], [1])),
  tls: anyOf({ sni: pick(["a.com", "*.a"], ["a:1"]), mtls: flag }),
};
const ofResponse = {
  response: anyOf({
    status: some(pick([503, "5xx", "200-299", 200], ["6xx", 99, "599-500", 5.5])),
    headers: named,
    contentTypes: some(pick(["text/html"], ["text", "text/*"])),
    localReply: flag,
  }),
};

function matches(optional: Record<string, Any>): Any {
  const entry = fields({}, { ...optional, not: fields({}, optional) });
  return fc.array(entry, { maxLength: 2 });
}

const common = {
  percent: pick([0, 12.34, 100, 50], [101, 1.234, -1]),
  mode: pick(["enforce", "shadow"], ["x"]),
  stop: flag,
};
const rule = fc.oneof(
  fields({ request: request.operations }, { ...common, matches: matches(ofRequest), response: response.operations }),
  fields({ response: response.operations }, { ...common, matches: matches({ ...ofRequest, ...ofResponse }) }),
  fields({}, { ...common, matches: matches(ofRequest), name: pick(["a", "b"], [""]) }),
);

/** What a configuration may be, as JSON has it. */
export const configuration = fields(
  { rules: fc.array(rule, { maxLength: 3 }) },
  {
    version: pick(["v1"], ["v2", 1]),
    strategy: pick(["all", "firstMatch"], ["x"]),
    mode: pick(["enforce", "shadow"], ["x"]),
    failurePolicy: pick(["open", "closed"], ["x"]),
    guard: fields(
      {},
      { allowRouting: flag, allowEnvoy: flag, deny: some(pick(["x-never", { prefix: "x-no-" }], [""])) },
    ),
    limits: anyOf({
      maxHeaderBytes: pick([8192], [0, 1.5]),
      maxHeaders: pick([50, 4], []),
      maxTotalBytes: pick([60_000], ["x"]),
    }),
    securityHeaders: fields(
      {},
      {
        preset: pick(["recommended"], ["x"]),
        disable: some(pick(["X-Frame-Options"], ["x-a"])),
        "x-c": pick(["a", "%REQ(x)%"], ["%"]),
      },
    ),
    allowUnverifiedJwt: flag,
    secrets: fields({}, { key: fields({ env: pick(["KEY"], [""]) }) }),
  },
) as Arbitrary<object>;

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const odd: Arbitrary<Json> = fc.constantFrom<Json>(null, true, 0, -1, 1.5, 1e9, "", "x", "\n", [], {}, ["x"], { x: 1 });

/** A document with one place of it changed: another value, a key more, less or of another name. */
export function mutated(document: Arbitrary<object>): Arbitrary<object> {
  return fc.tuple(document, fc.nat(), fc.nat(3), odd).map(([value, at, how, other]) => {
    const copy = structuredClone(value) as Json;
    const places: [Json[] | { [key: string]: Json }, string][] = [];
    collect(copy, places);
    if (places.length === 0) return { rules: other };
    const [holder, key] = places[at % places.length]!;
    const object = holder as { [key: string]: Json };
    if (how === 0 && !Array.isArray(holder)) {
      object[`${key}x`] = object[key]!;
      delete object[key];
    } else if (how === 1 && !Array.isArray(holder)) object["added"] = other;
    else object[key] = other;
    return copy as object;
  });
}

function collect(value: Json, places: [Json[] | { [key: string]: Json }, string][]): void {
  if (typeof value !== "object" || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    places.push([value, key]);
    collect(item as Json, places);
  }
}
