// Operations of the headers filter: §3 and §4 of the rules language.
import { beforeAll, describe, expect, test } from "vitest";
import { loadFilter } from "../../src/vitest/index.ts";
import { compiledGuest } from "../guest-module.ts";

let wasm: string;
beforeAll(async () => {
  wasm = await compiledGuest("operations");
});

const OUTCOMES = ["applied", "skipped", "rejected", "error"];

/** What operations make of the x- headers of a request, and what came of each operation. */
function run(operations: object[], headers: string[] = [], guard = {}): { lines: string[]; outcomes: string[] } {
  const filter = loadFilter(wasm, { rootId: "operations", config: { guard, request: operations } });
  const pairs = headers.map((line) => line.split(": ") as [string, string]);
  const { request } = filter.send({ headers: pairs });
  const isOurs = ([name]: readonly [string, string]) =>
    name.startsWith("x-") && !/^x-(request-id|forwarded|envoy)/.test(name);
  const lines = request!.headers.filter(isOurs).map((line) => line.join(": "));
  const outcomes = lines.pop()!.replace("x-outcomes: ", "");
  return { lines, outcomes: Array.from(outcomes, (digit) => OUTCOMES[Number(digit)]!) };
}

/** Operation, its value, the request's lines, what becomes of them, the outcome. */
type Row = [string, unknown, string[], string[], string?];

function check(rows: Row[]): void {
  test.for(rows)("%s %j on %j: %j", ([operation, value, headers, lines, outcome = "applied"]) =>
    expect(run([{ [operation]: value }], headers)).toEqual({ lines, outcomes: [outcome] }),
  );
}

describe("a write", () => {
  check([
    ["set", { name: "X-A", value: "1" }, [], ["x-a: 1"]],
    ["set", { name: "x-a", value: "1" }, ["x-a: 2", "x-a: 3", "x-b: 4"], ["x-b: 4", "x-a: 1"]],
    ["set", { name: "x-a", values: ["1", "2"] }, ["x-a: 3"], ["x-a: 1", "x-a: 2"]],
    ["set", { name: "x-a", value: "%REQ(x-a)%, more" }, ["x-a: 1"], ["x-a: 1, more"]],
    ["set", { name: "x-a", values: ["%REQ(x-a[1])%", "%REQ(x-a)%"] }, ["x-a: 1", "x-a: 2"], ["x-a: 2", "x-a: 1"]],
    ["set", { name: "x-a", value: "%REQ(x-b)%" }, ["x-a: 1"], ["x-a: 1"], "skipped"],
    ["set", { name: "x-a", value: "b=%REQ(x-b)%" }, ["x-a: 1"], ["x-a: b="]],
    ["set", { name: "x-a", value: "", keepEmptyValue: true }, ["x-a: 1"], ["x-a: "]],
    ["set", { name: "x-a", values: ["", "1", "%REQ(x-b)%"] }, [], ["x-a: 1"]],
    ["set", { name: "x-a", values: ["", "1"], keepEmptyValue: true }, [], ["x-a: ", "x-a: 1"]],
    [
      "set",
      { name: "x-a", value: "%REQ(x-b)|urldecode%" },
      ["x-a: 1", "x-b: a%0d%0ab"],
      ["x-a: 1", "x-b: a%0d%0ab"],
      "rejected",
    ],
    ["set", { name: "x-a", values: ["1", "%REQ(x-b)|base64decode%"] }, ["x-b: ?"], ["x-b: ?"], "error"],
    ["add", { name: "x-a", value: "2" }, ["x-a: 1", "x-b: 3"], ["x-a: 1", "x-b: 3", "x-a: 2"]],
    ["add", { name: "x-a", values: ["2", "3"] }, ["x-a: 1"], ["x-a: 1", "x-a: 2", "x-a: 3"]],
    ["add", { name: "x-a", value: "" }, ["x-a: 1"], ["x-a: 1"], "skipped"],
    ["addIfAbsent", { name: "x-a", values: ["1", "2"] }, [], ["x-a: 1", "x-a: 2"]],
    ["addIfAbsent", { name: "x-a", value: "2" }, ["x-a: 1"], ["x-a: 1"], "skipped"],
    ["addIfAbsent", { name: "x-a", value: "2" }, ["x-a: "], ["x-a: "], "skipped"],
    ["setIfPresent", { name: "x-a", values: ["2", "3"] }, ["x-a: 1"], ["x-a: 2", "x-a: 3"]],
    ["setIfPresent", { name: "x-a", value: "2" }, ["x-b: 1"], ["x-b: 1"], "skipped"],
  ]);

  test("sees what the ones before it did", () => {
    const operations = [
      { set: { name: "x-a", value: "1" } },
      { add: { name: "x-a", value: "%REQ(x-a)%2" } },
      { add: { name: "x-a", value: "%REQ(x-a[1])%3" } },
      { set: { name: "x-b", value: "%REQ(x-a[*])%" } },
      { remove: "x-a" },
      { addIfAbsent: { name: "x-a", value: "%REQ(x-b)%" } },
    ];
    expect(run(operations).lines).toEqual(["x-b: 1,12,123", "x-a: 1,12,123"]);
  });

  test("keeps its value whatever is written behind it", () => {
    const operations = [
      { set: { name: "x-b", value: "%REQ(x-a)%" } },
      { set: { name: "x-c", value: "other" } },
      { set: { name: "x-d", value: "%REQ(x-b)%" } },
    ];
    expect(run(operations, ["x-a: first"]).lines).toEqual(["x-a: first", "x-b: first", "x-c: other", "x-d: first"]);
  });

  test("to a header of which Envoy keeps one line makes one line, and the next one sees it", () => {
    const operations = [
      { set: { name: "x-a", value: "%REQ(via)%" } },
      { add: { name: "via", value: "c" } },
      { add: { name: "x-a", value: "%REQ(via)%" } },
    ];
    expect(run(operations, ["via: a", "via: b"]).lines).toEqual(["x-a: a,b", "x-a: a,b,c"]);
  });
});

