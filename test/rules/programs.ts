// Rules for headers at random, and messages for them: names collide, values are awkward.
import fc from "fast-check";
import { type Names, type Program, exchanges, someNames } from "./exchanges.ts";

const text = fc.constantFrom("a", "b", "a, b", ' "a,b" ,c', "", "50%%", "é", "x=1; y", "\\", "a b");
/** The message that operations are for, and the names that there are. */
interface Side {
  isRequest: boolean;
  all: Names;
}
const name = ({ isRequest, all }: Side) => fc.constantFrom(...(isRequest ? all.request : all.response));

/** What native filters read exactly, too. */
const plainOperator = (side: Side) =>
  fc
    .tuple(name(side), fc.option(name(side), { freq: 1 }), fc.option(fc.constantFrom(0, 1, 3), { freq: 1 }))
    .map(
      ([first, second, size]) =>
        `%${side.isRequest ? "REQ" : "RESP"}(${first}${second ? `?${second}` : ""})${size === null ? "" : `:${size}`}%`,
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
const richOperator = (side: Side) => {
  const own = side.isRequest ? ["REQ", "ORIG_REQ"] : ["RESP", "ORIG_RESP"];
  const operator = fc.oneof(
    fc.tuple(fc.constantFrom(...own), name(side)),
    fc.tuple(fc.constantFrom("REQ", "ORIG_REQ"), name({ ...side, isRequest: true })),
    fc.constantFrom(
      ["REQ", ":path"] as const,
      ["METHOD", ""] as const,
      ["PATH", "NQ"] as const,
      ["PATH", "WQ"] as const,
      ["QUERY_PARAM", "a"] as const,
      ["QUERY_PARAM", "c d"] as const,
      ["COOKIE", "a"] as const,
      ["COOKIE", "B"] as const,
    ),
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
      const inside = /^(REQ|RESP|ORIG_)/.test(of) ? argument + index : argument;
      return `%${of}${of === "METHOD" ? "" : `(${inside})`}${size}${pipes}%`;
    });
};

const template = (side: Side, isRich: boolean) => {
  const operator = isRich ? fc.oneof(plainOperator(side), richOperator(side)) : plainOperator(side);
  const several = fc.array(fc.oneof({ weight: 2, arbitrary: text }, operator), { minLength: 1, maxLength: 3 });
  return fc.oneof(
    operator,
    several.map((parts) => parts.join("")),
  );
};

