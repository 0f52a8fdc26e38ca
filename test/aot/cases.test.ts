// Every case file, on the module compiled ahead of time in a real Envoy. What Envoy takes from no dynamic module is known by name, and
// must not pass: the list says no more than is true.
import { beforeAll, expect, test } from "vitest";
import { build } from "../../src/build/build.ts";
import { runFiles } from "../../src/cases/run-files.ts";

const EMPTY = "Envoy takes a header with an empty value from no dynamic module";
const DIFFERENT: Record<string, string> = {
  "test/cases/add-header.yaml: an empty value is added as an empty line": EMPTY,
  "test/cases/headers/move.yaml: rename moves an empty line too": EMPTY,
  "test/cases/headers/replace.yaml: a line that is emptied stays, empty": EMPTY,
  "test/cases/headers/writes.yaml: set with keepEmptyValue makes an empty line, which Envoy sends": EMPTY,
  "test/cases/headers/writes.yaml: a fixed empty value is written with keepEmptyValue": EMPTY,
};

beforeAll(async () => {
  await Array.fromAsync(build({}));
}, 120_000);

test("case files give what they say, but for what the ABI does not have", async () => {
  const failed: string[] = [];
  let passed = 0;
  for await (const { file, case: name, result } of runFiles(["test/cases", "test/cases/headers"], { on: ["aot"] })) {
    if (result.outcome === "failed") failed.push(`${file}: ${name}`);
    else if (result.outcome === "passed") passed++;
  }
  expect(failed.toSorted()).toEqual(Object.keys(DIFFERENT).toSorted());
  expect(passed).toBeGreaterThan(1000);
}, 600_000);
