// Rules for headers at random, and messages for them: names collide, values are awkward.
import fc from "fast-check";
import type { Pair } from "../../src/host/index.ts";
import type { Sent } from "./engines.ts";

/** Some that Envoy keeps in one line, and some that it does not. */
const NAMES = ["x-a", "x-b", "x-ab", "x-c", "via", "cache-control", "vary", "accept", "content-type"];
const REQUEST_NAMES = [...NAMES, "cookie", "x-forwarded-for", "user-agent", "authorization"];
const RESPONSE_NAMES = [...NAMES, "set-cookie", "x-powered-by", "location", "www-authenticate"];

const text = fc.constantFrom("a", "b", "a, b", ' "a,b" ,c', "", "50%%", "é", "x=1; y", "\\", "a b");
const name = (isRequest: boolean) => fc.constantFrom(...(isRequest ? REQUEST_NAMES : RESPONSE_NAMES));

/** What native filters read exactly, too. */
const plainOperator = (isRequest: boolean) =>
  fc
    .tuple(name(isRequest), fc.option(name(isRequest)), fc.option(fc.constantFrom(0, 1, 3)))
    .map(
      ([first, second, size]) =>
        `%${isRequest ? "REQ" : "RESP"}(${first}${second ? `?${second}` : ""})${size === null ? "" : `:${size}`}%`,
    );

const PIPES = [
  "|lower",
  "|upper",
  "|trim",
  "|default(none)",
  "|base64",
  "|base64url",
  "|urlencode",
  "|substr(1)",
  "|substr(0,2)",
  "|urlencode|lower|trim",
  "|urldecode",
];

/** What only scripts can do. */
const richOperator = (isRequest: boolean) => {
  const own = isRequest ? ["REQ", "ORIG_REQ"] : ["RESP", "ORIG_RESP"];
  const operator = fc.oneof(
    fc.tuple(fc.constantFrom(...own), name(isRequest)),
    fc.tuple(fc.constantFrom("REQ", "ORIG_REQ"), name(true)),
    fc.constant(["REQ", ":path"] as const),
    fc.tuple(fc.constant("LITERAL"), fc.constantFrom("a", "%41", "B c")),
  );
  return fc
    .tuple(
      operator,
      fc.constantFrom("", "", "[1]", "[*]"),
      fc.constantFrom("", "", ":2"),
      fc.constantFrom("", "", ...PIPES),
    )
    .map(([[of, argument], index, size, pipes]) => {
      const inside = of === "LITERAL" ? argument : argument + index;
      return `%${of}(${inside})${size}${pipes}%`;
    });
};

const template = (isRequest: boolean, isRich: boolean) => {
  const operator = isRich ? fc.oneof(plainOperator(isRequest), richOperator(isRequest)) : plainOperator(isRequest);
  return fc
    .array(fc.oneof({ weight: 2, arbitrary: text }, operator), { minLength: 1, maxLength: 3 })
    .map((parts) => parts.join(""));
};

const writing = (isRequest: boolean, isRich: boolean) => {
  const value = template(isRequest, isRich);
  const values = fc.oneof(
    { weight: 3, arbitrary: value.map((only) => ({ value: only })) },
    fc.array(value, { minLength: 1, maxLength: 3 }).map((several) => ({ values: several })),
  );
  return fc
    .tuple(
      fc.constantFrom("set", "add", "addIfAbsent", "setIfPresent"),
      name(isRequest),
      values,
      fc.option(fc.constant({ keepEmptyValue: true }), { nil: {} }),
    )
    .map(([verb, to, what, keeps]) => ({ [verb]: { name: to, ...what, ...keeps } }));
};

const nameMatcher = (isRich: boolean) =>
  fc
    .tuple(
      fc.constantFrom("prefix", "suffix", "contains"),
      isRich
        ? fc.constantFrom("x-", "a", "-b", "X-A", "te", "proto", "cookie")
        : fc.constantFrom("x-a", "-b", "-by", "ooki"),
    )
    .map(([kind, of]) => ({ [kind]: of }));

const removing = (isRequest: boolean, isRich: boolean) =>
  fc.oneof(
    name(isRequest).map((of) => ({ remove: of })),
    nameMatcher(isRich).map((matcher) => ({ remove: matcher })),
  );

const valueMatcher = fc
  .tuple(fc.constantFrom("exact", "prefix", "suffix", "contains"), fc.constantFrom("a", "b", "a,", "%", "é"))
  .map(([kind, of]) => ({ [kind]: of }));

const attributes = fc.record(
  {
    path: fc.constantFrom("/", "%RESP(x-a)%", "a;b"),
    domain: fc.constantFrom("example.com", "%RESP(x-c)%"),
    maxAge: fc.constantFrom(0, 60),
    secure: fc.boolean(),
    httpOnly: fc.boolean(),
    sameSite: fc.constantFrom("Strict", "Lax", "None"),
  },
  { requiredKeys: ["secure"] },
);

