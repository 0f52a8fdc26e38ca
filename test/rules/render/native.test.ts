// Rules as Envoy's header_mutation filter: what is rendered, and what is not.
import { describe, expect, test } from "vitest";
import { renderNative } from "../../../src/rules/render/native.ts";
import { planOf, refusedByNative, rendered, rule } from "./render.ts";

const OVERWRITE = "OVERWRITE_IF_EXISTS_OR_ADD";
const append = (key: string, value: string, rest: object = {}, keeps: object = {}) => ({
  append: { header: { key, value }, ...rest, ...keeps },
});
const KEPT = { keep_empty_value: true };

describe("an operation on requests becomes", () => {
  test.for<[string, object, object[]]>([
    ["set", { set: { name: "X-A", value: "1" } }, [append("x-a", "1", { append_action: OVERWRITE })]],
    ["add", { add: { name: "x-a", values: ["1", "", "2"] } }, [append("x-a", "1"), append("x-a", "2")]],
    [
      "addIfAbsent",
      { addIfAbsent: { name: "x-a", values: ["", "1"] } },
      [append("x-a", "1", { append_action: "ADD_IF_ABSENT" })],
    ],
    [
      "setIfPresent",
      { setIfPresent: { name: "x-a", value: "1" } },
      [append("x-a", "1", { append_action: "OVERWRITE_IF_EXISTS" })],
    ],
    [
      "several values",
      { set: { name: "x-a", values: ["1", "%REQ(x-b)%"] } },
      [append("x-a", "1", { append_action: OVERWRITE }), append("x-a", "%REQ(x-b)%")],
    ],
    [
      "empty values that are kept",
      { set: { name: "x-a", values: ["", "%REQ(x-b)%"], keepEmptyValue: true } },
      [append("x-a", "", { append_action: OVERWRITE }, KEPT), append("x-a", "%REQ(x-b)%", {}, KEPT)],
    ],
    ["nothing, for an empty value", { set: { name: "x-a", value: "" } }, []],
    [
      "a format string",
      { add: { name: "x-a", value: "50%% %REQUEST_HEADER(X-B?Host):7%%LITERAL(a%b)%%REQ(x[0]):0%" } },
      [append("x-a", "50%% %REQ(x-b?:authority):7%a%%b%REQ(x):0%")],
    ],
    [
      "another name of a header",
      { add: { name: "x-a", value: "%METHOD% %PATH%" } },
      [append("x-a", "%REQ(:method)% %REQ(:path)%")],
    ],
    ["a text that is cut", { add: { name: "x-a", value: "%LITERAL(abc):2%" } }, [append("x-a", "ab")]],
    ["remove", { remove: "X-A" }, [{ remove: "x-a" }]],
    [
      "remove by name's prefix",
      { remove: { prefix: "X-Powered-" } },
      [{ remove_on_match: { key_matcher: { prefix: "x-powered-" } } }],
    ],
    [
      "remove by name's suffix",
      { remove: { suffix: "-by" } },
      [{ remove_on_match: { key_matcher: { suffix: "-by" } } }],
    ],
    [
      "remove by name's part",
      { remove: { contains: "debug" } },
      [{ remove_on_match: { key_matcher: { contains: "debug" } } }],
    ],
  ])("%s", ([, operation, expected]) => {
    expect(rendered("native", rule({ request: [operation] }))).toEqual(
      expected.length > 0 ? { request_mutations: expected } : {},
    );
  });
});

