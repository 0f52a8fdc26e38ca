import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { startSwappable } from "../../src/envoy/swap.ts";
import { readBootstrap, withPorts } from "../../src/envoy/bootstrap.ts";
import { wasmConfig } from "../../src/envoy/wasm-config.ts";
import { projectRoot } from "../guest-module.ts";
import { readmeFilter } from "../../src/bench/published-readme.ts";
import { temporaryFolder } from "../temp.ts";

const PROGRAM = `import { build, type BuiltFilter, FilterwrightError, findEnvoy } from "filterwright";

const filters: BuiltFilter[] = [];
for await (const filter of build()) filters.push(filter);
const size: number = filters[0]!.size;
// @ts-expect-error a size is a number
const wrong: string = filters[0]!.size;
console.log(JSON.stringify({ size, unchanged: !filters[0]!.rebuilt, find: typeof findEnvoy, error: FilterwrightError.name, wrong }));
`;

const CASES = `filter: hello
root_id: add_header
cases:
  - name: every response says hello
    expect: { response: { headers: ["hello: world!"] } }
`;

const TEST = `import { expect, test } from "vitest";
import { Host } from "filterwright/host";
import { loadFilter, testCaseFiles } from "filterwright/vitest";

test("every response says hello", () => {
  const { response } = loadFilter("hello", { rootId: "add_header" }).send();
  expect(response).toHaveHeader("hello", "world!");
  // @ts-expect-error a status is a number
  expect(response).not.toHaveStatus("200");
  expect(new Host().logs).toEqual([]);
});
testCaseFiles("test/cases", { on: ["host"] });
`;