/** Operations that native filters have none of. */
const editing = (isRequest: boolean) => {
  const of = name(isRequest);
  const unjoined = of.filter((header) => header !== "set-cookie");
  const scope = fc.constantFrom("line", "element");
  const value = template(isRequest, true);
  const removed = fc.subarray(["a", "B", "é", "c d"]);
  const parameter = fc.record({ name: fc.constantFrom("a", "B", "new"), value });
  const ofMessage = isRequest
    ? fc.oneof(
        fc
          .tuple(removed, parameter, fc.constantFrom("set", "add"))
          .map(([remove, one, verb]) => ({ query: { remove, [verb]: one } })),
        removed.map((remove) => ({ query: { remove } })),
        removed.map((names) => ({ cookie: { remove: names.filter((one) => /^\w$/.test(one)) } })),
        fc
          .tuple(removed, parameter)
          .map(([names, set]) => ({ cookie: { remove: names.filter((one) => /^\w$/.test(one)), set } })),
      )
    : fc
        .record({ name: fc.constantFrom("a", "b"), value, attributes }, { requiredKeys: ["name", "attributes"] })
        .map((setCookie) => ({ setCookie }));
  return fc.oneof(
    { weight: 4, arbitrary: ofMessage },
    fc
      .record({
        name: unjoined,
        values: fc.array(value, { minLength: 1, maxLength: 2 }),
        separator: fc.constantFrom(", ", ",", ";", ""),
        unique: fc.boolean(),
        ifPresent: fc.boolean(),
        scope: fc.constantFrom("lastLine", "everyLine"),
      })
      .map((append) => ({ append })),
    fc.record({ name: of, value: valueMatcher }).map((remove) => ({ remove })),
    fc.array(fc.oneof(of, nameMatcher(true)), { minLength: 1, maxLength: 3 }).map((retain) => ({ retain })),
    fc
      .tuple(
        fc.constantFrom("rename", "copy"),
        fc.record({ from: of, to: of, onConflict: fc.constantFrom("overwrite", "append", "skip") }),
      )
      .map(([verb, move]) => ({ [verb]: move })),
    fc
      .record({
        name: fc.oneof({ weight: 2, arbitrary: of }, nameMatcher(true)),
        pattern: fc.constantFrom("a", "b", "aa", ",", "a b", '"').map((literal) => ({ literal })),
        substitution: fc.oneof(fc.constantFrom("", "<\\0>", "aa", "é\\\\"), plainOperator(isRequest)),
        scope,
        match: fc.constantFrom("all", "first", "whole"),
      })
      .map((replace) => ({ replace })),
    fc
      .record({ name: unjoined, strategy: fc.constantFrom("RETAIN_FIRST", "RETAIN_LAST", "RETAIN_UNIQUE"), scope })
      .map((dedupe) => ({ dedupe })),
    fc.record({ name: unjoined, separator: fc.constantFrom(",", ";", "a") }).map((split) => ({ split })),
    fc.record({ name: unjoined, separator: fc.constantFrom(", ", "; ", "") }).map((join) => ({ join })),
  );
};

const operations = (isRequest: boolean, isRich: boolean): fc.Arbitrary<object[]> =>
  fc.array(
    isRich
      ? fc.oneof(writing(isRequest, true), removing(isRequest, true), { weight: 4, arbitrary: editing(isRequest) })
      : fc.oneof({ weight: 3, arbitrary: writing(isRequest, false) }, removing(isRequest, false)),
    { minLength: 1, maxLength: 4 },
  );

const TYPES = ["Exact", "Prefix", "Suffix", "Contains"];
const namedValue = (names: string[]) =>
  fc
    .oneof(
      fc.record({ type: fc.constantFrom(...TYPES), value: fc.constantFrom("a", "b", "1", "a,b", "é") }),
      fc.record({ type: fc.constantFrom("Present", "Absent") }),
    )
    .chain((asked) =>
      fc.tuple(fc.constantFrom(...names), fc.boolean()).map(([of, invert]) => ({ name: of, ...asked, invert })),
    );

const responseConditions = fc.oneof(
  fc.constantFrom<(string | number)[]>([200], ["4xx", "500-503"]).map((status) => ({ status })),
  fc.array(namedValue(RESPONSE_NAMES), { minLength: 1, maxLength: 1 }).map((headers) => ({ headers })),
  fc.constantFrom(["text/plain"], ["TEXT/html", "a/b"]).map((contentTypes) => ({ contentTypes })),
);

