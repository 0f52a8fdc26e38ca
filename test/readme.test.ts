import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { build } from "../src/build/build.ts";
import { wasmConfig } from "../src/envoy/wasm-config.ts";
import { startSwappable, type TypedConfig } from "../src/envoy/swap.ts";
import { readRules } from "../src/rules/rules-file.ts";
import { demoBootstrap } from "./demo-bootstrap.ts";
import { projectRoot } from "./guest-module.ts";

const read = (file: string) => readFileSync(join(projectRoot, file), "utf8");

/** The fenced blocks of a page, in order. */
function blocks(file: string): { language: string; text: string }[] {
  return [...read(file).matchAll(/^```(\w*)\n([^]*?)^```$/gm)].map(([, language, text]) => ({
    language: language!,
    text: text!,
  }));
}

const first = (language: string) => blocks("README.md").find((block) => block.language === language)!.text;

test("both READMEs show the same code, commands and output", () => {
  expect(blocks("README.zh-CN.md")).toEqual(blocks("README.md"));
});

test("the README's filter, in the README's Envoy block, adds its header on a real Envoy", async () => {
  mkdirSync(join(projectRoot, "build/test"), { recursive: true });
  writeFileSync(join(projectRoot, "build/test/hello.ts"), first("ts"));
  await Array.fromAsync(build({ root: projectRoot, filters: ["build/test/hello.ts"], outDir: "build/test" }));
  const filterBlock = blocks("README.md").find(({ text }) => text.includes("build/hello.wasm }"))!.text;
  const [filter] = parse(filterBlock.replace("build/hello.wasm", "build/test/hello.wasm"), { version: "1.1" }) as [
    { typed_config: TypedConfig },
  ];
  const bootstrap = demoBootstrap();
  await using envoy = await startSwappable({ bootstrap, cwd: projectRoot });
  await envoy.swap(filter.typed_config);
  expect((await fetch(`http://127.0.0.1:${envoy.envoy.port}`)).headers.get("x-hello")).toBe("world");
});

