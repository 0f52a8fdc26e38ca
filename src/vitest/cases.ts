import { afterAll, describe, test } from "vitest";
import { failureText } from "../cases/failure.ts";
import { Backends } from "../cases/open.ts";
import { readCaseFile } from "../cases/read.ts";
import { backendsOf, casePaths, reportCase, type RunOptions } from "../cases/run-files.ts";
import { findEnvoy } from "../envoy/find.ts";

/**
 * Makes tests of case files: one for each case on each back end, in one Envoy for all. Files that name none of the back ends
 * in `on` are left out.
 *
 * @param paths files, and folders whose `.yaml` files are meant
 * @throws FilterwrightError FW_CASE_FILE, FW_CONFIG_FILE, FW_USAGE
 */
export function testCaseFiles(paths: string | readonly string[], options: RunOptions = {}): void {
  const { on, only, envoyVersion, buildDir } = options;
  let backends: Promise<Backends> | undefined;
  const open = () => (backends ??= openBackends(envoyVersion));
  afterAll(async () => (await backends)?.close());
  for (const path of casePaths([paths].flat())) {
    const file = readCaseFile(path, buildDir === undefined ? {} : { buildDir });
    const names = backendsOf(file, on);
    const cases = file.cases.filter(({ name }) => only?.test(name) ?? true);
    if (names.length === 0 || cases.length === 0) continue;
    describe.each(names)(`${path} on %s`, (name) => {
      test.for(cases)("$name", async (testCase, { skip }) => {
        const report = await reportCase(file, await (await open()).open(file, name), testCase);
        if (report.result.outcome === "skipped") skip(report.result.reason);
        // vitest shows a message and no more of an error: all of it is there.
        if (report.result.outcome === "failed") throw new Error(failureText(report));
      });
    });
  }
}

async function openBackends(version: string | undefined): Promise<Backends> {
  return new Backends(version === undefined ? {} : { envoy: await findEnvoy(process.env, undefined, version) });
}