/** At most three at once: more would hold for no message. */
const conditions = (hasResponse: boolean, depth = 2): fc.Arbitrary<object> => {
  const one: fc.Arbitrary<object> = fc.oneof(
    fc
      .subarray(["example.com", "*.example.com", "EXAMPLE.org", "[::1]"], { minLength: 1 })
      .map((hostnames) => ({ hostnames })),
    fc.constantFrom("GET", "POST").map((method) => ({ method })),
    fc
      .record({ type: fc.constantFrom("Exact", "PathPrefix"), value: fc.constantFrom("/", "/a", "/a/", "/a/b") })
      .map((path) => ({ path })),
    fc.array(namedValue(REQUEST_NAMES), { minLength: 1, maxLength: 2 }).map((headers) => ({ headers })),
    fc.array(namedValue(["a", "B", "\xe9"]), { minLength: 1, maxLength: 1 }).map((queryParams) => ({ queryParams })),
    fc.array(namedValue(["a", "B"]), { minLength: 1, maxLength: 1 }).map((cookies) => ({ cookies })),
    ...(hasResponse ? [responseConditions.map((response) => ({ response }))] : []),
    ...(depth > 0 ? [conditions(hasResponse, depth - 1).map((not) => ({ not }))] : []),
  );
  return fc.array(one, { maxLength: 3 }).map((all) => Object.assign({}, ...all) as object);
};

/** Rules that all engines may express, or that take a script. */
const rule = (isRich: boolean): fc.Arbitrary<object> => {
  if (!isRich) {
    return fc.oneof(
      fc.record({ request: operations(true, false) }),
      fc.record({ request: operations(true, false), response: operations(false, false) }),
      fc.record({ response: operations(false, false) }),
    );
  }
  const matches = (hasResponse: boolean) => fc.array(conditions(hasResponse), { minLength: 1, maxLength: 2 });
  const request = operations(true, true);
  const response = operations(false, true);
  const stop = fc.boolean();
  return fc.oneof(
    fc.record({ matches: matches(false), request, stop }),
    fc.record({ matches: matches(false), request, response, stop }, { requiredKeys: ["response"] }),
    fc.record({ matches: matches(true), response, stop }),
  );
};

/** A document of rules. @param isRich takes a script */
export const rules = (isRich: boolean): fc.Arbitrary<object> =>
  fc.record(
    {
      rules: fc.array(rule(isRich), { minLength: 1, maxLength: 3 }),
      strategy: fc.constantFrom("all", "all", "firstMatch"),
      securityHeaders: fc.constantFrom({ preset: "recommended" }, { "x-a": "1", vary: "b" }),
    },
    { requiredKeys: ["rules"] },
  );

const VALUES = [
  "a",
  "b",
  "",
  "a, b",
  'a,"b,c" , a',
  "A b",
  "aaa",
  "%41",
  "50%",
  "\xc3\xa9\xff",
  "text/plain; charset=a",
  "\\",
  'a=1; B="a"; b',
];
/** Of these headers the more likely. */
const OWN_VALUES: Record<string, string[]> = {
  cookie: ["a=1", 'a=1; B="2"; a=3', " ; c;a = x ;;B=", "a=b=c;new=1"],
  "set-cookie": ["a=1; Path=/; secure", "b=2;HttpOnly; path=/x;path=/y", " a=1", "a = x ; ; Max-Age=5", "c=1"],
};
const mixedCase = (of: string) =>
  fc.constantFrom(
    of,
    of,
    of.toUpperCase(),
    of.replace(/^./, (c) => c.toUpperCase()),
  );

const lines = (names: string[]): fc.Arbitrary<Pair[]> =>
  fc.array(
    fc
      .constantFrom(...names)
      .chain((of) =>
        fc.tuple(fc.constant(of), fc.constantFrom(...VALUES, ...(OWN_VALUES[of] ?? []), ...(OWN_VALUES[of] ?? []))),
      )
      .chain(([of, value]) => mixedCase(of).map((cased): Pair => [cased, value])),
    { maxLength: 8 },
  );

/** A request and its response. */
export const exchange: fc.Arbitrary<Sent> = fc
  .record({
    method: fc.constantFrom("GET", "GET", "POST"),
    path: fc.constantFrom(
      "/",
      "/a",
      "/a/",
      "/a/b?a=1",
      "/ab?a=a&a=b",
      "/a?b=&c",
      "/a?%61=1&B&new=+x&&c+d=",
      "/?&a",
      "/?B=a&%C3%A9=1&a",
      "/a?",
    ),
    host: fc.constantFrom("example.com", "a.example.com:80", "EXAMPLE.org", "[::1]:80"),
    request: lines(REQUEST_NAMES),
    status: fc.constantFrom(200, 404, 503),
    response: lines(RESPONSE_NAMES),
  })
  .map(({ method, path, host, request, status, response }) => ({
    start: `${method} ${path}`,
    request: [["host", host], ...request, ...(method === "POST" ? [["content-length", "0"] satisfies Pair] : [])],
    status,
    response,
  }));
