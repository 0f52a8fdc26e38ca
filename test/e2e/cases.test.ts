import { join, relative } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { Backends } from "../../src/cases/open.ts";
import { readCaseFile } from "../../src/cases/read.ts";
import { casePaths } from "../../src/cases/run-files.ts";
import { runCase } from "../../src/cases/run.ts";

const folder = join(import.meta.dirname, "../cases");
const files = casePaths([folder, join(folder, "headers")]).map((path) => [relative(folder, path), path] as const);
const backends = new Backends();
afterAll(() => backends.close());

describe.each(files)("%s", (_, path) => {
  const file = readCaseFile(path);
  describe.each(file.backends)("on %s", (backendName) => {
    test.for(file.cases)("$name", async (testCase, { skip }) => {
      const result = await runCase(await backends.open(file, backendName), testCase);
      if (result.outcome === "skipped") skip(result.reason);
      expect(result).toEqual({ outcome: "passed" });
    });
  });
});
