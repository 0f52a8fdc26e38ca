import { describe, expect, test } from "vitest";
import { imported, refused, rulesOf } from "./imported.ts";

const rule = (operate: string, ...headers: object[]) => ({ operate, headers });
const query = (operate: string, ...querys: object[]) => ({ operate, querys });
const request = (...reqRules: object[]) => rulesOf("higress", { reqRules })[0]?.request;
const HOST = "^(.*)\\.com$";
const onHost = (value: string, invert?: true) => [
  { headers: [{ name: "host", type: "RegularExpression", value, ...(invert && { invert }) }] },
];
const onPath = (value: string, invert?: true) => [
  { headers: [{ name: ":path", type: "RegularExpression", value, ...(invert && { invert }) }] },
];

describe("Higress' transformer", () => {
  // plugins/wasm-go/extensions/transformer/README.md of alibaba/higress, request headers
  test("runs in the order of its rules, and twice where a pattern decides", () => {
    const PATH = "^.*?\\/(\\w+)[\\?]{0,1}.*$";
    const config = `
reqRules:
- operate: remove
  headers:
  - key: X-remove
- operate: rename
  headers:
  - oldKey: X-not-renamed
    newKey: X-renamed
- operate: replace
  headers:
  - key: X-replace
    newValue: replaced
- operate: add
  headers:
  - key: X-add-append
    value: host-$1
    host_pattern: ^(.*)\\.com$
- operate: append
  headers:
  - key: X-add-append
    appendValue: path-$1
    path_pattern: ^.*?\\/(\\w+)[\\?]{0,1}.*$
- operate: map
  headers:
  - fromKey: X-add-append
    toKey: X-map
- operate: dedupe
  headers:
  - key: X-dedupe-first
    strategy: RETAIN_FIRST
  - key: X-dedupe-last
    strategy: RETAIN_LAST
  - key: X-dedupe-unique
    strategy: RETAIN_UNIQUE
`;
    expect(imported("higress", config)).toEqual({
      rules: {
        version: "v1",
        rules: [
          {
            name: "transformer-request",
            request: [
              { remove: "x-remove" },
              { rename: { from: "x-not-renamed", to: "x-renamed", onConflict: "append" } },
              { set: { name: "x-replace", value: "replaced" } },
            ],
          },
          {
            name: "transformer-request-2",
            matches: onHost(HOST),
            request: [{ addIfAbsent: { name: "x-add-append", value: "host-%CAPTURE(1)%" } }],
          },
          {
            name: "transformer-request-3",
            matches: onHost(HOST, true),
            request: [{ addIfAbsent: { name: "x-add-append", value: "host-$1" } }],
          },
          {
            name: "transformer-request-4",
            matches: onPath(PATH),
            request: [{ add: { name: "x-add-append", value: "path-%CAPTURE(1)%" } }],
          },
          {
            name: "transformer-request-5",
            matches: onPath(PATH, true),
            request: [{ add: { name: "x-add-append", value: "path-$1" } }],
          },
          {
            name: "transformer-request-6",
            request: [
              { copy: { from: "x-add-append", to: "x-map" } },
              { dedupe: { name: "x-dedupe-first", strategy: "RETAIN_FIRST" } },
              { dedupe: { name: "x-dedupe-last", strategy: "RETAIN_LAST" } },
              { dedupe: { name: "x-dedupe-unique", strategy: "RETAIN_UNIQUE" } },
            ],
          },
        ],
      },
      notes: [],
      leftOut: [],
    });
  });

  // the same page, query parameters, but for what is refused below
  test("changes the query behind the headers", () => {
    const reqRules = [
      query("remove", { key: "k1" }),
      query("replace", { key: "k2-new", newValue: "v2-new" }),
      query("add", { key: "k3", value: "v31" }),
      query("append", { key: "k3", appendValue: "v32%" }),
      rule("remove", { key: "x-a" }),
    ];
    expect(rulesOf("higress", { reqRules })).toEqual([
      { name: "transformer-request", request: [{ remove: "x-a" }] },
      { name: "transformer-query-remove", request: [{ query: { remove: ["k1"] } }] },
      { name: "transformer-query-replace", request: [{ query: { set: { name: "k2-new", value: "v2-new" } } }] },
      {
        name: "transformer-query-add",
        matches: [{ queryParams: [{ name: "k3", type: "Absent" }] }],
        request: [{ query: { set: { name: "k3", value: "v31" } } }],
      },
      { name: "transformer-query-append", request: [{ query: { add: { name: "k3", value: "v32%%" } } }] },
    ]);
  });

  test("changes responses, whose rules stand first: their patterns are for the request as it came", () => {
    const write = { key: "x-a", newValue: "$1", host_pattern: HOST };
    const rules = rulesOf("higress", {
      reqRules: [rule("replace", { key: ":authority", newValue: "b" })],
      respRules: [rule("replace", write), query("remove", { key: "a" })],
    });
    expect(rules).toEqual([
      {
        name: "transformer-response",
        matches: onHost(HOST),
        response: [{ set: { name: "x-a", value: "%CAPTURE(1)%", keepEmptyValue: true } }],
      },
      {
        name: "transformer-response-2",
        matches: onHost(HOST, true),
        response: [{ set: { name: "x-a", value: "$1" } }],
      },
      { name: "transformer-request", request: [{ set: { name: ":authority", value: "b" } }] },
    ]);
  });

  test("writes an empty value, and takes numbers and booleans for text", () => {
    expect(
      request(
        rule(
          "replace",
          { key: "a", newValue: "" },
          { key: "b", newValue: true },
          { key: "c", newValue: 12 },
          { key: "d", newValue: "100%" },
        ),
      ),
    ).toEqual([
      { set: { name: "a", value: "", keepEmptyValue: true } },
      { set: { name: "b", value: "true" } },
      { set: { name: "c", value: "12" } },
      { set: { name: "d", value: "100%%" } },
    ]);
  });

  test("keeps one of a header's values, or a part of the first", () => {
    const strategies = ["split_and_retain_first", "SPLIT_AND_RETAIN_LAST", "unknown"];
    const first = { dedupe: { name: "a", strategy: "RETAIN_FIRST" } };
    const cut = (regex: string) => ({ replace: { name: "a", pattern: { regex }, substitution: "", match: "first" } });
    expect(request(rule("dedupe", ...strategies.map((strategy) => ({ key: "a", strategy }))))).toEqual([
      first,
      cut("(?s),.*"),
      first,
      cut("(?s)^.*,"),
      first,
    ]);
  });
});