describe.each(["20.19.0", "24"])("the packed tarball on Node %s", (nodeVersion) => {
  test("builds a filter that a real Envoy runs, gives a program its types, and shows its help", async () => {
    const folder = temporaryFolder();
    const run = (command: string, ...args: string[]) =>
      execFileSync(command, args, {
        cwd: folder,
        encoding: "utf8",
        env: { ...process.env, PATH: `${folder}/node_modules/.bin:${process.env["PATH"]}` },
      });
    const pack = JSON.parse(
      execFileSync("npm", ["pack", "--json", "--pack-destination", folder], { cwd: projectRoot, encoding: "utf8" }),
    ) as { files: { path: string }[] }[] | Record<string, { files: { path: string }[] }>;
    const [{ files }] = Object.values(pack) as [{ files: { path: string }[] }];
    const packed = files.map(({ path }) => path);
    // `filterwright aot` compiles the C.
    const isOfSource = (path: string) =>
      /^(src|test|node_modules|build)\//.test(path) && !/^src\/aot\/c\/[\w-]+\.[ch]$/.test(path);
    expect(packed.filter(isOfSource)).toEqual(["build/headers-check.wasm", "build/headers.wasm"]);
    const tarball = readdirSync(folder).find((file) => file.endsWith(".tgz"))!;

    writeFileSync(join(folder, "package.json"), '{ "name": "consumer", "private": true, "type": "module" }');
    run(
      "npm",
      "install",
      "--no-audit",
      "--no-fund",
      join(folder, tarball),
      `node@${nodeVersion}`,
      "typescript",
      "@types/node@24",
    );
    expect(run("node", "--version")).toMatch(`v${nodeVersion}`);
    writeFileSync(join(folder, "asconfig.json"), '{ "extends": "filterwright/asconfig.json" }');
    mkdirSync(join(folder, "assembly/filters"), { recursive: true });
    writeFileSync(join(folder, "assembly/filters/hello.ts"), readmeFilter());

    expect(run("filterwright", "build")).toMatch(/^build\/hello\.wasm {2}[\d,]+ bytes\n$/);
    expect(run("filterwright", "--help")).toContain("Compile filters to Wasm modules with source maps");
    expect(run("filterwright", "--version").trim()).toBe(
      JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")).version,
    );
    writeFileSync(join(folder, "rules.yaml"), "rules: [{ request: [{ remove: { prefix: x-internal- } }] }]\n");
    expect(run("filterwright", "check", "rules.yaml")).toBe("rules.yaml: fine; 1 rule\n");
    expect(run("filterwright", "render", "rules.yaml")).toContain("node_modules/filterwright/build/headers.wasm");
    run("asc", "assembly/filters/hello.ts", "--outFile", "build/plain.wasm"); // asc alone understands the asconfig.json, too
    const transformed = { extends: "filterwright/asconfig.json", options: { transform: ["filterwright/transform"] } };
    writeFileSync(join(folder, "transformed.json"), JSON.stringify(transformed));
    run(
      "asc",
      "assembly/filters/hello.ts",
      "--config",
      "transformed.json",
      "--outFile",
      "build/transformed/hello.wasm",
    );
    expect(
      readFileSync(join(folder, "build/transformed/hello.wasm")).equals(readFileSync(join(folder, "build/hello.wasm"))),
    ).toBe(true);

    for (const module of ["hello", "plain"]) {
      const bootstrap = withPorts(readBootstrap(join(folder, "node_modules/filterwright/envoy/envoy.yaml")), {
        9901: 0,
        10000: 0,
      });
      await using swappable = await startSwappable({ bootstrap });
      await swappable.swap(wasmConfig({ wasm: join(folder, `build/${module}.wasm`), rootId: "add_header" }, ""));
      expect((await fetch(`http://127.0.0.1:${swappable.envoy.port}`)).headers.get("hello")).toBe("world!");
    }

    mkdirSync(join(folder, "test/cases"), { recursive: true });
    writeFileSync(join(folder, "test/cases/hello.yaml"), CASES);
    expect(run("filterwright", "test")).toMatch(/hello.yaml on host: 1 passed\n.*hello.yaml on wasm: 1 passed\n/);
    expect(run("filterwright", "aot", "build/hello.wasm")).toMatch(
      /^build\/libhello\.so {2}[\d,]+ bytes, for Envoy 1\.40\.0 on \S+\n$/,
    );
    expect(run("filterwright", "test", "--on", "aot")).toMatch(/hello.yaml on aot: 1 passed\n/);
    if (nodeVersion === "24") {
      run("npm", "install", "--no-audit", "--no-fund", "vitest@5"); // which needs a newer Node than the rest
      writeFileSync(join(folder, "test/hello.test.ts"), TEST);
      run(
        "tsc",
        "--strict",
        "--noEmit",
        "--module",
        "nodenext",
        "--target",
        "es2022",
        "--ignoreConfig",
        "--skipLibCheck",
        "false",
        "--lib",
        "es2023",
        "--types",
        "node",
        "test/hello.test.ts",
      );
      expect(run("vitest", "run")).toMatch(/Tests .*2 passed/);
    }

    writeFileSync(join(folder, "program.ts"), PROGRAM);
    run(
      "tsc",
      "--strict",
      "--module",
      "nodenext",
      "--target",
      "es2022",
      "--types",
      "node",
      "--ignoreConfig",
      "program.ts",
    );
    expect(JSON.parse(run("node", "program.js"))).toMatchObject({
      unchanged: true,
      find: "function",
      error: "FilterwrightError",
    });

    writeFileSync(
      join(folder, "assembly/tsconfig.json"),
      '{ "extends": "filterwright/assembly/tsconfig.json", "include": ["**/*.ts"] }',
    );
    const { stdout } = spawnSync("node_modules/.bin/tsc", ["--noEmit", "--listFiles", "-p", "assembly/tsconfig.json"], {
      cwd: folder,
      encoding: "utf8",
    });
    expect(stdout).toContain(`${folder}/assembly/filters/hello.ts\n`);
    expect(stdout).not.toMatch(/^assembly\/|Cannot find module/m); // what an editor would underline in the consumer's own file
  });
});
