import { defineConfig } from "vitest/config";
import { reportsOf } from "./test/lane.ts";

export default defineConfig({
  test: {
    ...reportsOf("test"),
    include: ["test/**/*.test.ts"],
    exclude: ["test/browser/**", "test/compose/**", "test/registries/**", "test/sdks/**"],
    testTimeout: 30_000,
    hookTimeout: 120_000,
  },
});
