import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readCaseFile } from "../../src/cases/read.ts";
import { FilterwrightError } from "../../src/errors.ts";
import { projectRoot } from "../guest-module.ts";
import { temporaryFolder } from "../temp.ts";

function caseFile(text: string): string {
  const file = join(temporaryFolder(), "cases.yaml");
  writeFileSync(file, text);
  return file;
}

test("everything that a case leaves out has its default", () => {
  const path = caseFile("filter: add-header\ncases:\n  - name: one\n    expect: { reached: true }\n");
  expect(readCaseFile(path)).toEqual({
    path,
    setup: { kind: "filter", wasm: "build/add-header.wasm", rootId: "add-header", config: "", twins: {} },
    backends: ["host", "wasm"],
    cases: [
      {
        name: "one",
        line: 3,
        config: undefined,
        clock: undefined,
        request: { method: "GET", path: "/", authority: "example.com", headers: [], body: "", trailers: [] },
        upstream: { status: 200, headers: [], body: "", trailers: [], calls: [] },
        expect: { reached: true },
      },
    ],
  });
});

test("everything that a case can say is read, bytes as bytes", () => {
  const path = caseFile(`
filter: modules/mine.wasm
root_id: root
config: { a: [1, "é"] }
twins: { lua: twin.lua }
cases:
  - name: all
    config: "text as it is"
    clock: 2026-01-01T00:00:00+01:00
    request:
      method: POST
      path: "/ü?q=1"
      authority: a.example
      headers: ["a:1", "A:  2\\t", !!binary eDog/w==]
      body: "é"
      trailers: ["t: 1"]
      source: 192.0.2.1
    upstream:
      { status: 503, headers: ["b: c: d"], body: !!binary /w==, trailers: ["t: 2"], calls: [{ path: /call, body: c }] }
    expect:
      request: { method: POST, path: "/ü", authority: a, headers: ["a: é"], without: [b], body: "" }
      response: { status: 503, headers: [], without: [], body: !!binary /w== }
      log: [{ level: info, matches: "^x$" }]
`);
  const folder = join(path, "..");
  expect(readCaseFile(path)).toMatchObject({
    setup: {
      kind: "filter",
      wasm: join(folder, "modules/mine.wasm"),
      rootId: "root",
      config: '{"a":[1,"é"]}',
      twins: { lua: join(folder, "twin.lua") },
    },
    backends: ["host", "wasm", "lua"],
    cases: [
      {
        config: "text as it is",
        clock: Date.UTC(2025, 11, 31, 23),
        request: {
          path: "/\xc3\xbc?q=1",
          headers: [
            ["a", "1"],
            ["A", "2"],
            ["x", "\xff"],
          ],
          body: "\xc3\xa9",
          trailers: [["t", "1"]],
          source: { address: "192.0.2.1", port: 40_000 },
        },
        upstream: {
          status: 503,
          headers: [["b", "c: d"]],
          body: "\xff",
          trailers: [["t", "2"]],
          calls: [{ path: "/call", status: 200, headers: [], body: "c", trailers: [] }],
        },
        expect: {
          request: { method: "POST", headers: [["a", "\xc3\xa9"]], without: ["b"], body: "" },
          response: { status: 503, headers: [], without: [], body: "\xff" },
        },
      },
    ],
  });
});

const head = "filter: a\ncases:\n  - name: b\n";
test.for([
  [
    "filter: a\ncases:\n  - name: b\n    expct: {}\n",
    "4:5: cases[0]: expected one of name, config, request, upstream, expect, clock, found expct",
  ],
  [`${head}    request: {}\n`, "3:5: cases[0]: expected the key expect, which is missing"],
  [
    `${head}    expect: { response: { status: "200" } }\n`,
    '4:35: cases[0].expect.response.status: expected integer, found "200"',
  ],
  [
    `${head}    expect: { response: { headers: [a] } }\n`,
    '4:37: cases[0].expect.response.headers[0]: expected a header line, name: value, without control characters, found "a"',
  ],
  [
    `${head}    request: { path: a }\n    expect: { reached: true }\n`,
    '4:22: cases[0].request.path: expected a path that begins with /, without white space, found "a"',
  ],
  [
    `${head}    expect: { log: [{ level: warning, matches: a }] }\n`,
    '4:30: cases[0].expect.log[0].level: expected one of trace, debug, info, warn, error, critical, found "warning"',
  ],
  [
    `${head}    expect: { rejected: $, reached: true }\n`,
    "4:13: cases[0].expect: expected rejected alone, or with log: a refused configuration serves no request",
  ],
  [`${head}    expect: {}\n`, "4:13: cases[0].expect: expected at least one key, found {}"],
  [
    `${head}    request: { path: "/a b" }\n    expect: { reached: true }\n`,
    '4:22: cases[0].request.path: expected a path that begins with /, without white space, found "/a b"',
  ],
  [
    `${head}    request: { headers: ["a: b\\r\\nc: d"] }\n    expect: { reached: true }\n`,
    '4:26: cases[0].request.headers[0]: expected a header line, name: value, without control characters, found "a: b\\r\\nc: d"',
  ],
  [
    `${head}    request: { method: G T }\n    expect: { reached: true }\n`,
    '4:24: cases[0].request.method: expected a method in upper case, other than CONNECT, found "G T"',
  ],
  ["cases: [{ name: a, expect: { reached: true } }]\n", "1:1: expected either filter or envoy, found neither"],
  [
    "filter: a\nenvoy: {}\ncases: [{ name: a, expect: { reached: true } }]\n",
    "1:1: expected either filter or envoy, found both",
  ],
  [
    "filter: a\nbackends: [wasm, nginx]\ncases: []\n",
    '2:18: backends[1]: expected one of host, wasm, aot, lua, native, found "nginx"',
  ],
  ["filter: a\nfilter: b\ncases: []\n", "2:1: Map keys must be unique at line 2, column 1:"],
  [
    "cases: [\n",
    "2:1: Flow sequence in block collection must be sufficiently indented and end with a ] at line 2, column 1:",
  ],
  ["", "1:1: expected object, found null"],
])("%j is refused with its place", ([text, message]) => {
  const path = caseFile(text!);
  expect(() => readCaseFile(path)).toThrow(
    expect.objectContaining({ code: "FW_CASE_FILE", message: `${path}:${message}` }),
  );
});

test("the line itself is shown, with a caret", () => {
  const path = caseFile(`${head}    expect: { response: { status: 99 } }\n`);
  try {
    readCaseFile(path);
    expect.unreachable();
  } catch (error) {
    expect((error as FilterwrightError).detail).toBe(
      "   4 |     expect: { response: { status: 99 } }\n     |                                   ^",
    );
  }
});

test("the example of docs/case-files.md can be read", () => {
  const page = readFileSync(join(projectRoot, "docs/case-files.md"), "utf8");
  const { cases, backends } = readCaseFile(caseFile(/```yaml\n([^]*?)```/.exec(page)![1]!));
  expect([cases.length, backends]).toEqual([2, ["host", "wasm", "lua", "native"]]);
});
