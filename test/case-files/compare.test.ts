import { describe, expect, test } from "vitest";
import { pluginLog } from "../../src/cases/backend.ts";
import type { Backend, Exchange } from "../../src/cases/backend.ts";
import type { Case, Expectation } from "../../src/cases/case-file.ts";
import { compare, compareRejection } from "../../src/cases/compare.ts";
import { fixedBackend } from "../../src/cases/fixed-backend.ts";
import { openUrl } from "../../src/cases/open.ts";
import { runCase } from "../../src/cases/run.ts";
import { EchoControl } from "../../src/echo/control.ts";

const exchange: Exchange = {
  received: {
    method: "POST",
    path: "/a?b",
    headers: [
      ["host", "example.com"],
      ["X-A", "1"],
      ["x-b", ""],
      ["x-a", "2"],
    ],
    body: "sent",
    trailers: [],
  },
  response: {
    status: 201,
    headers: [
      ["set-cookie", "a"],
      ["Set-Cookie", "b"],
      ["x-raw", "\xff"],
    ],
    body: "got",
  },
  log: [
    { level: "info", message: "one" },
    { level: "warn", message: "two three" },
  ],
  traps: [],
  metrics: { "a.counter": 2 },
};

const none = { headers: [], without: [] };
const request = (more: object): Expectation => ({ request: { ...none, ...more } });
const response = (more: object): Expectation => ({ response: { ...none, ...more } });

describe("an exchange that is as expected has no difference", () => {
  test.for<Expectation>([
    {},
    request({ method: "POST", path: "/a?b", authority: "example.com", body: "sent" }),
    request({
      headers: [
        ["x-a", "1"],
        ["X-A", "2"],
        ["x-b", ""],
      ],
      without: ["x-c"],
    }),
    response({
      status: 201,
      headers: [
        ["set-cookie", "a"],
        ["set-cookie", "b"],
      ],
      without: ["x-a"],
      body: "got",
    }),
    { reached: true },
    { log: [{ level: "info", matches: "^one$" }, { matches: "three" }] },
  ])("%j", (expected) => {
    expect(compare(expected, exchange)).toEqual([]);
  });
});

describe("a difference is told with what was expected and what was seen", () => {
  test.for<[Expectation, string[]]>([
    [request({ method: "GET" }), ['request method: expected "GET", seen "POST"']],
    [request({ path: "/a" }), ['request path: expected "/a", seen "/a?b"']],
    [request({ authority: "other" }), ['request authority: expected "other", seen "example.com"']],
    [request({ body: "" }), ['request body: expected "", seen "sent"']],
    [request({ headers: [["x-a", "1"]] }), ['request header x-a: expected "1", seen "1", "2"']],
    [
      request({
        headers: [
          ["x-a", "2"],
          ["x-a", "1"],
        ],
      }),
      ['request header x-a: expected "2", "1", seen "1", "2"'],
    ],
    [
      request({
        headers: [
          ["x-a", "1"],
          ["x-a", "2"],
          ["x-a", "3"],
        ],
      }),
      ['request header x-a: expected "1", "2", "3", seen "1", "2"'],
    ],
    [request({ headers: [["x-c", ""]] }), ['request header x-c: expected "", seen none']],
    [request({ without: ["X-B"] }), ['request header X-B: expected none, seen ""']],
    [response({ status: 200 }), ['response status: expected "200", seen "201"']],
    [response({ headers: [["x-raw", "\xfe"]] }), [String.raw`response header x-raw: expected "\\xfe", seen "\\xff"`]],
    [response({ body: "other" }), ['response body: expected "other", seen "got"']],
    [{ reached: false }, ["expected no request at the upstream, but it got one"]],
    [
      { log: [{ level: "error", matches: "one" }] },
      ["expected a log line error /one/, seen:\n    info: one\n    warn: two three"],
    ],
    [{ log: [{ matches: "four" }] }, ["expected a log line  /four/, seen:\n    info: one\n    warn: two three"]],
  ])("%j", ([expected, differences]) => {
    expect(compare(expected, exchange)).toEqual(differences);
  });

  test("a request that did not reach the upstream", () => {
    const expected = ["expected a request at the upstream, but it got none; the client got 201 got"];
    for (const wanted of [{ reached: true }, request({ method: "POST" })]) {
      expect(compare(wanted, { ...exchange, received: undefined })).toEqual(expected);
    }
    expect(compare({ reached: false }, { ...exchange, received: undefined })).toEqual([]);
  });
});

test("a refusal is held against the exact path of its first line", () => {
  const refused = (path: string) => [
    { level: "error", message: `configuration refused at ${path} (offset 3): expected more` },
  ];
  expect(compareRejection("a.b", refused("a.b"))).toEqual([]);
  expect(compareRejection(true, refused("a.b"))).toEqual([]);
  for (const [wanted, seen] of [
    ["a", "a.b"],
    ["a.b", "a"],
    ["a.b", "c"],
  ]) {
    expect(compareRejection(wanted!, refused(seen!))).toEqual([
      `expected the configuration to be refused at ${wanted}, seen: ${seen} (offset 3): expected more`,
    ]);
  }
  expect(compareRejection("a", [{ level: "error", message: "other" }])).toHaveLength(1);
});

test("plugins' lines are told from Envoy's own, with their level", () => {
  const log = `[2026-01-01 00:00:00.000][1][warning][wasm] [source/x.cc:1] wasm log name root vm: careful: it is hot
[2026-01-01 00:00:00.000][1][warning][config] [source/x.cc:1] wasm log no
[2026-01-01 00:00:00.000][1][critical][wasm] [source/x.cc:1] Plugin configured to fail closed failed to load
[2026-01-01 00:00:00.000][1][info][wasm] [source/x.cc:1] wasm log name: hello`;
  expect(pluginLog(log)).toEqual([
    { level: "warn", message: "careful: it is hot" },
    { level: "info", message: "hello" },
  ]);
});

describe("a case is not run, and says why,", () => {
  const testCase: Case = {
    name: "one",
    line: 1,
    config: undefined,
    clock: undefined,
    request: { method: "GET", path: "/", authority: "a", headers: [], body: "" },
    upstream: { status: 200, headers: [], body: "" },
    expect: {},
  };
  const backend = fixedBackend("wasm", {
    destination: { host: "127.0.0.1", port: 1 },
    upstream: new EchoControl("http://127.0.0.1:1"),
  });

  test("where a configuration of its own cannot be set", async () => {
    const skipped = { outcome: "skipped", reason: "its configuration cannot be changed" };
    expect(await runCase(backend, { ...testCase, config: "{}" })).toEqual(skipped);
    expect(await runCase(backend, { ...testCase, expect: { rejected: true } })).toEqual(skipped);
  });

  test("where the log cannot be read", async () => {
    const wantsLog = { ...testCase, expect: { log: [{ matches: "a" }] } };
    expect(await runCase(backend, wantsLog)).toEqual({ outcome: "skipped", reason: "its log cannot be read" });
  });

  test("but fails where a configuration is accepted that should be refused", async () => {
    const accepting: Backend = { ...backend, prepare: async () => ({ state: "ready" }) };
    expect(await runCase(accepting, { ...testCase, expect: { rejected: true } })).toEqual({
      outcome: "failed",
      differences: ["expected the configuration to be refused, but it was accepted"],
    });
  });
});

test("an address that is not http:// is refused", () => {
  expect(() => openUrl("wasm", "https://127.0.0.1:1", "http://127.0.0.1:2")).toThrow("expected an http:// address");
});
