import { describe, expect, test } from "vitest";
import { documents, modifier, prefix, route, type RouteRule, set } from "./http-routes.ts";
import { imported, refused, rulesOf } from "./imported.ts";

describe("an HTTPRoute", () => {
  // examples/standard/http-request-header-add.yaml of kubernetes-sigs/gateway-api
  test("becomes a rule for each of its rules, in the map form", () => {
    const manifest = `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: header-http-echo
spec:
  parentRefs:
    - name: acme-gw
  rules:
    - matches:
        - path:
            type: PathPrefix
            value: /add-a-request-header
      filters:
        - type: RequestHeaderModifier
          requestHeaderModifier:
            add:
              - name: my-header-name
                value: my-header-value
      backendRefs:
        - name: echo
          port: 8080
`;
    expect(imported("gateway-api", manifest)).toEqual({
      rules: {
        version: "v1",
        strategy: "firstMatch",
        rules: [
          {
            name: "header-http-echo-rule-0",
            matches: [{ path: { type: "PathPrefix", value: "/add-a-request-header" } }],
            request: { add: [{ name: "my-header-name", value: "my-header-value" }] },
          },
        ],
      },
      notes: [],
      leftOut: [],
    });
  });

  // conformance/tests/httproute-request-header-modifier.yaml and -response-header-modifier.yaml, rule /multiple of each
  test("keeps set, add and remove, and Envoy Gateway's addIfAbsent and removeOnMatch", () => {
    const filters = [
      modifier({
        set: [
          { name: "X-Header-Set-1", value: "header-set-1" },
          { name: "X-Header-Set-2", value: "100%" },
        ],
        add: [{ name: "X-Header-Add-1", value: "header-add-1" }],
        remove: ["X-Header-Remove-1", "X-Header-Remove-2"],
      }),
      {
        type: "ResponseHeaderModifier",
        responseHeaderModifier: {
          addIfAbsent: [{ name: "Strict-Transport-Security", value: "max-age=1" }],
          removeOnMatch: [
            { type: "Prefix", value: "x-envoy-" },
            { value: "Server".toLowerCase() },
            { type: "RegularExpression", value: "x-.*-internal" },
          ],
        },
      },
    ];
    expect(rulesOf("gateway-api", route([{ name: "multiple", filters }]))).toEqual([
      {
        name: "r-multiple",
        request: {
          set: [
            { name: "x-header-set-1", value: "header-set-1" },
            { name: "x-header-set-2", value: "100%%" },
          ],
          add: [{ name: "x-header-add-1", value: "header-add-1" }],
          remove: ["x-header-remove-1", "x-header-remove-2"],
        },
        response: {
          addIfAbsent: [{ name: "strict-transport-security", value: "max-age=1" }],
          removeOnMatch: [
            { type: "Prefix", value: "x-envoy-" },
            { type: "Exact", value: "server" },
            { type: "RegularExpression", value: "x-.*-internal" },
          ],
        },
      },
    ]);
  });

  test("has its matches on every host, with their types", () => {
    const matches = [
      {
        path: { type: "Exact", value: "/a/" },
        method: "GET",
        headers: [
          { name: "Version", value: "one" },
          { name: "version", value: "ignored" },
          { type: "RegularExpression", name: "x-b", value: "b+" },
        ],
        queryParams: [{ name: "Q", value: "1" }],
      },
      { path: { type: "RegularExpression", value: "/b/[0-9]+" } },
      { path: { value: "/c/" } },
    ];
    const { rules, notes } = imported(
      "gateway-api",
      route([{ matches, filters: [set("a")] }], { hostnames: ["A.example", "*.example"] }),
    );
    const own = [
      {
        method: "GET",
        path: { type: "Exact", value: "/a/" },
        headers: [
          { name: "version", type: "Exact", value: "one" },
          { name: "x-b", type: "RegularExpression", value: "b+" },
        ],
        queryParams: [{ name: "Q", type: "Exact", value: "1" }],
      },
      { path: { type: "RegularExpression", value: "/b/[0-9]+" } },
      { path: { type: "PathPrefix", value: "/c" } },
    ];
    expect(rules.rules).toEqual([
      {
        name: "r-rule-0",
        matches: own.map((match) => ({ hostnames: ["a.example", "*.example"], ...match })),
        request: { set: [{ name: "x-rule", value: "a" }] },
      },
    ]);
    expect(notes).toEqual([
      "spec.rules[0].matches[0].headers[1]: left out, for HTTPRoute looks at the first condition on version alone",
      expect.stringMatching(/^RegularExpression: read as RE2/),
      expect.stringMatching(/^matches.queryParams: a rules file compares names of parameters without case/),
    ]);
  });

  test("may write the host, with the guard for it", () => {
    const { rules } = imported(
      "gateway-api",
      route([{ filters: [modifier({ set: [{ name: "Host", value: "a" }] })] }]),
    );
    expect(rules.guard).toEqual({ allowRouting: true });
  });

  test("takes an Envoy operator for text, as Gateway API does, and says so", () => {
    const { rules, notes } = imported("gateway-api", route([{ filters: [set("%REQ(x-a)%")] }]));
    expect(rules.rules[0]?.request).toEqual({ set: [{ name: "x-rule", value: "%%REQ(x-a)%%" }] });
    expect(notes).toEqual([
      expect.stringMatching(
        /^spec.rules\[0\].filters\[0\].requestHeaderModifier.set\[0\].value: plain text to HTTPRoute/,
      ),
    ]);
  });

  test("may come in a list, among manifests that say nothing of headers", () => {
    const list = { kind: "List", items: [{ kind: "Service" }, route([{ filters: [set("a")] }])] };
    expect(rulesOf("gateway-api", documents({ kind: "Gateway", spec: {} }, list))).toHaveLength(1);
    expect(refused("gateway-api", documents({ kind: "GRPCRoute" }, { kind: "Service" }))).toEqual([
      "document 1: expected an HTTPRoute, found GRPCRoute",
    ]);
    expect(refused("gateway-api", { kind: "Service" })).toEqual(["the document: expected an HTTPRoute, found none"]);
  });
});

