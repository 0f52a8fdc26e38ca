import { defineConfig } from "vitest/config";
import { reportsOf } from "../lane.ts";

export default defineConfig({
  test: {
    ...reportsOf("browser"),
    include: ["test/browser/**/*.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