describe("a removal", () => {
  const many = ["x-a: 1", "x-in-a: 2", "x-b: 3", "x-in-b: 4", "x-in-a: 5"];
  check([
    ["remove", "x-A", ["x-a: 1", "x-a: 2", "x-b: 3"], ["x-b: 3"]],
    ["remove", "x-a", ["x-b: 3"], ["x-b: 3"]],
    ["remove", { exact: "X-In-A" }, many, ["x-a: 1", "x-b: 3", "x-in-b: 4"]],
    ["remove", { prefix: "X-In-" }, many, ["x-a: 1", "x-b: 3"]],
    ["remove", { suffix: "-b" }, many, ["x-a: 1", "x-in-a: 2", "x-in-a: 5"]],
    ["remove", { contains: "in" }, many, ["x-a: 1", "x-b: 3"]],
    ["remove", { regex: "X-.*-[ab]" }, many, ["x-a: 1", "x-b: 3"]],
    ["remove", { regex: "x-" }, many, many, "skipped"],
    ["remove", { prefix: "x-other" }, many, many, "skipped"],
    ["remove", { name: "x-in-a", value: { exact: "5" } }, many, ["x-a: 1", "x-b: 3", "x-in-b: 4", "x-in-a: 2"]],
    ["remove", { name: "x-in-a", value: { regex: "[25]" } }, many, ["x-a: 1", "x-b: 3", "x-in-b: 4"]],
    ["remove", { name: "x-in-a", value: { prefix: "6" } }, many, many, "skipped"],
    ["remove", { name: "x-a", value: { contains: "B" } }, ["x-a: abc"], ["x-a: abc"], "skipped"],
  ]);

  test("by a pattern leaves alone what no message may be without, and what belongs to the connection", () => {
    const filter = loadFilter(wasm, { rootId: "operations", config: { request: [{ remove: { regex: ".*" } }] } });
    const { request } = filter.send({
      method: "POST",
      headers: { "x-a": "1", accept: "b", te: "trailers" },
      body: "b",
    });
    const names = request!.headers.map(([name]) => name).filter((name) => !name.startsWith("x-envoy"));
    expect(names.toSorted()).toEqual(["te", "transfer-encoding", "x-forwarded-proto", "x-outcomes"]);
  });

  test("of all but a few keeps those and the protected ones", () => {
    const { lines } = run([{ retain: ["X-A", { prefix: "x-in" }] }], many);
    expect(lines).toEqual(["x-a: 1", "x-in-a: 2", "x-in-b: 4", "x-in-a: 5"]);
  });

  test("of what the guard denies is passed over and counted as rejected", () => {
    const guard = { deny: ["x-a", { suffix: "-b" }] };
    expect(run([{ remove: { prefix: "x-in" } }], many, guard)).toEqual({
      lines: ["x-a: 1", "x-b: 3", "x-in-b: 4"],
      outcomes: ["rejected"],
    });
  });
});

