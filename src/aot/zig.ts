import { existsSync } from "node:fs";
import { join } from "node:path";
import { FilterwrightError } from "../errors.ts";
import { binaryOf, downloadWheel, type Wheel } from "../wheel/download.ts";
import { thisPlatform } from "../wheel/platform.ts";

/** The zig that we pin, for its C compiler: the PyPI package `ziglang`, which has all that it needs to build for any platform. */
export const ZIG_VERSION = "0.17.1";

/** By our name of the platform that it runs on. */
export const ZIG_WHEELS: Record<string, Wheel> = {
  "linux-x64": {
    platform: "manylinux_2_12_x86_64",
    sha256: "ea6cc5d87b033cf0aedfbc8f9549a908cae6c50ac31f1698188fa48a74524b54",
    binary: "ziglang/zig",
  },
  "linux-arm64": {
    platform: "manylinux_2_17_aarch64",
    sha256: "b7c5f02fccd40f89b999ee16a1f5ddced56e6182370f8affe494bcf8a28cf07e",
    binary: "ziglang/zig",
  },
  "darwin-arm64": {
    platform: "macosx_13_0_arm64",
    sha256: "09953b6af7f64168b915180a42774f520f92d86ef6331b28e33915c7e1f0bb23",
    binary: "ziglang/zig",
  },
  "win32-x64": {
    platform: "win_amd64",
    sha256: "69c3dfc3aff6a297ec4017aa904782c0e450eb988982d7f675d83edce27526fb",
    binary: "ziglang/zig.exe",
  },
};

/**
 * The pinned zig: from the cache, else downloaded into it, some 100 MB.
 *
 * @param cache its folder @param platform where it is to run; default: this machine. It is linked statically: musl's Linux is one to it
 * @throws FilterwrightError FW_DOWNLOAD, FW_DOWNLOAD_HASH
 */
export async function findZig(
  cache: string,
  platform: string = thisPlatform().replace("-musl", ""),
  wheels: Record<string, Wheel> = ZIG_WHEELS,
): Promise<string> {
  const wheel = wheels[platform];
  if (!wheel) {
    const known = Object.keys(wheels).join(", ");
    throw new FilterwrightError("FW_DOWNLOAD", `expected one of ${known} to run zig on, found ${platform}`);
  }
  const folder = join(cache, "zig", `${ZIG_VERSION}-${platform}`);
  const zig = binaryOf({ folder, wheel });
  if (existsSync(zig)) return zig;
  const title = `zig ${ZIG_VERSION} for ${platform}`;
  return await downloadWheel({ title, package: "ziglang", version: ZIG_VERSION, wheel, folder });
}
