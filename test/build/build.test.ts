import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { build, type BuildOptions, type BuiltFilter } from "../../src/build/build.ts";
import { projectRoot } from "../guest-module.ts";
import { temporaryFolder } from "../temp.ts";

const FILTER = `export * from "@solo-io/proxy-runtime/proxy";
import { Context, RootContext, registerRootContext } from "@solo-io/proxy-runtime";
import { LIMIT } from "./limit";

class Root extends RootContext {
  createContext(context_id: u32): Context {
    return new Context(context_id + LIMIT, this);
  }
}
registerRootContext((context_id: u32) => new Root(context_id), "one");
`;

/** A project as a consumer has it: its own asconfig.json extends ours. */
function project(files: Record<string, string>): string {
  const root = temporaryFolder();
  symlinkSync(join(projectRoot, "node_modules"), join(root, "node_modules"));
  const all = { "asconfig.json": '{ "extends": "filterwright/asconfig.json" }', ...files };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

async function buildAll(options: BuildOptions): Promise<BuiltFilter[]> {
  return await Array.fromAsync(build(options));
}

const LIMIT = "export const LIMIT: u32 = 0;";

describe("a build", () => {
  test("makes a module and a source map of every filter, file or folder", async () => {
    const root = project({
      "assembly/filters/one.ts": FILTER.replace("./limit", "../limit"),
      "assembly/filters/two/index.ts": FILTER.replace("./limit", "../../limit"),
      "assembly/filters/two/not-a-filter.ts": "",
      "assembly/filters/notes.md": "",
      "assembly/limit.ts": LIMIT,
    });
    const filters = await buildAll({ root });
    expect(filters.map(({ name, entry, file, rebuilt }) => ({ name, entry, file, rebuilt }))).toEqual([
      { name: "one", entry: "assembly/filters/one.ts", file: "build/one.wasm", rebuilt: true },
      { name: "two", entry: "assembly/filters/two/index.ts", file: "build/two.wasm", rebuilt: true },
    ]);
    for (const { file, size } of filters) {
      const module = readFileSync(join(root, file));
      expect(module.subarray(0, 4).toString("latin1")).toBe("\0asm");
      expect(module.length).toBe(size);
      const map = JSON.parse(readFileSync(join(root, `${file}.map`), "utf8")) as { sources: string[] };
      expect(map.sources).toContain("assembly/limit.ts");
    }
  });

  test("leaves alone what did not change, and builds again what did", async () => {
    const root = project({ "assembly/filters/one.ts": FILTER, "assembly/filters/limit/index.ts": LIMIT });
    const options = { root, filters: ["one"] };
    const rebuilt = async (more: BuildOptions = {}) => (await buildAll({ ...options, ...more }))[0]!.rebuilt;

    expect(await rebuilt()).toBe(true);
    const { mtimeMs } = statSync(join(root, "build/one.wasm"));
    expect(await rebuilt()).toBe(false);
    expect(statSync(join(root, "build/one.wasm")).mtimeMs).toBe(mtimeMs);

    writeFileSync(join(root, "assembly/filters/limit/index.ts"), "export const LIMIT: u32 = 1;"); // it imports that
    expect(await rebuilt()).toBe(true);
    writeFileSync(join(root, "assembly/filters/limit.ts"), "export const LIMIT: u32 = 2;"); // shadows the import
    expect(await rebuilt()).toBe(true);
    writeFileSync(join(root, "build/one.wasm"), "broken");
    expect(await rebuilt()).toBe(true);
    rmSync(join(root, "build/one.wasm.map"));
    expect(await rebuilt()).toBe(true);
    expect(await rebuilt({ target: "debug" })).toBe(true);
    expect(await rebuilt({ target: "debug", force: true })).toBe(true);
    writeFileSync(join(root, "build/.filterwright/one.json"), '{"settings":'); // a record that was cut off
    expect(await rebuilt({ target: "debug" })).toBe(true);
    expect(await rebuilt({ target: "debug" })).toBe(false);
  });

  test("without an asconfig.json takes ours", async () => {
    const root = project({ "assembly/index.ts": FILTER, "assembly/limit.ts": LIMIT });
    rmSync(join(root, "asconfig.json"));
    const [filter] = await buildAll({ root, filters: ["assembly/index.ts"], outDir: "out" });
    expect(filter).toMatchObject({ name: "assembly", file: "out/assembly.wasm" });
  });
});

describe("a build that fails", () => {
  test("names file, line and column of each mistake and writes nothing", async () => {
    const broken = 'import "@solo-io/proxy-runtime";\n\nconst a: i32 = "text";\nexport const b = a + c;\n';
    const root = project({ "assembly/filters/bad.ts": broken });
    const error = await buildAll({ root }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "FW_BUILD_FAILED",
      message: "assembly/filters/bad.ts does not compile",
      detail: `assembly/filters/bad.ts:3:16 error TS2322: Type '~lib/string/String' is not assignable to type 'i32'.
 3 │ const a: i32 = "text";
   │                ~~~~~~

assembly/filters/bad.ts:4:22 error TS2304: Cannot find name 'c'.
 4 │ export const b = a + c;
   │                      ~`,
    });
    expect(readdirSync(root)).not.toContain("build");
  });

  test("says so where a filter lacks the runtime", async () => {
    const root = project({ "assembly/filters/bare.ts": "export const a = 1;" });
    await expect(buildAll({ root })).rejects.toMatchObject({
      code: "FW_BUILD_FAILED",
      hint: expect.stringContaining('from "@solo-io/proxy-runtime"'),
    });
  });

  test("says what there is where a filter is unknown, and where there is none at all", async () => {
    const root = project({ "assembly/filters/one.ts": FILTER });
    await expect(buildAll({ root, filters: ["tow"] })).rejects.toMatchObject({
      code: "FW_BUILD_NO_FILTER",
      message: "expected a filter or a .ts file named tow, found neither",
      hint: "Filters in assembly/filters: one",
    });
    await expect(buildAll({ root: project({}) })).rejects.toMatchObject({
      code: "FW_BUILD_NO_FILTER",
      hint: "Name the files to build: filterwright build assembly/index.ts",
    });
  });

  test("says so where two filters would become one module", async () => {
    const root = project({ "assembly/filters/one.ts": FILTER, "assembly/filters/one/index.ts": FILTER });
    await expect(buildAll({ root })).rejects.toMatchObject({
      message: "expected one filter named one, found assembly/filters/one/index.ts and assembly/filters/one.ts",
    });
  });

  test("names the targets that there are where one is unknown, and shows what is wrong with asconfig.json", async () => {
    const root = project({ "assembly/filters/one.ts": FILTER, "assembly/filters/limit.ts": LIMIT });
    await expect(buildAll({ root, filters: ["one"], target: "nope" })).rejects.toMatchObject({
      code: "FW_BUILD_TARGET",
      message: "expected one of release, debug, found nope",
    });
    writeFileSync(join(root, "asconfig.json"), "{");
    await expect(buildAll({ root, filters: ["one"] })).rejects.toMatchObject({
      code: "FW_BUILD_FAILED",
      detail: expect.stringContaining("Asconfig is not valid json"),
    });
  });

  test("names a folder that cannot be written to", async () => {
    const root = project({ "assembly/filters/one.ts": FILTER, "assembly/filters/limit.ts": LIMIT, taken: "" });
    await expect(buildAll({ root, filters: ["one"], outDir: "taken" })).rejects.toMatchObject({
      code: "FW_BUILD_WRITE",
      message: expect.stringContaining(`cannot write to ${join(root, "taken")}`),
    });
  });
});

test("modules go to a folder outside the project, too, with all that belongs to them", async () => {
  const root = project({ "assembly/filters/one.ts": FILTER, "assembly/filters/limit.ts": LIMIT });
  const outDir = temporaryFolder();
  expect((await buildAll({ root, filters: ["one"], outDir }))[0]).toMatchObject({ rebuilt: true });
  expect(readdirSync(outDir).sort()).toEqual([".filterwright", "one.wasm", "one.wasm.map"]);
  expect(readdirSync(root)).not.toContain("tmp");
  expect((await buildAll({ root, filters: ["one"], outDir }))[0]).toMatchObject({ rebuilt: false });
});
