// The filter block of docs/aot.md, in a real Envoy.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { cachedLibrary } from "../../src/aot/cache.ts";
import { build } from "../../src/build/build.ts";
import { withFilters, type HttpFilter } from "../../src/envoy/bootstrap.ts";
import { startEnvoy } from "../../src/envoy/start.ts";
import { demoBootstrap } from "../demo-bootstrap.ts";
import { projectRoot } from "../guest-module.ts";

test("the filter of the page adds its header", async () => {
  const page = readFileSync(join(projectRoot, "docs/aot.md"), "utf8");
  await Array.fromAsync(build({ filters: ["add-header"] }));
  const library = await cachedLibrary("build/add-header.wasm");
  const shown = /```yaml\n([^]*?)```/.exec(page)![1]!.replace("/etc/envoy/libadd-header.so", library);
  await using envoy = await startEnvoy({ bootstrap: withFilters(demoBootstrap(), parse(shown) as HttpFilter[]) });
  const response = await fetch(`http://127.0.0.1:${envoy.port}/`);
  expect(response.headers.get("x-a")).toBe("1");
  expect(envoy.output.since(0)).toContain("Dynamic module ABI version v0.2.0 matched.");
  expect(envoy.output.since(0)).not.toMatch(/\[warning\]\[dynamic_modules\]/);
}, 120_000);
