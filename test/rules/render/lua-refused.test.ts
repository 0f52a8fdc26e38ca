// Rules that are not rendered as a Lua script, and why.
import { describe, expect, test } from "vitest";
import { planOf, refusedByLua, rule } from "./render.ts";

describe("refused is", () => {
  const request = [{ remove: "x-a" }];
  const regex = "Lua's patterns are no regular expressions";
  test.for<[string, object, string[]]>([
    [
      "a percentage",
      { percent: 1, request },
      ["percent: without a request id it is by chance, and Lua's chance is the same in every worker"],
    ],
    ["shadow mode", { mode: "shadow", request }, ["mode: shadow: Lua scripts have no shadow mode"]],
    [
      "a regular expression that is matched",
      {
        matches: [
          { hostRegex: "a" },
          { path: { type: "RegularExpression", value: "/a" } },
          { headers: [{ name: "a", type: "RegularExpression", value: "a" }] },
        ],
        request,
      },
      [`matches: ${regex}`],
    ],
    [
      "a regular expression of names",
      { request: [{ remove: { regex: "x-.*" } }, { retain: [{ regex: "x-.*" }] }] },
      [`removeMatching: ${regex}`, `retain: ${regex}`],
    ],
    [
      "a regular expression of values",
      {
        request: [
          { remove: { name: "x-a", value: { regex: "x" } } },
          { replace: { name: "x-b", pattern: { regex: "x" }, substitution: "" } },
        ],
      },
      [`removeLines x-a: ${regex}`, `replace x-b: ${regex}`],
    ],
    [
      "a route",
      { matches: [{ routeNames: ["a"] }, { virtualHosts: ["a"] }], request },
      ["matches: Lua clears the route cache behind its last write, the filter with each: the route differs meanwhile"],
    ],
    [
      "what is of the connection",
      { matches: [{ sourceCIDRs: ["10.0.0.0/8"], tls: { sni: "a", mtls: true } }], request },
      ["sourceCIDRs", "sni", "mtls"].map((name) => `matches: Lua has no exact equal of ${name}`),
    ],
    [
      "who answered",
      { matches: [{ response: { localReply: true } }], response: request },
      ["matches: Lua has no exact equal of localReply"],
    ],
    [
      "pipes that Lua has not",
      { request: [{ set: { name: "x-a", value: "%REQ(x)|sha256%%REQ(x)|base64decode%" } }] },
      [
        "set x-a: Lua has no exact equal of the pipe sha256",
        "set x-a: Lua has no exact equal of the pipe base64decode",
      ],
    ],
    [
      "what Lua does not know",
      {
        request: [{ set: { name: "x-a", value: "%PROTOCOL%%UNIQUE_ID%" } }, { setProperty: { key: "a", value: "1" } }],
      },
      [
        "set x-a: Lua has no exact equal of %PROTOCOL%",
        "set x-a: Lua has no exact equal of %UNIQUE_ID%",
        "setProperty: Lua has no exact equal of setProperty",
      ],
    ],
    [
      "a pipe behind one that may fail",
      { request: [{ set: { name: "x-a", value: "%REQ(x)|urldecode|lower%" } }] },
      ["set x-a: what urldecode cannot decode fails the operation, which Lua would tell from no pipe behind it"],
    ],
  ])("%s", ([, parts, expected]) => {
    expect(refusedByLua(rule({ name: "r", ...parts }))).toEqual(expected.map((reason) => `r: ${reason}`));
  });

  test("what is no rule, with its key", () => {
    expect(refusedByLua(planOf({ limits: { maxHeaders: 1 } }))).toEqual([
      "limits: Lua cannot set the response's details, headers_limit",
    ]);
    expect(refusedByLua(planOf({ mode: "shadow", rules: [{ request }] }))).toEqual([
      "mode: Lua scripts have no shadow mode",
    ]);
    expect(
      refusedByLua(planOf({ guard: { deny: [{ regex: "a" }] }, rules: [{ request: [{ remove: { prefix: "x-" } }] }] })),
    ).toEqual([`0: removeMatching: ${regex}`]);
  });

  test("an answer in the place of an operation that fails, only where one may fail", () => {
    const reason =
      "an operation that fails is answered with 500 by failurePolicy: closed, for which Lua has no exact equal";
    const operations = [
      { set: { name: "x-a", value: "%REQ(x)|urldecode%" } },
      { cookie: { set: { name: "a", value: "%REQ(x)|urldecode%" } } },
      { set: { name: "x-b", value: "%REQ(x)|lower%" } },
    ];
    expect(refusedByLua(planOf({ failurePolicy: "closed", rules: [{ request: operations }] }))).toEqual([
      `0: set x-a: ${reason}`,
      `0: cookie a: ${reason}`,
    ]);
  });
});
