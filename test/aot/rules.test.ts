// Rules for headers as `render --engine aot` writes them: on one Envoy they do what the Wasm filter does, line by line.
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { cachedLibrary } from "../../src/aot/cache.ts";
import { headersModule } from "../../src/rules/headers-module.ts";
import { renderAot } from "../../src/rules/render/aot.ts";
import { projectRoot } from "../guest-module.ts";
import { compareRandom, type Renderers } from "../rules/compare.ts";
import { Engines } from "../rules/engines.ts";
import type { Program } from "../rules/exchanges.ts";
import { program } from "../rules/programs.ts";
import { temporaryFolder } from "../temp.ts";

describe("random rules", () => {
  let engines: Engines;
  let library: string;
  beforeAll(async () => {
    library = await cachedLibrary(headersModule());
    engines = await Engines.start();
  });
  afterAll(() => engines?.close());

  /** What comes without a value is not moved (docs/aot.md): it does not come. */
  const withoutEmptyLines = ({ document, sent }: Program): Program => ({
    document,
    sent: sent.map((one) => ({
      ...one,
      request: one.request.filter(([, value]) => value !== ""),
      response: one.response.filter(([, value]) => value !== ""),
    })),
  });

  test.each([
    ["native filters may express", false],
    ["take a script", true],
  ])("that %s are the same on Wasm and ahead of time", async (_, isRich) => {
    const renderers: Renderers = { aot: (plan, document) => renderAot(plan, document, library) };
    const { aot } = await compareRandom(engines, renderers, program(isRich).map(withoutEmptyLines), 500, 1);
    // The others may write an empty line.
    expect(aot).toBeGreaterThan(100);
  });
});

describe("filterwright render", () => {
  const render = async (rules: object, ...args: string[]) => {
    const file = join(temporaryFolder(), "rules.yaml");
    writeFileSync(file, JSON.stringify(rules));
    const main = join(projectRoot, "src/cli/main.ts");
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [main, "render", file, ...args]);
    return { filters: parse(stdout) as { name: string; typed_config: Record<string, unknown> }[], stderr };
  };
  const RULES = {
    rules: [
      {
        name: "a",
        matches: [{ path: { type: "RegularExpression", value: "/a+" } }],
        request: [{ set: { name: "x-a", value: "1" } }],
      },
    ],
  };

  test("--engine aot names the library that it is given", async () => {
    const { filters, stderr } = await render(RULES, "--engine", "aot", "--library", "/etc/envoy/libheaders.so");
    expect(filters).toMatchObject([
      {
        name: "envoy.filters.http.dynamic_modules",
        typed_config: {
          dynamic_module_config: { module: { local: { filename: "/etc/envoy/libheaders.so" } } },
          filter_config: { root_id: "headers", capability_restriction_config: expect.anything() },
        },
      },
    ]);
    expect(stderr).toMatch(/^engine: aot, which adds about [\d,]+ instructions to a request$/m);
  });

  test("--engine aot compiles this package's module for here", async () => {
    const { filters } = await render(RULES, "--engine", "aot");
    expect(filters[0]!.typed_config).toMatchObject({
      dynamic_module_config: { module: { local: { filename: await cachedLibrary(headersModule()) } } },
    });
  });

  test("auto takes it where native code is allowed, and there alone", async () => {
    expect((await render(RULES, "--engine", "auto")).filters[0]!.name).toBe("envoy.filters.http.wasm");
    const allowed = await render(RULES, "--engine", "auto", "--allow-aot");
    expect(allowed.filters[0]!.name).toBe("envoy.filters.http.dynamic_modules");
    expect(allowed.stderr).toMatch(/^not chosen: wasm would add about/m);
  });

  test("a release that libraries are not compiled for is refused", async () => {
    await expect(render(RULES, "--engine", "aot", "--envoy-version", "1.36.2")).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining(
        "expected 1.40 after --envoy-version, which libraries are compiled for, found 1.36.2",
      ),
    });
    await render(RULES, "--engine", "aot", "--library", "/x.so", "--envoy-version", "v1.40.3");
  });

  test("what may write an empty line is refused", async () => {
    const rules = {
      rules: [{ name: "a", request: [{ replace: { name: "x-a", pattern: { regex: "b" }, substitution: "" } }] }],
    };
    await expect(render(rules, "--engine", "aot", "--library", "/x.so")).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining("a: replace x-a: Envoy takes no line with an empty value from a dynamic module"),
    });
  });
});