describe("output that the README shows is what comes", () => {
  test("of the demo", () => {
    const demo = spawnSync(process.execPath, ["src/demo/main.ts"], {
      cwd: projectRoot,
      encoding: "utf8",
      env: { ...process.env, NO_COLOR: "1" },
    });
    expect(/<!-- demo -->\n\n```\n([^]*?)```/.exec(read("README.md"))?.[1]).toBe(
      demo.stdout.replace(/Envoy [\d.]+/, "Envoy 1.40.0"),
    );
  });

  /** What the page shows under a comment; times are masked. */
  const shown = (name: string) =>
    timeless(new RegExp(`<!-- ${name} -->\n\n\`\`\`\n([^]*?)\`\`\``).exec(read("README.md"))![1]!);
  const timeless = (text: string) => text.replace(/\b\d+ms/, "N ms").replace(/in [\d.]+ s/, "in N s");
  const run = (folder: string, ...args: string[]) =>
    spawnSync(process.execPath, args, {
      cwd: join(projectRoot, folder),
      encoding: "utf8",
      env: { ...process.env, NO_COLOR: "1" },
    }).stdout;

  test("of a test", async () => {
    const folder = "build/test/readme-test";
    for (const path of ["assembly/filters", "test"]) mkdirSync(join(projectRoot, folder, path), { recursive: true });
    writeFileSync(join(projectRoot, folder, "assembly/filters/hello.ts"), first("ts"));
    const code = blocks("README.md").find(({ text }) => text.includes('"filterwright/vitest"'))!.text;
    writeFileSync(join(projectRoot, folder, "test/hello.test.ts"), code);
    writeFileSync(
      join(projectRoot, folder, "vitest.config.ts"),
      'export { default } from "../../../vitest.config.ts";\n',
    );
    writeFileSync(join(projectRoot, folder, "asconfig.json"), read("asconfig.json"));
    await Array.fromAsync(build({ root: join(projectRoot, folder) }));
    const vitest = join(projectRoot, "node_modules/vitest/vitest.mjs");
    const stdout = run(folder, vitest, "run", "--reporter=default", "test/hello.test.ts");
    expect(timeless(stdout)).toContain(`\n${shown("vitest")}`);
  });

  test("of rendering rules", () => {
    const [, command, output] = /<!-- render -->\n\n```console\n\$ npm run -s filterwright -- (.*)\n([^]*?)```/.exec(
      read("README.md"),
    )!;
    const options = { cwd: projectRoot, encoding: "utf8" } as const;
    const { stdout, stderr } = spawnSync(process.execPath, ["src/cli/main.ts", ...command!.split(" ")], options);
    expect(stderr + stdout).toBe(output);
  });

  test("of rules: they are good", () => {
    expect(readRules("rules.yaml", first("yaml"))).toMatchObject({ findings: [] });
  });

  test("of case files", () => {
    expect(timeless(run("", "src/cli/main.ts", "test", "test/cases/demo.yaml"))).toBe(shown("cases"));
  });

  test("of a build", async () => {
    mkdirSync(join(projectRoot, "build/test/readme"), { recursive: true });
    writeFileSync(join(projectRoot, "build/test/readme/hello.ts"), first("ts"));
    const check = "assembly/filters/headers/headers-check.ts";
    const filters = ["add-header", "headers", "build/test/readme/hello.ts", "remove-header", check];
    const built = await Array.fromAsync(build({ root: projectRoot, filters, outDir: "build/test/readme" }));
    const sizes = blocks("README.md")
      .find(({ text }) => text.includes(" bytes"))!
      .text.trim()
      .split("\n");
    expect(sizes.map((line) => line.replace(/[\d,]+ bytes( {2}\(unchanged\))?$/, "N bytes"))).toEqual(
      built.map(({ name }) => `build/${name}.wasm  N bytes`),
    );
    // Each change of the runtime moves the sizes a little; what the page shows must be near.
    for (const [i, { size }] of built.entries()) {
      const sizeShown = Number(/([\d,]+) bytes/.exec(sizes[i]!)![1]!.replaceAll(",", ""));
      expect(Math.abs(sizeShown / size - 1)).toBeLessThan(0.03);
    }
  });

  test("of a refused configuration", async () => {
    const bootstrap = demoBootstrap();
    await using envoy = await startSwappable({ bootstrap });
    const config = wasmConfig(
      { wasm: join(projectRoot, "build/add-header.wasm"), rootId: "add-header" },
      '{"request": {"x-a": 5}}',
    );
    const block = blocks("README.md").find(({ text }) => text.includes("configuration refused"));
    await expect(envoy.swap(config)).rejects.toMatchObject({ detail: expect.stringContaining(block!.text.trim()) });
  });
});

describe.each(["istio/envoyfilter.yaml", "istio/envoyfilter-local.yaml"])("%s", (file) => {
  interface Patch {
    patch: { value: { name: string; typed_config?: { config: { vm_config: { code: object } } } & TypedConfig } };
  }

  test("holds a filter that a real Envoy runs, once Istio's agent has made its module a local file", async () => {
    const { configPatches: patches } = (parse(read(file)) as { spec: { configPatches: Patch[] } }).spec;
    expect(new Set(patches.map(({ patch }) => patch.value.name)).size).toBe(1);
    const config = patches.map(({ patch }) => patch.value.typed_config).find((typed) => typed !== undefined)!;
    config.config.vm_config.code = { local: { filename: join(projectRoot, "build/add-header.wasm") } };
    const bootstrap = demoBootstrap();
    await using envoy = await startSwappable({ bootstrap });
    await envoy.swap(config);
    expect((await fetch(`http://127.0.0.1:${envoy.envoy.port}`)).headers.get("x-demo-response")).toBe("world");
  });
});

test.each([
  "README.md",
  "README.zh-CN.md",
  "CONTRIBUTING.md",
  "docs/architecture.md",
  "docs/case-files.md",
  "docs/check.md",
  "docs/guest-api.md",
  "docs/testing.md",
  "docs/migrating.md",
  "docs/run.md",
])("what %s links to is there", (page) => {
  const targets = [...read(page).matchAll(/\]\(([^)#:]+)\)/g)].map(([, target]) => target!);
  expect(targets.filter((target) => !existsSync(join(projectRoot, page, "..", target)))).toEqual([]);
});

test("the npm scripts that the pages name exist", () => {
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
  for (const page of ["README.md", "README.zh-CN.md", "CONTRIBUTING.md", "docs/errors.md"]) {
    for (const [, name] of read(page).matchAll(/npm run ([\w:]+)/g)) expect(Object.keys(scripts)).toContain(name);
  }
});
