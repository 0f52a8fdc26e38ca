import { afterAll, describe, expect, test } from "vitest";
import type { BackendName } from "../cases/case-file.ts";
import { Backends } from "../cases/open.ts";
import { readCaseFile } from "../cases/read.ts";
import { casePaths } from "../cases/run-files.ts";
import { runCase } from "../cases/run.ts";

export interface CaseFileOptions {
  /** Where to run, of those that a file names. Default: all of them. */
  on?: BackendName[] | undefined;
  /** Where filters that files name are built. Default: `build`. */
  buildDir?: string | undefined;
}

/**
 * Makes tests of case files: one for each case on each back end, in one Envoy for all.
 *
 * @param paths files, and folders whose `.yaml` files are meant
 * @throws FilterwrightError FW_CASE_FILE, FW_CONFIG_FILE, FW_USAGE
 */
export function testCaseFiles(paths: string | readonly string[], options: CaseFileOptions = {}): void {
  const backends = new Backends();
  afterAll(() => backends.close());
  describe.each(casePaths([paths].flat()))("%s", (path) => {
    const file = readCaseFile(path, options.buildDir === undefined ? {} : { buildDir: options.buildDir });
    const names = file.backends.filter((name) => options.on?.includes(name) ?? true);
    describe.each(names)("on %s", (name) => {
      test.for(file.cases)("$name", async (testCase, { skip }) => {
        const result = await runCase(await backends.open(file, name), testCase);
        if (result.outcome === "skipped") skip(result.reason);
        expect(result).toEqual({ outcome: "passed" });
      });
    });
  });
}
