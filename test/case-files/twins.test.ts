// Twins of the headers filter in case files: rendered from the rules of each case.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { twinConfig } from "../../src/cases/twin.ts";
import { readCaseFile } from "../../src/cases/read.ts";
import type { FilterSetup, TwinName } from "../../src/cases/case-file.ts";
import { temporaryFolder } from "../temp.ts";

/** What stands in for the module in the first case of a file. */
function twinOf(name: TwinName, yaml: string): unknown {
  const path = join(temporaryFolder(), "cases.yaml");
  writeFileSync(path, yaml);
  const file = readCaseFile(path);
  return twinConfig(name, file.setup as FilterSetup, file.cases[0]!);
}

const REMOVAL = "{ rules: [{ request: { remove: [x-a] } }] }";
const caseOf = (rest: string) => `cases: [{ name: a, ${rest} }]`;
const native = (name: string) => ({
  "@type": "type.googleapis.com/envoy.extensions.filters.http.header_mutation.v3.HeaderMutation",
  mutations: { request_mutations: [{ remove: name }] },
});

test("the rules of the file have a twin, and those of a case have their own", () => {
  expect(twinOf("native", `filter: headers\nconfig: ${REMOVAL}\n${caseOf("expect: { reached: true }")}`)).toEqual(
    native("x-a"),
  );
  const own = "config: { rules: [{ request: { remove: [x-b] } }] }, expect: { reached: true }";
  expect(twinOf("native", `filter: ../headers.wasm\nconfig: ${REMOVAL}\n${caseOf(own)}`)).toEqual(native("x-b"));
  expect(twinOf("lua", `filter: headers\n${caseOf(own)}`)).toMatchObject({
    default_source_code: { inline_string: expect.stringContaining('headers:remove("x-b")') as string },
  });
});

test.for<[string, TwinName, string, string]>(
  [
    [
      "rules that cannot be rendered, each",
      "native",
      "filter: headers",
      "config: { limits: { maxHeaders: 1 }, rules: [{ name: r, percent: 1, request: { remove: [a] } }] }, expect: { reached: true }",
    ],
    ["a configuration with mistakes", "lua", "filter: headers", "config: { rulez: 1 }, expect: { rejected: true }"],
    ["counters", "lua", `filter: headers\nconfig: ${REMOVAL}`, "expect: { metrics: { a: 1 } }"],
    ["a log", "native", `filter: headers\nconfig: ${REMOVAL}`, "expect: { log: [{ matches: a }] }"],
    ["another filter without a twin", "lua", "filter: add-header", "expect: { reached: true }"],
  ].map(([what, engine, head, rest]) => [what!, engine as TwinName, head!, rest!]),
)("a case is skipped for %s", ([what, engine, head, rest]) => {
  expect(twinOf(engine, `${head}\n${caseOf(rest)}`)).toBe(
    {
      "rules that cannot be rendered, each":
        "cannot render: limits: header_mutation has no limits; r: header_mutation has no conditions",
      "a configuration with mistakes": "cannot render: the configuration has mistakes",
      counters: "a filter for lua has no counters of its own",
      "a log": "a filter for native logs nothing",
      "another filter without a twin": "the case file has no twin for lua",
    }[what],
  );
});