describe("an edit", () => {
  const two = ["x-a: 1", "x-b: 2", "x-a: 3, 4"];
  check([
    ["append", { name: "x-a", value: "9" }, [], ["x-a: 9"]],
    ["append", { name: "x-a", values: ["8", "9"] }, [], ["x-a: 8, 9"]],
    ["append", { name: "x-a", value: "9" }, two, ["x-b: 2", "x-a: 1", "x-a: 3, 4, 9"]],
    ["append", { name: "x-a", value: "9", scope: "everyLine" }, two, ["x-b: 2", "x-a: 1, 9", "x-a: 3, 4, 9"]],
    ["append", { name: "x-a", values: ["8", "9"], separator: ";" }, ["x-a: 1"], ["x-a: 1;8;9"]],
    ["append", { name: "x-a", value: "/%REQ(x-a)%", separator: "" }, ["x-a: 1"], ["x-a: 1/1"]],
    ["append", { name: "x-a", value: "9" }, ["x-a: "], ["x-a: 9"]],
    ["append", { name: "x-a", value: "%REQ(x-b)%" }, ["x-a: 1"], ["x-a: 1"], "skipped"],
    ["append", { name: "x-a", value: "9", ifPresent: true }, ["x-b: 1"], ["x-b: 1"], "skipped"],
    ["append", { name: "x-a", value: "9", ifPresent: true }, ["x-a: 1"], ["x-a: 1, 9"]],
    ["append", { name: "x-a", value: "3", unique: true }, two, two, "skipped"],
    ["append", { name: "x-a", value: "1", unique: true }, two, two, "skipped"],
    ["append", { name: "x-a", values: ["8", "8"], unique: true }, ["x-a: 80"], ["x-a: 80, 8"]],
    ["append", { name: "x-a", value: "b", unique: true }, ['x-a: "a, b"'], ['x-a: "a, b", b']],
    [
      "append",
      { name: "x-a", value: "1", unique: true, scope: "everyLine" },
      two,
      ["x-b: 2", "x-a: 1", "x-a: 3, 4, 1"],
    ],
    ["append", { name: "x-a", value: "%REQ(x-b)|base64decode%" }, ["x-b: ?"], ["x-b: ?"], "error"],
    ["append", { name: "set-cookie", value: "9", separator: "" }, [], []],

    ["rename", { from: "X-A", to: "x-c" }, two, ["x-b: 2", "x-c: 1", "x-c: 3, 4"]],
    ["rename", { from: "x-a", to: "x-b" }, two, ["x-b: 1", "x-b: 3, 4"]],
    ["rename", { from: "x-a", to: "x-b", onConflict: "append" }, two, ["x-b: 2", "x-b: 1", "x-b: 3, 4"]],
    ["rename", { from: "x-a", to: "x-b", onConflict: "skip" }, two, two, "skipped"],
    ["rename", { from: "x-c", to: "x-b" }, two, two, "skipped"],
    ["rename", { from: "x-c", to: "x-a" }, ["x-c: "], ["x-a: "]],
    ["copy", { from: "x-a", to: "x-c" }, two, [...two, "x-c: 1", "x-c: 3, 4"]],
    ["copy", { from: "host", to: "x-c" }, [], ["x-c: example.com"]],
    ["copy", { from: ":path", to: "x-c" }, [], ["x-c: /"]],
    ["copy", { from: "x-b", to: "x-a", onConflict: "append" }, two, [...two, "x-a: 2"]],
    ["copy", { from: "x-b", to: "x-a" }, two, ["x-b: 2", "x-a: 2"]],

    ["dedupe", { name: "x-a" }, ["x-a: 1", "x-a: 2", "x-a: 1"], ["x-a: 1"]],
    ["dedupe", { name: "x-a", strategy: "RETAIN_LAST" }, ["x-a: 1", "x-a: 2", "x-a: 3"], ["x-a: 3"]],
    ["dedupe", { name: "x-a", strategy: "RETAIN_UNIQUE" }, ["x-a: 1", "x-a: 2", "x-a: 1"], ["x-a: 1", "x-a: 2"]],
    ["dedupe", { name: "x-a" }, ["x-a: 1"], ["x-a: 1"], "skipped"],
    ["dedupe", { name: "x-a" }, [], [], "skipped"],
    ["dedupe", { name: "x-a", scope: "element" }, ["x-a: , 1,2", "x-a: 1"], ["x-a: 1"]],
    ["dedupe", { name: "x-a", scope: "element", strategy: "RETAIN_LAST" }, ["x-a: 1,2", "x-a: 3,4,"], ["x-a: 4"]],
    [
      "dedupe",
      { name: "x-a", scope: "element", strategy: "RETAIN_UNIQUE" },
      ["x-a: 1,2,1", "x-a: 3, 2"],
      ["x-a: 1, 2, 3"],
    ],
    ["dedupe", { name: "x-a", scope: "element", strategy: "RETAIN_UNIQUE" }, ["x-a: 1, 2"], ["x-a: 1, 2"], "skipped"],
    ["dedupe", { name: "x-a", scope: "element" }, ["x-a: ,,"], ["x-a: ,,"], "skipped"],

    ["split", { name: "x-a" }, two, ["x-b: 2", "x-a: 1", "x-a: 3", "x-a: 4"]],
    ["split", { name: "x-a" }, ['x-a: a,"b,c", ,d'], ["x-a: a", 'x-a: "b,c"', "x-a: d"]],
    ["split", { name: "x-a", separator: ";" }, ["x-a: a;b,c"], ["x-a: a", "x-a: b,c"]],
    ["split", { name: "x-a" }, ["x-a: a"], ["x-a: a"], "skipped"],
    ["join", { name: "x-a" }, two, ["x-b: 2", "x-a: 1, 3, 4"]],
    ["join", { name: "x-a", separator: "; " }, ["x-a: a", "x-a: ", "x-a: b"], ["x-a: a; b"]],
    ["join", { name: "x-a" }, ["x-a: a"], ["x-a: a"], "skipped"],
  ]);
});