describe("what rules cannot say of the transformer is refused, with its path", () => {
  test("in its headers", () => {
    const config = {
      reroute: false,
      reqRules: [
        rule("rename", { oldKey: "a", newKey: "A" }, { oldKey: "a", newKey: ":path" }, { oldKey: "a" }),
        rule("replace", { key: "host", newValue: "a" }, { key: "upgrade", newValue: "a" }, { key: "a", newValue: 1.5 }),
        rule("add", { key: "a", value: "b", valu: "c" }, { key: "a" }),
        rule("dedupe", { key: "u", strategy: "RETAIN_UNIQUE" }, { key: "u", stratergy: "RETAIN_FIRST" }),
        rule("add", { key: "u", value: "1" }),
        rule("map", { fromKey: "u", toKey: "v" }),
        { ...rule("map", { fromKey: "u", toKey: "v" }), mapSource: "querys" },
        { operate: "merge", headers: [{}], body: [{ key: "a" }] },
      ],
    };
    const lines = refused("higress", config);
    expect(lines).toEqual([
      expect.stringMatching(/^reroute: Envoy chooses its route anew/),
      "reqRules[7].body: rules change no bodies",
      "reqRules[0].headers[0]: a header renamed to itself, which Higress removes: write remove",
      "reqRules[0].headers[1]: :path: it would have two values",
      "reqRules[0].headers[2]: expected newKey",
      expect.stringMatching(/^reqRules\[1\].headers\[0\]: host: Higress has it as :authority/),
      "reqRules[1].headers[1].key: upgrade belongs to the connection: rules never write it",
      "reqRules[1].headers[2].newValue: expected a text: put it in quotes",
      expect.stringMatching(/^reqRules\[2\].headers\[0\].valu: an unknown key/),
      "reqRules[2].headers[1]: expected value",
      expect.stringMatching(/^reqRules\[3\].headers\[1\].stratergy: an unknown key/),
      expect.stringMatching(/^reqRules\[4\].headers\[0\]: u behind its dedupe/),
      expect.stringMatching(/^reqRules\[5\].headers\[0\]: u behind its dedupe/),
      'reqRules[6]: mapSource "querys": it may have several values, or is in a body',
      expect.stringMatching(/^reqRules\[7\]: operate: expected one of remove, rename/),
    ]);
  });

  test("in its query", () => {
    const reqRules = [
      query("rename", { oldKey: "a", newKey: "b" }),
      query("add", { key: "k3", value: "v31-$1", path_pattern: "^/(.*)$" }, { key: "e", value: "" }),
      rule("replace", { key: ":path", newValue: "/" }),
    ];
    expect(refused("higress", { reqRules })).toEqual([
      "reqRules[2].headers[0]: :path beside querys: Higress puts the path back that the request came with",
      "reqRules[0].querys: rules do not rename query parameters: one may have several values",
      "reqRules[1].querys[0]: a query parameter made of the host or the path",
      "reqRules[1].querys[1]: an empty parameter: rules write none",
    ]);
  });

  test("and a configuration without rules", () => {
    expect(refused("higress", {})).toEqual(["the document: expected reqRules, respRules, or both"]);
    expect(refused("higress", "")).toEqual(["the document: expected a configuration, found none"]);
    expect(refused("higress", { kind: "Ingress" })).toEqual([
      'the document: expected a WasmPlugin, or the plugin\'s configuration, found "Ingress"',
    ]);
  });
});