test("security headers come behind all others, where they are absent", () => {
  const plan = planOf({
    securityHeaders: { preset: "recommended", disable: ["referrer-policy"], "x-frame-options": "SAMEORIGIN" },
    rules: [{ response: [{ set: { name: "x-a", value: "%RESP(x-b)%" } }], stop: true }],
  });
  const { response_mutations: mutations } = rendered("native", plan) as { response_mutations: object[] };
  expect(mutations[0]).toEqual(append("x-a", "%RESP(x-b)%", { append_action: OVERWRITE }));
  expect(mutations.slice(1)).toEqual(
    [
      ["strict-transport-security", "max-age=31536000; includeSubDomains"],
      ["x-content-type-options", "nosniff"],
      ["cross-origin-opener-policy", "same-origin"],
      ["cross-origin-resource-policy", "same-origin"],
      ["x-permitted-cross-domain-policies", "none"],
      ["x-frame-options", "SAMEORIGIN"],
    ].map(([name, value]) => append(name!, value!, { append_action: "ADD_IF_ABSENT" })),
  );
});

test("rules behind one that always stops are not there, and are no reason to refuse", () => {
  const plan = planOf({
    rules: [
      { request: [{ remove: "x-a" }], stop: true },
      { matches: [{ method: "GET" }], request: [{ remove: "x-b" }], response: [{ remove: "x-b" }] },
    ],
  });
  expect(rendered("native", plan)).toEqual({ request_mutations: [{ remove: "x-a" }] });
});