describe("a replacement", () => {
  const replace = (pattern: object, substitution: string, more: object = {}) => ({
    name: "x-a",
    pattern,
    substitution,
    ...more,
  });
  check([
    [
      "replace",
      replace({ literal: "b" }, "-"),
      ["x-a: abcb", "x-a: xyz", "x-a: b"],
      ["x-a: a-c-", "x-a: xyz", "x-a: -"],
    ],
    ["replace", replace({ literal: "b" }, "-", { match: "first" }), ["x-a: abcb"], ["x-a: a-cb"]],
    ["replace", replace({ literal: "b" }, "-", { match: "whole" }), ["x-a: b", "x-a: bb"], ["x-a: -", "x-a: bb"]],
    ["replace", replace({ literal: "." }, "\\0\\\\"), ["x-a: a.b"], ["x-a: a.\\b"]],
    ["replace", replace({ literal: "x" }, "-"), ["x-a: b"], ["x-a: b"], "skipped"],
    ["replace", replace({ literal: "x" }, "-"), ["x-b: x"], ["x-b: x"], "skipped"],
    ["replace", replace({ literal: "x" }, ""), ["x-a: x"], ["x-a: "]],
    ["replace", replace({ regex: "(\\w+)=(\\w+)" }, "\\2=\\1"), ["x-a: a=b; cc=dd"], ["x-a: b=a; dd=cc"]],
    ["replace", replace({ regex: "^192\\.168\\.(.*)$" }, "172.16.\\1"), ["x-a: 192.168.1.2"], ["x-a: 172.16.1.2"]],
    ["replace", replace({ regex: "a(b)?c" }, "[\\1]"), ["x-a: abcac"], ["x-a: [b][]"]],
    ["replace", replace({ regex: "b?" }, "X"), ["x-a: abc"], ["x-a: XaXcX"]],
    ["replace", replace({ regex: "" }, "-"), ["x-a: äb"], ["x-a: -ä-b-"]],
    ["replace", replace({ regex: "\\b" }, "|"), ["x-a: ab cd"], ["x-a: |ab| |cd|"]],
    ["replace", replace({ regex: "a|b" }, "X", { match: "whole" }), ["x-a: a", "x-a: ab"], ["x-a: X", "x-a: ab"]],
    ["replace", replace({ regex: "(?i)A" }, "%REQ(x-b)|upper%\\0%%"), ["x-a: a", "x-b: b"], ["x-b: b", "x-a: Ba%"]],
    ["replace", replace({ regex: "^a$" }, "X", { scope: "element" }), ["x-a: a , b,a"], ["x-a: X , b,X"]],
    [
      "replace",
      replace({ regex: "a.*" }, "X", { scope: "element", match: "whole" }),
      ['x-a: "a,b", ac,ba'],
      ['x-a: "a,b", X,ba'],
    ],
    [
      "replace",
      replace({ regex: "." }, "%REQ(x-b)|urldecode%"),
      ["x-a: a", "x-b: %0a"],
      ["x-a: a", "x-b: %0a"],
      "rejected",
    ],
    [
      "replace",
      replace({ regex: "." }, "%REQ(x-b)|urldecode%"),
      ["x-a: a", "x-b: %zz"],
      ["x-a: a", "x-b: %zz"],
      "error",
    ],
    [
      "replace",
      { name: { prefix: "X-" }, pattern: { regex: "(.)1" }, substitution: "\\1" },
      ["x-a: a1", "x-b: b1", "x-a: c", "x-c: d"],
      ["x-c: d", "x-a: a", "x-a: c", "x-b: b"],
    ],
  ]);

  test("by a pattern of names touches neither protected headers nor those that the guard denies", () => {
    const operation = { name: { regex: ".*" }, pattern: { regex: ".+" }, substitution: "-" };
    const config = { guard: { deny: ["x-b"] }, request: [{ replace: operation }] };
    const { request } = loadFilter(wasm, { rootId: "operations", config }).send({
      headers: { "x-a": "1", "x-b": "2", te: "trailers", "proxy-authorization": "3", "x-envoy-a": "4" },
    });
    expect([request!.method, request!.path, request!.authority]).toEqual(["GET", "/", "example.com"]);
    expect(request!.headers).toEqual(
      expect.arrayContaining([
        ["x-a", "-"],
        ["x-b", "2"],
        ["te", "trailers"],
        ["proxy-authorization", "3"],
        ["x-envoy-a", "4"],
        ["x-outcomes", "2"],
      ]),
    );
  });

  test("that fails in one header has changed none", () => {
    const operation = { name: { prefix: "x-" }, pattern: { regex: ".+" }, substitution: "\\0%REQ(x-b)|base64decode%" };
    const lines = ["x-a: 1", "x-b: ?"];
    expect(run([{ replace: operation }], lines)).toEqual({ lines, outcomes: ["error"] });
  });
});

