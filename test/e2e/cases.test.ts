import { readdirSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { Backends } from "../../src/cases/open.ts";
import { readCaseFile } from "../../src/cases/read.ts";
import { runCase } from "../../src/cases/run.ts";

const folder = `${import.meta.dirname}/../cases`;
const files = readdirSync(folder).filter((name) => name.endsWith(".yaml"));
const backends = new Backends();
afterAll(() => backends.close());

describe.each(files)("%s", (name) => {
  const file = readCaseFile(`${folder}/${name}`);
  describe.each(file.backends)("on %s", (backendName) => {
    test.for(file.cases)("$name", async (testCase, { skip }) => {
      const result = await runCase(await backends.open(file, backendName), testCase);
      if (result.outcome === "skipped") skip(result.reason);
      expect(result).toEqual({ outcome: "passed" });
    });
  });
});
