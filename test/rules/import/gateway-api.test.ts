import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { imported, refused, rulesOf } from "./imported.ts";

interface RouteRule {
  name?: string;
  matches?: object[];
  filters?: object[];
  [key: string]: unknown;
}

const set = (value: string) => ({
  type: "RequestHeaderModifier",
  requestHeaderModifier: { set: [{ name: "X-Rule", value }] },
});
const prefix = (value: string) => ({ path: { type: "PathPrefix", value } });

function route(rules: RouteRule[], more: { name?: string; created?: string; hostnames?: string[] } = {}) {
  const { name = "r", created, hostnames } = more;
  return {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    metadata: { name, ...(created && { creationTimestamp: created }) },
    spec: { parentRefs: [{ name: "gw" }], ...(hostnames && { hostnames }), rules },
  };
}

const documents = (...routes: object[]) => routes.map((document) => stringify(document)).join("---\n");
const modifier = (requestHeaderModifier: object) => ({ type: "RequestHeaderModifier", requestHeaderModifier });
const refusedFilters = (...filters: object[]) => refused("gateway-api", route([{ filters }]));

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
      `${at}.remove[0]: rules never remove host: no request is without it`,
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
