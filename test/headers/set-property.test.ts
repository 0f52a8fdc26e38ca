// `setProperty`, and `copy` of what is no header: §3 of the rules language.
import { beforeAll, describe, expect, test } from "vitest";
import { type FilterRequest, loadFilter } from "../../src/vitest/index.ts";
import { compiledGuest } from "../guest-module.ts";

let wasm: string;
beforeAll(async () => {
  wasm = await compiledGuest("operations");
});

/** The x-a lines of a request, and what came of each operation: 0 is applied, 1 skipped, 2 rejected. */
function run(operations: object[], request: FilterRequest = {}): { lines: string[]; outcomes: string } {
  const filter = loadFilter(wasm, { rootId: "operations", config: { request: operations } });
  const { headers } = filter.send(request).request!;
  const values = (name: string) => headers.filter(([other]) => other === name).map(([, value]) => value);
  return { lines: values("x-a"), outcomes: values("x-outcomes").join() };
}

function problem(operation: object): string {
  try {
    loadFilter(wasm, { rootId: "operations", config: { request: [operation] } });
  } catch (error) {
    return (error as { detail: string }).detail.replace("error: request[0].", "");
  }
  return "none";
}

const path = "/p?a=1&b=%20&empty=";
const cookie = ["s=2; t=3"];

describe("a copy", () => {
  test.for<[object, string[], string, string[]?]>([
    [{ from: { query: "a" }, to: "x-a" }, ["1"], "0"],
    [{ from: { query: "b" }, to: "x-a" }, ["%20"], "0"],
    [{ from: { cookie: "t" }, to: "x-a" }, ["3"], "0"],
    [{ from: { attribute: "request.url_path" }, to: "x-a" }, ["/p"], "0"],
    [{ from: { attribute: "source.port" }, to: "x-a" }, ["40000"], "0"],
    [{ from: { query: "a" }, to: "x-a" }, ["1"], "0", ["old", "older"]],
    [{ from: { query: "a" }, to: "x-a", onConflict: "append" }, ["old", "1"], "0", ["old"]],
    [{ from: { query: "a" }, to: "x-a", onConflict: "skip" }, ["old"], "1", ["old"]],
    [{ from: { query: "a" }, to: "x-a", onConflict: "skip" }, ["1"], "0"],
    [{ from: { query: "none" }, to: "x-a" }, ["old"], "1", ["old"]],
    [{ from: { query: "empty" }, to: "x-a" }, ["old"], "1", ["old"]],
    [{ from: { attribute: "request.headers" }, to: "x-a" }, ["old"], "2", ["old"]],
  ])("%j gives %j", ([copy, lines, outcomes, old = []]) => {
    expect(run([{ copy }], { path, headers: { cookie, "x-a": old } })).toEqual({ lines, outcomes });
  });

  test.for([
    [{ query: "a", cookie: "b" }, "copy.from: expected one of query, cookie, attribute, found an object"],
    [{}, "copy.from: expected one of query, cookie, attribute, found an object"],
    [{ query: "" }, "copy.from: expected QUERY_PARAM(x)"],
    [{ query: 1 }, "copy.from.query: expected a string, found 1"],
    [{ attribute: "response.code" }, "copy.from: expected an operator that the request's pass knows, found ATTR"],
    [{ header: "a" }, 'copy.from: expected one of query, cookie, attribute, found the key "header"'],
    [["a"], "copy.from: expected a header name, found an array"],
  ] as [unknown, string][])("from %j is a mistake: %s", ([from, expected]) => {
    expect(problem({ copy: { from, to: "x-a" } })).toContain(expected);
  });

  test("an unknown one is told once", () => {
    expect(problem({ copy: { from: { header: 1 }, to: "x-a" } })).not.toMatch(/expected.*expected/);
  });

  test("a rename has no such", () => {
    const expected = "rename.from: expected a header name, found an object";
    expect(problem({ rename: { from: { query: "a" }, to: "x-a" } })).toContain(expected);
  });
});

describe("a property", () => {
  const set = (value: string, key = "my.key") => ({ setProperty: { key, value } });
  const copy = { copy: { from: { attribute: "plain" }, to: "x-a" } };

  test("that is set reads back", () => {
    expect(run([set("a %REQ(:path)%", "plain"), copy], { path })).toEqual({ lines: [`a ${path}`], outcomes: "00" });
  });

  test("is called as it is", () => {
    const filter = loadFilter(wasm, { rootId: "operations", config: { request: [set("1")] } });
    filter.send();
    expect(filter.trace.filter((line) => line.includes("proxy_set_property"))).toEqual([
      expect.stringContaining('proxy_set_property("my.key", "1")'),
    ]);
  });

  test("is not set to nothing, nor to what has control characters", () => {
    const operations = [set("1", "plain"), set("%REQ(x-b)%", "plain"), set("%LITERAL(%0a)|urldecode%", "plain"), copy];
    expect(run(operations)).toEqual({ lines: ["1"], outcomes: "0120" });
  });

  test.for([
    [{ value: "1" }, "setProperty: expected key: a name, found none"],
    [{ key: "a" }, "setProperty: expected value: a value, found none"],
    [{ key: "", value: "1" }, 'setProperty.key: expected a name, found ""'],
    [{ key: 1, value: "1" }, "setProperty.key: expected a name, found 1"],
    [{ key: "a", value: "%NOPE%" }, 'setProperty.value: expected an operator, found "NOPE", in "%NOPE%"'],
  ] as [object, string][])("%j is a mistake: %s", ([setProperty, expected]) => {
    expect(problem({ setProperty })).toBe(expected);
  });
});
