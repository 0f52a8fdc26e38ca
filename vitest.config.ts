import { defineConfig } from "vitest/config";
import { reportsOf } from "./test/lane.ts";

const here = import.meta.dirname;

export default defineConfig({
  // The package's own names, as its users write them; dist is not built here.
  resolve: {
    alias: { "filterwright/vitest": `${here}/src/vitest/index.ts`, "filterwright/host": `${here}/src/host/index.ts` },
  },
  test: {
    ...reportsOf("test"),
    include: ["test/**/*.test.ts"],
    exclude: ["test/aot/**", "test/browser/**", "test/compose/**", "test/registries/**", "test/sdks/**"],
    testTimeout: 30_000,
    hookTimeout: 120_000,
  },
});