describe("parameters of the path", () => {
  const after = (query: object, path: string, headers = {}) => {
    const { request } = loadFilter(wasm, { rootId: "operations", config: { request: [{ query }] } }).send({
      path,
      headers,
    });
    return [request!.path, OUTCOMES[Number(request!.headers.find(([name]) => name === "x-outcomes")![1])]];
  };
  test.for<[object, string, string, string?]>([
    [{ set: { name: "a", value: "1" } }, "/p", "/p?a=1"],
    [{ set: { name: "a", value: "1 ü" } }, "/p?b=%20+&a=2&c&a", "/p?b=%20+&c&a=1+%C3%BC"],
    [{ set: { name: "a b", value: "%REQ(:method)%" } }, "/p?a+b=1&a%20b=2", "/p?a+b=GET"],
    [{ set: { name: "a", value: "%REQ(x-none)%" } }, "/p?a=1", "/p?a=1", "skipped"],
    [{ set: { name: "a", value: "1" } }, "/p?a=1", "/p?a=1", "skipped"],
    [{ add: { name: "a", value: "&" } }, "/p?a=1", "/p?a=1&a=%26"],
    [{ add: { name: "a", value: "1" } }, "/p?", "/p?a=1"],
    [{ remove: ["a", "b"] }, "/p?a=1&c=%41&b&a", "/p?c=%41"],
    [{ remove: ["a"] }, "/p?a=1", "/p"],
    [{ remove: ["a"] }, "/p?A=1", "/p?A=1", "skipped"],
    [{ remove: ["b"], set: { name: "a", value: "1" } }, "/p?b=2&a=3", "/p?a=1"],
  ])("%j on %s: %s", ([query, path, expected, outcome = "applied"]) => {
    expect(after(query, path)).toEqual([expected, outcome]);
  });
});

