import { defineConfig } from "vitest/config";
import { reportsOf } from "../lane.ts";

export default defineConfig({
  test: {
    ...reportsOf("compose"),
    include: ["test/compose/**/*.test.ts"],
    globalSetup: ["test/compose/setup.ts"],
    testTimeout: 30_000,
    teardownTimeout: 60_000, // containers take their time to end
  },
});