describe("refused is", () => {
  const request = [{ remove: "x-a" }];
  test.for<[string, object, string[]]>([
    ["a condition", { matches: [{ method: "GET" }], request }, ["matches: header_mutation has no conditions"]],
    ["a percentage", { percent: 1, request }, ["percent: header_mutation has no conditions"]],
    ["shadow mode", { mode: "shadow", request }, ["mode: shadow: header_mutation has no shadow mode"]],
    [
      "a pipe",
      { request: [{ set: { name: "x-a", value: "%REQ(x)|lower|trim%" } }] },
      ["set x-a: header_mutation has no pipes: lower|trim"],
    ],
    [
      "a line by its index",
      { request: [{ set: { name: "x-a", value: "%REQ(x[1])%" } }] },
      ["set x-a: header_mutation reads the first line of a header only, not [1]"],
    ],
    [
      "all lines",
      { request: [{ set: { name: "x-a", value: "%REQ(x[*])%" } }] },
      ["set x-a: header_mutation reads the first line of a header only, not [*]"],
    ],
    [
      "the request as it came",
      { request: [{ set: { name: "x-a", value: "%ORIG_REQ(x)%" } }] },
      ["set x-a: header_mutation has no exact equal of %ORIG_REQ%"],
    ],
    [
      "the request, on a response",
      { response: [{ set: { name: "x-a", value: "%REQ(x)%" } }] },
      ["set x-a: on a response %REQ% of header_mutation sees what later filters made of the request"],
    ],
    [
      "half a character",
      { request: [{ set: { name: "x-a", value: "%LITERAL(é):1%" } }] },
      ["set x-a: a format string holds no half of a character"],
    ],
    [
      "a huge value",
      { request: [{ set: { name: "x-a", value: "%%".repeat(8193) } }] },
      ["set x-a: header_mutation takes values of at most 16384 bytes"],
    ],
    [
      "several values, if absent",
      { request: [{ addIfAbsent: { name: "x-a", values: ["1", "2"] } }] },
      ["addIfAbsent x-a: addIfAbsent of several values is one decision, and header_mutation would make one for each"],
    ],
    [
      "several values, if present",
      { request: [{ setIfPresent: { name: "x-a", values: ["1", "2"] } }] },
      ["setIfPresent x-a: setIfPresent of several values is one decision, and header_mutation would make one for each"],
    ],
    [
      "several values of which the first may be empty",
      { request: [{ set: { name: "x-a", values: ["%REQ(x)%", "2"] } }] },
      ["set x-a: where the first of several values is empty, header_mutation would leave the lines that are there"],
    ],
    [
      "a value that reads what the one before it wrote",
      { request: [{ add: { name: "x-a", values: ["1", "%REQ(x-a)%"] } }] },
      ["add x-a: a value reads x-a, of which header_mutation has written the values before it by then"],
    ],
    [
      "a pattern that protected names have",
      { request: [{ remove: { suffix: "proto" } }, { remove: { prefix: "te" } }, { remove: { contains: "path" } }] },
      [
        "removeMatching: header_mutation would remove x-forwarded-proto, which patterns leave alone",
        "removeMatching: header_mutation would remove te, which patterns leave alone",
        "removeMatching: header_mutation would remove :path, which patterns leave alone",
      ],
    ],
    [
      "a regular expression",
      { request: [{ remove: { regex: "x-.*" } }] },
      ["removeMatching: header_mutation would remove protected headers that a regular expression matches"],
    ],
    [
      "what header_mutation has not",
      {
        request: [
          { append: { name: "x-a", value: "1" } },
          { remove: { name: "x-a", value: { exact: "1" } } },
          { retain: ["x-a"] },
          { rename: { from: "x-a", to: "x-b" } },
          { copy: { from: "x-a", to: "x-b" } },
          { replace: { name: "x-a", pattern: { literal: "a" }, substitution: "" } },
          { replace: { name: { prefix: "x-" }, pattern: { literal: "a" }, substitution: "" } },
          { dedupe: { name: "x-a" } },
          { split: { name: "x-a" } },
          { join: { name: "x-a" } },
          { query: { remove: ["a"] } },
          { cookie: { remove: ["a"] } },
        ],
      },
      [
        "append x-a",
        "removeLines x-a",
        "retain",
        "rename x-a",
        "copy x-a",
        "replace x-a",
        "replaceMatching",
        "dedupe x-a",
        "split x-a",
        "join x-a",
        "query",
        "cookie",
      ].map((title) => `${title}: header_mutation has no ${title.split(" ")[0]}`),
    ],
    [
      "a cookie that is set",
      { response: [{ setCookie: { name: "a", value: "1" } }] },
      ["setCookie a: header_mutation has no setCookie"],
    ],
  ])("%s", ([, parts, expected]) => {
    expect(refusedByNative(rule({ name: "r", ...parts }))).toEqual(expected.map((reason) => `r: ${reason}`));
  });

  test("what decides the route", () => {
    const host = { set: { name: "host", value: "a" } };
    const plan = planOf({
      guard: { allowRouting: true },
      rules: [{ request: [host, { add: { name: ":path", value: "/" } }] }],
    });
    const reason = "header_mutation may not write pseudo-headers or host";
    expect(refusedByNative(plan)).toEqual([`0: set :authority: ${reason}`, `0: add :path: ${reason}`]);
  });

  test("what is no rule, with its key", () => {
    expect(refusedByNative(planOf({ limits: { maxHeaders: 1 } }))).toEqual(["limits: header_mutation has no limits"]);
    expect(refusedByNative(planOf({ mode: "shadow", rules: [{ request }] }))).toEqual([
      "mode: header_mutation has no shadow mode",
    ]);
    expect(refusedByNative(planOf({ securityHeaders: { "x-a": "%ORIG_RESP(x)%" } }))).toEqual([
      "securityHeaders: addIfAbsent x-a: header_mutation has no exact equal of %ORIG_RESP%",
    ]);
    expect(
      refusedByNative(planOf({ guard: { deny: ["x-a"] }, rules: [{ request: [{ remove: { prefix: "x-" } }] }] })).at(
        -1,
      ),
    ).toBe("0: removeMatching: header_mutation does not know guard.deny");
  });

  test("with the name and the place of its rule, every one", () => {
    const plan = planOf({
      rules: [
        { request },
        { name: "second", request: [{ join: { name: "x-a" } }], response: [{ join: { name: "x-b" } }] },
      ],
    });
    const reason = "header_mutation has no join";
    expect(renderNative(plan)).toEqual({
      refusals: [
        { rule: "second", path: "rules[1]", operation: "join x-a", reason },
        { rule: "second", path: "rules[1]", operation: "join x-b", reason },
      ],
    });
  });
});