describe("cookies of a request", () => {
  const after = (cookie: object, lines: string[], headers = {}) => {
    const { request } = loadFilter(wasm, { rootId: "operations", config: { request: [{ cookie }] } }).send({
      headers: { ...headers, cookie: lines },
    });
    const values = (wanted: string) => request!.headers.filter(([name]) => name === wanted).map(([, value]) => value);
    return [values("cookie"), OUTCOMES[Number(values("x-outcomes")[0])]];
  };
  test.for<[object, string[], string[], string?, object?]>([
    [{ set: { name: "a", value: "1" } }, [], ["a=1"]],
    [{ set: { name: "a", value: "1" } }, ["b=2"], ["b=2; a=1"]],
    [{ set: { name: "a", value: "1" } }, ["b=2; a=3 ;c=4; a=5"], ["b=2; a=1 ;c=4"]],
    [{ set: { name: "a", value: "%REQ(x-b)%" } }, ["a=3"], ["a=3"], "skipped"],
    [{ set: { name: "a", value: "%REQ(x-b)%" } }, ["a=3"], ["a=3"], "rejected", { "x-b": "1; c=2" }],
    [{ set: { name: "a", value: "%REQ(x-b)%" } }, ["a=3"], ["a=1"], "applied", { "x-b": "1" }],
    [{ remove: ["a"] }, ["a=1; b=2; a=3; A=4"], ["b=2; A=4"]],
    [{ remove: ["a", "b"] }, ["a=1;b=2"], []],
    [{ remove: ["c"] }, ["a=1;b=2"], ["a=1;b=2"], "skipped"],
    [{ remove: ["c"] }, [], [], "skipped"],
    [{ remove: ["b"], set: { name: "a", value: "1" } }, ["b=2"], ["a=1"]],
  ])("%j on %j: %j, %s", ([cookie, lines, expected, outcome = "applied", headers]) => {
    expect(after(cookie, lines, headers)).toEqual([expected, outcome]);
  });
});

describe("cookies of a response", () => {
  const after = (setCookie: object, lines: string[]) => {
    const { response } = loadFilter(wasm, { rootId: "operations", config: { response: [{ setCookie }] } }).send(
      {},
      { headers: { "x-b": "1; Domain=evil", "set-cookie": lines } },
    );
    const values = (wanted: string) => response!.headers.filter(([name]) => name === wanted).map(([, value]) => value);
    return [values("set-cookie"), OUTCOMES[Number(values("x-outcomes")[0])]];
  };
  const attributes = { path: "/", domain: "a.example", maxAge: 60, expires: "Thu, 01 Jan 1970 00:00:00 GMT" };
  test.for<[object, string[], string[], string?]>([
    [{ name: "a", value: "1" }, [], ["a=1"]],
    [
      {
        name: "a",
        value: "1",
        attributes: { ...attributes, secure: true, httpOnly: true, sameSite: "Lax", partitioned: true },
      },
      [],
      [
        "a=1; Path=/; Domain=a.example; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Secure; HttpOnly; SameSite=Lax; Partitioned",
      ],
    ],
    [{ name: "a", value: "1" }, ["b=2", "a=3; Path=/"], ["b=2", "a=1; Path=/"]],
    [{ name: "a", value: "1" }, ["A=2"], ["A=2", "a=1"]],
    [
      { name: "a", attributes: { secure: true, sameSite: "None" } },
      ["a=1; samesite=lax; Path=/x", "b=1", "a=2"],
      ["a=1; SameSite=None; Path=/x; Secure", "b=1", "a=2; Secure; SameSite=None"],
    ],
    [{ name: "a", attributes: { secure: false } }, ["a=1; Secure; Path=/"], ["a=1; Path=/"]],
    [{ name: "a", attributes: { secure: true } }, ["a=1; secure"], ["a=1; Secure"]],
    [{ name: "a", attributes: { secure: true } }, ["a=1; Secure"], ["a=1; Secure"], "skipped"],
    [{ name: "a", attributes: { secure: true } }, ["b=1"], ["b=1"], "skipped"],
    [{ name: "a", value: "%RESP(x-b)%" }, ["a=1"], ["a=1"], "rejected"],
    [{ name: "a", value: "%RESP(x-none)%" }, ["b=1"], ["b=1"], "skipped"],
    [{ name: "a", attributes: { path: "%RESP(x-b)%" } }, ["a=1"], ["a=1"], "rejected"],
    [{ name: "a", attributes: { path: "%RESP(x-none)%" } }, ["a=1; Path=/"], ["a=1; Path=/"], "skipped"],
  ])("%j on %j: %j", ([setCookie, lines, expected, outcome = "applied"]) => {
    expect(after(setCookie, lines)).toEqual([expected, outcome]);
  });
});

