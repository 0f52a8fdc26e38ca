import { describe, expect, test } from "vitest";
import { modifier, prefix, route, set } from "./http-routes.ts";
import { imported, refused } from "./imported.ts";

const refusedFilters = (...filters: object[]) => refused("gateway-api", route([{ filters }]));

describe("what rules cannot say of an HTTPRoute is refused, with its path", () => {
  test("filters", () => {
    const types = ["RequestRedirect", "URLRewrite", "RequestMirror", "CORS", "ExternalAuth", "ExtensionRef", "Other"];
    expect(refusedFilters(...types.map((type) => ({ type })))).toEqual(
      types.map((type, index) => expect.stringMatching(`^spec.rules\\[0\\].filters\\[${index}\\]: ${type}: .`)),
    );
    expect(refusedFilters(set("a"), set("b"), {}, { ...set("c"), type: "ResponseHeaderModifier" })).toEqual([
      "spec.rules[0].filters[1]: a second RequestHeaderModifier: HTTPRoute allows one a rule",
      "spec.rules[0].filters[2]: no type: an unknown type of filter",
      expect.stringMatching(/^spec.rules\[0\].filters\[3\].requestHeaderModifier: an unknown key/),
      "spec.rules[0].filters[3]: expected responseHeaderModifier, what it does",
    ]);
  });

  test("headers", () => {
    const at = "spec.rules[0].filters[0].requestHeaderModifier";
    const form = {
      set: [
        { name: "content-length", value: "1" },
        { name: "x-a", value: 1 },
        { name: "x-b", value: "1" },
      ],
      add: [{ name: "X-B", value: "1" }],
      remove: ["Host"],
      removeOnMatch: [{ type: "Prefix", value: "X-" }, { type: "Contains", value: "x" }, { type: "Suffix" }],
      append: [],
    };
    expect(refusedFilters(modifier(form))).toEqual([
      `${at}.append: an unknown key; known are set, add, addIfAbsent, remove, removeOnMatch`,
      `${at}.remove[0]: rules never remove host: Envoy finds no route without it`,
      `${at}.removeOnMatch[0].value: capital letters: Envoy holds it against names in lower case, and it matches none`,
      `${at}.removeOnMatch[1].type: expected one of Exact, Prefix, Suffix, RegularExpression, found "Contains"`,
      `${at}.removeOnMatch[2]: expected value, what the name must be`,
      `${at}.set[0].name: content-length belongs to the connection: rules never write it`,
      `${at}.set[1].value: expected a text, found the number 1: put it in quotes`,
      `${at}.add[0]: a second action on x-b: HTTPRoute allows one a header`,
    ]);
  });

  test("matches, whose rule is then left out, for half of one would match more", () => {
    const matches = [
      { path: { type: "RegularExpression", value: "/(?!a)" } },
      { path: { type: "Glob", value: "/" } },
      { path: { value: "a" } },
      { method: "get", header: [] },
      { headers: [{ name: "a" }] },
    ];
    const bad = route([
      { matches, filters: [set("a")] },
      { matches: [prefix("/ok")], filters: [set("b")] },
    ]);
    const lines = refused("gateway-api", bad);
    expect(lines).toEqual([
      expect.stringMatching(/^spec.rules\[0\].matches\[0\].path.value: a regular expression that looks ahead/),
      expect.stringMatching(/^spec.rules\[0\].matches\[1\].path.type: expected one of Exact/),
      "spec.rules[0].matches[2].path.value: expected a path that begins with /",
      expect.stringMatching(/^spec.rules\[0\].matches\[3\].header: an unknown key/),
      expect.stringMatching(/^spec.rules\[0\].matches\[3\].method: expected one of GET/),
      "spec.rules[0].matches[4].headers[0]: expected value, a value",
    ]);
    const { rules, leftOut } = imported("gateway-api", bad, { partial: true });
    expect(rules.rules.map(({ name }) => name)).toEqual(["r-rule-1"]);
    expect(leftOut).toHaveLength(lines.length);
  });

  test("hosts, backends' filters and unknown keys", () => {
    const rule = { filters: [set("a")], backendRefs: [{ name: "x", filters: [set("b")] }], mirror: 1 };
    const manifest = { ...route([rule], { hostnames: ["a.*"] }), speck: 1 };
    expect(refused("gateway-api", manifest)).toEqual([
      "speck: an unknown key; known are apiVersion, kind, metadata, spec, status",
      "spec.hostnames[0]: expected a host name, or one with *. in front",
      expect.stringMatching(/^spec.rules\[0\].mirror: an unknown key/),
      "spec.rules[0].backendRefs[0].filters: filters of one backend: rules do not know which backend is chosen",
    ]);
    expect(imported("gateway-api", manifest, { partial: true }).rules.rules).toEqual([]);
  });
});
