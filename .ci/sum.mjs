// Prints `N passed, N failed` over the JSON reports of vitest in a folder.
// usage: sum.mjs FOLDER [STEP_THAT_FAILED ...]
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [folder, ...broken] = process.argv.slice(2);
let passed = 0;
let failed = 0;
const failedLanes = new Set();
for (const file of readdirSync(folder)) {
  const report = JSON.parse(readFileSync(join(folder, file), "utf8"));
  passed += report.numPassedTests;
  failed += report.numFailedTests;
  if (report.numFailedTests > 0) failedLanes.add(file.replace(/\.json$/, ""));
}
// A step whose failure no test has counted: it did not compile, did not install, a whole file did not load.
for (const step of broken) {
  console.log(`failed: ${step}`);
  if (!failedLanes.has(step)) failed++;
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