describe("what is wrong is told with its path:", () => {
  test.for<[object, string | RegExp, object?]>([
    [{ remove: "x a" }, 'request[0].remove: expected a header name, found "x a"'],
    [{ remove: "Host" }, "request[0].remove: host may not be removed: no message is without it"],
    [{ remove: { exact: ":path" } }, "request[0].remove.exact: :path may not be removed: no message is without it"],
    [
      { remove: "x-forwarded-proto" },
      "request[0].remove: x-forwarded-proto may not be removed: Envoy finds no route without it",
    ],
    [
      { remove: { prefix: "a", suffix: "b" } },
      "request[0].remove: expected one of exact, prefix, suffix, contains, regex, found 2 keys",
    ],
    [{ remove: { regex: "(" } }, /^request\[0\]\.remove\.regex: not a regular expression: expected .* at \d+$/],
    [{ remove: { prefix: "" } }, 'request[0].remove.prefix: expected a text to match, found ""'],
    [
      { remove: { name: "x-a" } },
      "request[0].remove: expected value: what the value must be, such as {prefix: a}, found none",
    ],
    [{ remove: 5 }, "request[0].remove: expected a header name, found 5"],
    [{ retain: [] }, "request[0].retain: expected an array of names and matchers, found an array"],
    [{ set: { name: "x-a" } }, "request[0].set: expected either value or values"],
    [{ set: { name: "x-a", value: "1", values: ["1"] } }, "request[0].set: expected either value or values"],
    [{ set: { name: "x-a", values: [] } }, "request[0].set.values: expected some values, found an array"],
    [{ set: { value: "1" } }, "request[0].set: expected name: a header name, found none"],
    [{ set: { name: "x-a", value: 1 } }, "request[0].set.value: expected a string, found 1"],
    [{ set: { name: "x-a", value: "a\nb" } }, /request\[0\]\.set\.value: expected a value without control characters/],
    [
      { set: { name: "x-a", value: "%REQ(x" } },
      /^request\[0\]\.set\.value: expected a percent sign at the operator's end/,
    ],
    [
      { set: { name: "x-a", vaule: "1" } },
      /^request\[0\]\.set: expected one of name, value, values, keepEmptyValue, found the key "vaule"/,
    ],
    [{ set: "x-a" }, 'request[0].set: expected an object, found "x-a"'],
    [
      { set: { name: "Content-Length", value: "1" } },
      "request[0].set.name: content-length may not be changed: it belongs to the connection",
    ],
    [
      { add: { name: "x-envoy-a", value: "1" } },
      "request[0].add.name: x-envoy-a may be written only where guard.allowEnvoy is true: Envoy acts on it",
    ],
    [
      { add: { name: "host", value: "1" } },
      "request[0].add.name: host may be written only where guard.allowRouting is true: it decides the route",
    ],
    [
      { add: { name: "x-a", value: "1" } },
      "request[0].add.name: x-a may not be changed: guard.deny has it",
      { deny: [{ prefix: "X-" }] },
    ],
    [{ put: {} }, /^request\[0\]: expected one of set, add, .*, setProperty, found the key "put"$/],
    [
      { append: { name: "set-cookie", value: "a" } },
      "request[0].append.name: set-cookie has one cookie a line: lines are neither joined nor split",
    ],
    [{ join: { name: "Set-Cookie" } }, /^request\[0\]\.join\.name: set-cookie has one cookie a line/],
    [
      { append: { name: "x-a", value: "1", separator: "\n" } },
      'request[0].append.separator: expected a text without control characters, found "\\u000a"',
    ],
    [
      { append: { name: "x-a", value: "1", scope: "line" } },
      'request[0].append.scope: expected one of lastLine, everyLine, found "line"',
    ],
    [
      { split: { name: "x-a", separator: "" } },
      'request[0].split.separator: expected a text between elements, found ""',
    ],
    [{ rename: { from: "x-a" } }, "request[0].rename: expected to: a header name, found none"],
    [
      { rename: { from: ":path", to: "x-a" } },
      "request[0].rename.from: :path may not be removed: no message is without it",
    ],
    [{ copy: { from: "x-a", to: "te" } }, "request[0].copy.to: te may not be changed: it belongs to the connection"],
    [
      { dedupe: { name: "x-a", strategy: "first" } },
      'request[0].dedupe.strategy: expected one of RETAIN_FIRST, RETAIN_LAST, RETAIN_UNIQUE, found "first"',
    ],
    [
      { replace: { name: "x-a" } },
      /^request\[0\]\.replace: expected pattern: .*; request\[0\]\.replace: expected substitution: [^;]*$/,
    ],
    [
      { replace: { name: "x-a", pattern: {}, substitution: "" } },
      "request[0].replace.pattern: expected either regex or literal",
    ],
    [
      { replace: { name: "x-a", pattern: { regex: "a(" }, substitution: "\\9" } },
      /^request\[0\]\.replace\.pattern\.regex: not a regular expression: [^;]*$/,
    ],
    [
      { replace: { name: "x-a", pattern: { literal: "" }, substitution: "" } },
      'request[0].replace.pattern.literal: expected a text to find, found ""',
    ],
    [
      { replace: { name: "x-a", pattern: { regex: "(a)" }, substitution: "\\2" } },
      /^request\[0\]\.replace\.substitution: expected .*0 to .*1, what the pattern has matched/,
    ],
    [
      { replace: { name: "x-a", pattern: { literal: "a" }, substitution: "\\n" } },
      /^request\[0\]\.replace\.substitution: expected .*0, what the pattern has matched/,
    ],
    [
      { replace: { name: "te", pattern: { literal: "a" }, substitution: "" } },
      "request[0].replace.name: te may not be changed: it belongs to the connection",
    ],
    [
      { setCookie: { name: "a", value: "1" } },
      "request[0].setCookie: setCookie is for responses, and not for requests: those have cookie",
    ],
    [{ query: {} }, "request[0].query: expected one of set, add, remove, found an object"],
    [
      { query: { set: { name: "a", value: "1" }, add: { name: "a", value: "1" } } },
      "request[0].query: expected either set or add",
    ],
    [{ query: { remove: [""] } }, 'request[0].query.remove[0]: expected a parameter\'s name, found ""'],
    [
      { cookie: { set: { name: "a;b" } } },
      /^request\[0\]\.cookie\.set\.name: expected a cookie's name, found "a;b"; request\[0\]\.cookie\.set: expected value: a value, found none$/,
    ],
    [{ cookie: { remove: "a" } }, 'request[0].cookie.remove: expected an array, found "a"'],
    [{ set: {}, add: {} }, "request[0]: expected an object with one key, the operation, found one with 2"],
  ])("%j: %s", ([operation, problem, guard]) => {
    const load = () => loadFilter(wasm, { rootId: "operations", config: { guard, request: [operation] } });
    expect(load).toThrow(expect.objectContaining({ code: "FW_CONFIG_REFUSED" }));
    const detail = (() => {
      try {
        load();
      } catch (error) {
        return (error as { detail: string }).detail.replace("error: ", "");
      }
      return "";
    })();
    if (typeof problem === "string") expect(detail).toBe(problem);
    else expect(detail).toMatch(problem);
  });

  test("all of it, in one line", () => {
    const config = { request: [{ remove: "a b" }, { put: 1 }], response: [{ set: { name: ":status", value: "200" } }] };
    expect(() => loadFilter(wasm, { rootId: "operations", config })).toThrow(
      expect.objectContaining({
        detail: expect.stringMatching(
          /^error: request\[0\]\.remove: .*; request\[1\]: .*; response\[0\]\.set\.name: :status may not/,
        ),
      }),
    );
  });

  test("what the guard allows may be written", () => {
    const operations = [{ set: { name: "host", value: "other" } }, { set: { name: "x-envoy-a", value: "1" } }];
    const config = { guard: { allowRouting: true, allowEnvoy: true }, request: operations };
    const { request } = loadFilter(wasm, { rootId: "operations", config }).send();
    expect(request).toMatchObject({ authority: "other" });
    expect(request).toHaveHeader("x-envoy-a", "1");
  });
});
