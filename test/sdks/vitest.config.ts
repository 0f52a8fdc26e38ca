import { defineConfig } from "vitest/config";
import { reportsOf } from "../lane.ts";

export default defineConfig({
  test: {
    ...reportsOf("sdks"),
    include: ["test/sdks/**/*.test.ts"],
    globalSetup: ["test/sdks/setup.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
