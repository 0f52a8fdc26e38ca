import { defineConfig } from "vitest/config";
import { reportsOf } from "../lane.ts";

export default defineConfig({
  test: {
    ...reportsOf("registries"),
    include: ["test/registries/*.test.ts"],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    fileParallelism: false,
  },
});
