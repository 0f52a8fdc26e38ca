import { FilterwrightError } from "../errors.ts";
import { thisPlatform } from "../wheel/platform.ts";

/** A platform that Envoy's releases run on and load dynamic modules on. */
export interface Target {
  /** As zig names it: of Linux, with the glibc that Envoy's own releases ask for. */
  zig: string;
  /** What links a library there, functions of Envoy's left open. */
  link: string[];
  /** Bytes of stack that one function of a module may take, of those that a thread of Envoy's has there. */
  maxFrame: number;
  /** What leaves names out of it that nobody looks for. */
  strip: string;
}

const KIB = 1024;
const ELF = {
  maxFrame: 512 * KIB,
  link: ["-shared", "-Wl,--gc-sections", "-Wl,--build-id=none"],
  strip: "-s",
};
const MACH_O = {
  // Threads have 512 KiB.
  maxFrame: 128 * KIB,
  link: ["-shared", "-Wl,-undefined,dynamic_lookup", "-Wl,-dead_strip", "-Wl,-install_name,library.so"],
  strip: "-Wl,-S,-x",
};

export const TARGETS = {
  "linux-x64": { zig: "x86_64-linux-gnu.2.31", ...ELF },
  "linux-arm64": { zig: "aarch64-linux-gnu.2.31", ...ELF },
  "darwin-arm64": { zig: "aarch64-macos.15.0", ...MACH_O },
} as const satisfies Record<string, Target>;
export type TargetName = keyof typeof TARGETS;

/** @throws FilterwrightError FW_USAGE */
export function targetNamed(name: string): TargetName {
  if (Object.hasOwn(TARGETS, name)) return name as TargetName;
  throw new FilterwrightError("FW_USAGE", `expected ${allTargets()} after --target, found ${name}`);
}

/** @throws FilterwrightError FW_AOT_COMPILER where no Envoy runs on this machine */
export function thisTarget(platform: string = thisPlatform()): TargetName {
  if (Object.hasOwn(TARGETS, platform)) return platform as TargetName;
  throw new FilterwrightError("FW_AOT_COMPILER", `no library is built for ${platform}, on which there is no Envoy`, {
    hint: `Say where the library is to run: --target ${allTargets()}.`,
  });
}

const allTargets = () =>
  Object.keys(TARGETS)
    .join(", ")
    .replace(/, ([^,]*)$/, " or $1");
