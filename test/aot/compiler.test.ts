import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findCompiler } from "../../src/aot/compiler.ts";
import { compileLibrary } from "../../src/aot/library.ts";
import { targetNamed, thisTarget } from "../../src/aot/targets.ts";
import { findZig, ZIG_VERSION } from "../../src/aot/zig.ts";
import { thisPlatform } from "../../src/wheel/platform.ts";
import { compiledGuest } from "../guest-module.ts";
import { temporaryFolder } from "../temp.ts";

/** A folder whose programs answer to `--version`. */
function programs(...names: string[]): string {
  const folder = temporaryFolder();
  for (const name of names) {
    writeFileSync(join(folder, name), `#!/bin/sh\necho ${name} 1.0\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}

describe("for this machine", () => {
  test("CC comes first", async () => {
    const mine = join(programs("mine"), "mine");
    const found = await findCompiler(undefined, { CC: mine });
    expect(found).toMatchObject({ command: mine, version: "mine 1.0", target: thisPlatform() });
  });

  test("CC may have options", async () => {
    const mine = join(programs("mine"), "mine");
    const found = await findCompiler(undefined, { CC: `${mine} -O1 -g` });
    expect(found).toMatchObject({ command: mine, args: ["-O1", "-g"], version: "mine 1.0" });
  });

  test("a CC that makes nothing is named", async () => {
    const compiler = await findCompiler(undefined, { CC: "true" });
    await expect(compileLibrary(readFileSync(await compiledGuest("probe")), { compiler })).rejects.toMatchObject({
      code: "FW_AOT_COMPILER",
      message: "true has run, and made no library",
    });
  });

  test("a CC that does not run is named, and no other is taken", async () => {
    await expect(findCompiler(undefined, { CC: "/nowhere/cc" })).rejects.toMatchObject({
      code: "FW_AOT_COMPILER",
      message: "expected a C compiler: CC is /nowhere/cc, which does not run",
    });
  });

  test("a platform without Envoy is named", () => {
    expect(() => thisTarget("linux-x64-musl")).toThrow(
      expect.objectContaining({
        code: "FW_AOT_COMPILER",
        message: "no library is built for linux-x64-musl, on which there is no Envoy",
        hint: "Say where the library is to run: --target linux-x64, linux-arm64 or darwin-arm64.",
      }),
    );
  });
});

describe("for a target", () => {
  test("another name is refused", () => {
    expect(() => targetNamed("toString")).toThrow(
      "expected linux-x64, linux-arm64 or darwin-arm64 after --target, found toString",
    );
  });

  test("it is zig's, whatever else there is, and what it is missing is said", async () => {
    const FILTERWRIGHT_CACHE = "/dev/null/cache";
    await expect(findCompiler("linux-arm64", { CC: "cc", FILTERWRIGHT_CACHE })).rejects.toMatchObject({
      code: "FW_AOT_COMPILER",
      message: expect.stringMatching(
        `^expected a C compiler: the wheel ziglang ${ZIG_VERSION} is not to be had: cannot write to the cache: ENOTDIR`,
      ),
    });
  });

  test("a machine that zig does not run on is named", async () => {
    await expect(findZig(temporaryFolder(), "aix-ppc64")).rejects.toMatchObject({
      code: "FW_DOWNLOAD",
      message: "expected one of linux-x64, linux-arm64, darwin-arm64, win32-x64 to run zig on, found aix-ppc64",
    });
  });
});
