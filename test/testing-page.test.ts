// The examples of docs/testing.md: each file that the page shows is written, built and run.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { build } from "../src/build/build.ts";
import { projectRoot } from "./guest-module.ts";

const folder = join(projectRoot, "build/test/testing-page");
const page = readFileSync(join(projectRoot, "docs/testing.md"), "utf8");
const files = [...page.matchAll(/^```(?:ts|yaml) (\S+)\n([^]*?)^```$/gm)].map(
  ([, path, text]) => [path!, text!] as const,
);
const shown = (name: string) => new RegExp(`<!-- ${name} -->\n\n\`\`\`\n([^]*?)\`\`\``).exec(page)![1]!;

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });
  return { status, stdout, stderr };
}

const vitest = (...args: string[]) => run(join(projectRoot, "node_modules/vitest/vitest.mjs"), "run", ...args);

beforeAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  for (const [path, text] of files) write(path, text);
  write(
    "assembly/filters/hello.ts",
    /```ts\n([^]*?)```/.exec(readFileSync(join(projectRoot, "README.md"), "utf8"))![1]!,
  );
  write("asconfig.json", readFileSync(join(projectRoot, "asconfig.json"), "utf8"));
  const kit = join(projectRoot, "src/vitest/index.ts");
  write(
    "vitest.config.ts",
    `export default { resolve: { alias: { "filterwright/vitest": ${JSON.stringify(kit)} } } };\n`,
  );
  await Array.fromAsync(build({ root: folder }));
});

test("every file that the page shows runs, and every test in it passes", { timeout: 60_000 }, () => {
  const { status, stderr } = vitest("--reporter=json", "--outputFile=report.json");
  expect([status, stderr]).toEqual([0, ""]);
  const { testResults, numPassedTests } = JSON.parse(readFileSync(join(folder, "report.json"), "utf8")) as {
    testResults: { name: string }[];
    numPassedTests: number;
  };
  const tests = files.map(([path]) => path).filter((path) => path.endsWith(".test.ts"));
  expect(testResults.map(({ name }) => name.slice(folder.length + 1)).toSorted()).toEqual(tests.toSorted());
  expect(numPassedTests).toBe(13);
});

test("a failure reads as the page says", { timeout: 60_000 }, () => {
  write("test/failing.test.ts", files.find(([path]) => path === "test/hello.test.ts")![1].replace('"world"', '"moon"'));
  const { status, stdout, stderr } = vitest("test/failing.test.ts");
  expect(status).toBe(1);
  expect(stdout + stderr).toContain(shown("failure").trim());
  rmSync(join(folder, "test/failing.test.ts"));
});

test("filterwright test prints what the page shows", { timeout: 60_000 }, () => {
  const { status, stdout } = run(join(projectRoot, "src/cli/main.ts"), "test");
  expect([status, stdout.replace(/in [\d.]+ s/, "in N s")]).toEqual([0, shown("output of filterwright test")]);
});
