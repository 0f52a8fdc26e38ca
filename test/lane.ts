import type { ViteUserConfig } from "vitest/config";

/** Where a lane of tests reports: to a person, and in CI to the file that `.ci/run` sums up. */
export function reportsOf(lane: string): NonNullable<ViteUserConfig["test"]> {
  return process.env["CI"] ? { reporters: ["default", "json"], outputFile: { json: `reports/${lane}.json` } } : {};
}
