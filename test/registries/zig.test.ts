import { expect, test } from "vitest";
import { findZig, ZIG_WHEELS, ZIG_VERSION } from "../../src/aot/zig.ts";
import { temporaryFolder } from "../temp.ts";

test.each(Object.keys(ZIG_WHEELS))("the wheel of zig for %s is published with the pinned hash", async (platform) => {
  // pip refuses any other; unpacking proves that the compiler is where we look for it.
  const cache = temporaryFolder();
  const zig = await findZig(cache, platform);
  expect(zig).toContain(`${ZIG_VERSION}-${platform}`);
  // The second time it is in the cache: with a hash that no file has it would fail.
  const wheel = { ...ZIG_WHEELS[platform]!, sha256: "0".repeat(64) };
  expect(await findZig(cache, platform, { [platform]: wheel })).toBe(zig);
  await expect(findZig(temporaryFolder(), platform, { [platform]: wheel })).rejects.toMatchObject({
    code: "FW_DOWNLOAD_HASH",
  });
});