const writing = (side: Side, isRich: boolean) => {
  const value = template(side, isRich);
  const values = fc.oneof(
    { weight: 3, arbitrary: value.map((only) => ({ value: only })) },
    fc.array(value, { minLength: 1, maxLength: 3 }).map((several) => ({ values: several })),
  );
  return fc
    .tuple(
      fc.constantFrom("set", "add", "addIfAbsent", "setIfPresent"),
      name(side),
      values,
      fc.constantFrom({}, { keepEmptyValue: true }),
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

const removing = (side: Side, isRich: boolean) =>
  fc.oneof(
    name(side).map((of) => ({ remove: of })),
    nameMatcher(isRich).map((matcher) => ({ remove: matcher })),
  );

const valueMatcher = fc
  .tuple(fc.constantFrom("exact", "prefix", "suffix", "contains"), fc.constantFrom("a", "b", "a,", "%", "é"))
  .map(([kind, of]) => ({ [kind]: of }));

const routing = fc
  .tuple(
    fc.constantFrom("set", "setIfPresent"),
    fc.constantFrom(
      { name: ":path", value: "/a/new?a=%REQ(x-a)%" },
      { name: "Host", value: "a.%REQ(:authority)%" },
      { name: ":method", value: "POST" },
    ),
  )
  .map(([verb, write]) => ({ [verb]: write }));

const attributes = fc.record(
  {
    path: fc.constantFrom("/", "%RESP(x-a)%", "%RESP(x-a)%;b"),
    domain: fc.constantFrom("example.com", "%RESP(x-c)%"),
    maxAge: fc.constantFrom(0, 60),
    secure: fc.boolean(),
    httpOnly: fc.boolean(),
    sameSite: fc.constantFrom("Strict", "Lax", "None"),
  },
  { requiredKeys: ["secure"] },
);

/** Operations that native filters have none of. */
const editing = (side: Side) => {
  const of = name(side);
  const unjoined = of.filter((header) => header !== "set-cookie");
  const scope = fc.constantFrom("line", "element");
  const value = template(side, true);
  const removed = fc.subarray(["a", "B", "é", "c d"]);
  const parameter = fc.record({ name: fc.constantFrom("a", "B", "new"), value });
  // A semicolon that is known beforehand is a mistake.
  const ofCookie = value.filter((one) => !one.includes(";") || /%[A-Z]/.test(one));
  const cookie = fc.record({ name: fc.constantFrom("a", "B", "new"), value: ofCookie });
  const ofMessage = side.isRequest
    ? fc.oneof(
        routing,
        fc
          .tuple(removed, parameter, fc.constantFrom("set", "add"))
          .map(([remove, one, verb]) => ({ query: { remove, [verb]: one } })),
        removed.map((remove) => ({ query: { remove } })),
        removed.map((names) => ({ cookie: { remove: names.filter((one) => /^\w$/.test(one)) } })),
        fc
          .tuple(removed, cookie)
          .map(([names, set]) => ({ cookie: { remove: names.filter((one) => /^\w$/.test(one)), set } })),
      )
    : fc
        .record(
          { name: fc.constantFrom("a", "b"), value: ofCookie, attributes },
          { requiredKeys: ["name", "attributes"] },
        )
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
        substitution: fc.oneof(fc.constantFrom("", "<\\0>", "aa", "é\\\\"), plainOperator(side)),
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

const operations = (side: Side, isRich: boolean): fc.Arbitrary<object[]> =>
  fc.array(
    isRich
      ? fc.oneof(writing(side, true), removing(side, true), { weight: 4, arbitrary: editing(side) })
      : fc.oneof({ weight: 3, arbitrary: writing(side, false) }, removing(side, false)),
    { minLength: 1, maxLength: 4 },
  );

const TYPES = ["Exact", "Prefix", "Suffix", "Contains"];
const namedValue = (names: string[]) =>
  fc
    .oneof(
      fc.record({ type: fc.constantFrom(...TYPES), value: fc.constantFrom("a", "b", "1", "2", "1,3", "a,b", "é") }),
      fc.record({ type: fc.constantFrom("Present", "Absent") }),
    )
    .chain((asked) =>
      fc.tuple(fc.constantFrom(...names), fc.boolean()).map(([of, invert]) => ({ name: of, ...asked, invert })),
    );

const responseConditions = (all: Names) =>
  fc.oneof(
    fc.constantFrom<(string | number)[]>([200], ["4xx", "500-503"]).map((status) => ({ status })),
    fc.array(namedValue(all.response), { minLength: 1, maxLength: 1 }).map((headers) => ({ headers })),
    fc.constantFrom(["text/plain"], ["TEXT/html", "a/b"]).map((contentTypes) => ({ contentTypes })),
  );

/** At most three at once: more would hold for no message. */
const conditions = (all: Names, hasResponse: boolean, depth = 2): fc.Arbitrary<object> => {
  const one: fc.Arbitrary<object> = fc.oneof(
    fc
      .subarray(["example.com", "*.example.com", "EXAMPLE.org", "[::1]"], { minLength: 1 })
      .map((hostnames) => ({ hostnames })),
    fc.constantFrom("GET", "POST").map((method) => ({ method })),
    fc
      .record({ type: fc.constantFrom("Exact", "PathPrefix"), value: fc.constantFrom("/", "/a", "/a/", "/a/b") })
      .map((path) => ({ path })),
    fc.array(namedValue(all.request), { minLength: 1, maxLength: 2 }).map((headers) => ({ headers })),
    fc.array(namedValue(["a", "B", "\xe9"]), { minLength: 1, maxLength: 1 }).map((queryParams) => ({ queryParams })),
    fc.array(namedValue(["a", "B"]), { minLength: 1, maxLength: 1 }).map((cookies) => ({ cookies })),
    ...(hasResponse ? [responseConditions(all).map((response) => ({ response }))] : []),
    ...(depth > 0 ? [conditions(all, hasResponse, depth - 1).map((not) => ({ not }))] : []),
  );
  return fc.array(one, { maxLength: 3 }).map((parts) => Object.assign({}, ...parts) as object);
};

/** Rules that all engines may express, or that take a script. */
const rule = (all: Names, isRich: boolean): fc.Arbitrary<object> => {
  if (!isRich) {
    return fc.oneof(
      fc.record({ request: operations({ isRequest: true, all }, false) }),
      fc.record({
        request: operations({ isRequest: true, all }, false),
        response: operations({ isRequest: false, all }, false),
      }),
      fc.record({ response: operations({ isRequest: false, all }, false) }),
    );
  }
  const matches = (hasResponse: boolean) => fc.array(conditions(all, hasResponse), { minLength: 1, maxLength: 2 });
  const request = operations({ isRequest: true, all }, true);
  const response = operations({ isRequest: false, all }, true);
  const stop = fc.boolean();
  return fc.oneof(
    fc.record({ matches: matches(false), request, stop }),
    fc.record({ matches: matches(false), request, response, stop }, { requiredKeys: ["response"] }),
    fc.record({ matches: matches(true), response, stop }),
  );
};

/** How many exchanges each document has. */
const EXCHANGES = 6;

/** A document of rules, and messages for it. @param isRich takes a script */
export const program = (isRich: boolean): fc.Arbitrary<Program> =>
  someNames.chain((all) =>
    fc.record({
      document: fc.record(
        {
          rules: fc.array(rule(all, isRich), { minLength: 1, maxLength: 3 }),
          guard: fc.constant({ allowRouting: true, ...(isRich && { deny: ["x-a-deny", { suffix: "-no" }] }) }),
          strategy: fc.constantFrom("all", "all", "firstMatch"),
          securityHeaders: fc.constantFrom({ preset: "recommended" }, { [all.response[0]!]: "1", vary: "b" }),
        },
        { requiredKeys: ["rules", "guard"] },
      ),
      sent: exchanges(all, EXCHANGES),
    }),
  );
