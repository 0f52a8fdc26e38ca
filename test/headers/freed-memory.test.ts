// Objects of the filter are freed with the region that they are in: nothing may use one afterwards.
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runFiles } from "../../src/cases/run-files.ts";
import { compiledGuest, projectRoot } from "../guest-module.ts";
import { temporaryFolder } from "../temp.ts";

test("every case passes where what is freed is overwritten, and every assertion is checked", async () => {
  const buildDir = temporaryFolder();
  copyFileSync(await compiledGuest("headers-heap"), join(buildDir, "headers.wasm"));
  const reports = await Array.fromAsync(
    runFiles([join(projectRoot, "test/cases/headers")], { on: ["host"], buildDir }),
  );
  expect(reports.length).toBeGreaterThan(900);
  expect(reports.filter(({ result }) => result.outcome !== "passed")).toEqual([]);
});
