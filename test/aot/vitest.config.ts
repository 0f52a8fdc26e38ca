import { defineConfig } from "vitest/config";
import { reportsOf } from "../lane.ts";

export default defineConfig({
  test: {
    ...reportsOf("aot"),
    include: ["test/aot/*.test.ts"],
    testTimeout: 300_000,
    hookTimeout: 120_000,
  },
});