describe("of several rules the one that wins stands first", () => {
  /** The values that each rule writes, in order. */
  const order = (input: unknown) =>
    rulesOf("gateway-api", input).map(({ request }) => (request as { set: { value: string }[] }).set[0]!.value);
  const rule = (value: string, ...matches: object[]): RouteRule => ({ matches, filters: [set(value)] });

  test.each<[string, object, object]>([
    ["an exact path before a longer prefix", { path: { type: "Exact", value: "/a" } }, prefix("/aaaaaa")],
    ["a longer prefix before a shorter", prefix("/a/b"), prefix("/a")],
    ["any prefix before every path", prefix("/a"), {}],
    ["a method before none", { method: "GET" }, {}],
    ["the path before the method", prefix("/a"), { method: "GET" }],
    ["the method before headers", { method: "GET" }, { headers: [{ name: "a", value: "1" }] }],
    [
      "more headers before fewer",
      {
        headers: [
          { name: "a", value: "1" },
          { name: "b", value: "1" },
        ],
      },
      { headers: [{ name: "c", value: "1" }] },
    ],
    [
      "headers before parameters",
      { headers: [{ name: "a", value: "1" }] },
      { queryParams: [{ name: "q", value: "1" }] },
    ],
    ["parameters before none", { queryParams: [{ name: "q", value: "1" }] }, {}],
  ])("%s", (_, winner, loser) => {
    expect(order(route([rule("loser", loser), rule("winner", winner)]))).toEqual(["winner", "loser"]);
    expect(order(route([rule("winner", winner), rule("loser", loser)]))).toEqual(["winner", "loser"]);
  });

  test("the host before the path: exact, then the longer wildcard, then none", () => {
    const on = (name: string, hostnames: string[] | undefined, path: string) =>
      route([rule(name, prefix(path))], { name, ...(hostnames && { hostnames }) });
    expect(
      order(
        documents(
          on("none", undefined, "/aaa"),
          on("wildcard", ["*.example"], "/aa"),
          on("longer", ["*.a.example"], "/a"),
          on("exact", ["b.a.example"], "/"),
        ),
      ),
    ).toEqual(["exact", "longer", "wildcard", "none"]);
  });

  test("in a tie the older route, then the one whose name comes first, then the order of rules", () => {
    const routes = (created: (string | undefined)[]) =>
      documents(
        ...["b", "a"].map((name, index) =>
          route([rule(`${name}-0`), rule(`${name}-1`)], { name, ...(created[index] && { created: created[index] }) }),
        ),
      );
    const [early, late] = ["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"];
    expect(order(routes([early, late]))).toEqual(["b-0", "b-1", "a-0", "a-1"]);
    expect(order(routes([late, early]))).toEqual(["a-0", "a-1", "b-0", "b-1"]);
    expect(order(routes([early, undefined]))).toEqual(["a-0", "a-1", "b-0", "b-1"]);
  });

  // conformance/tests/httproute-matching-across-routes.yaml, with a filter in each rule
  test("a rule's matches stand where each of them wins", () => {
    const header = (value: string) => ({ headers: [{ name: "version", value }] });
    const part1 = route([rule("v1", prefix("/"), header("one"))], {
      name: "part1",
      hostnames: ["example.com", "example.net"],
    });
    const part2 = route([rule("v2", prefix("/v2"), header("two"))], { name: "part2", hostnames: ["example.com"] });
    expect(rulesOf("gateway-api", documents(part1, part2)).map(({ name, matches }) => ({ name, matches }))).toEqual([
      { name: "part2-rule-0", matches: [{ hostnames: ["example.com"], path: { type: "PathPrefix", value: "/v2" } }] },
      {
        name: "part1-rule-0",
        matches: [
          { hostnames: ["example.com", "example.net"], headers: [{ name: "version", type: "Exact", value: "one" }] },
        ],
      },
      {
        name: "part2-rule-0-2",
        matches: [{ hostnames: ["example.com"], headers: [{ name: "version", type: "Exact", value: "two" }] }],
      },
      { name: "part1-rule-0-2", matches: [{ hostnames: ["example.com", "example.net"] }] },
    ]);
  });

  test("one without filters ends the search where others come behind it", () => {
    const plain = { matches: [prefix("/a/b")], backendRefs: [{ name: "x" }] };
    const last = { matches: [prefix("/")] };
    expect(rulesOf("gateway-api", route([rule("a", prefix("/a")), plain, last]))).toEqual([
      { name: "r-rule-1", matches: [{ path: { type: "PathPrefix", value: "/a/b" } }] },
      {
        name: "r-rule-0",
        matches: [{ path: { type: "PathPrefix", value: "/a" } }],
        request: { set: [{ name: "x-rule", value: "a" }] },
      },
    ]);
  });
});
