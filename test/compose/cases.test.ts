import { describe, expect, inject, test } from "vitest";
import { openUrl } from "../../src/cases/open.ts";
import { readCaseFile } from "../../src/cases/read.ts";
import { runCase } from "../../src/cases/run.ts";
import { packageFile } from "../../src/package-files.ts";

const { control, envoys } = inject("endpoints");
const demo = readCaseFile(packageFile("test/cases/demo.yaml"));

describe.each(["wasm", "lua", "native"] as const)("the container envoy-%s", (name) => {
  const { url, admin } = envoys[name];

  test("serves its own configuration and says so on its published admin port", async () => {
    const info = (await (await fetch(`${admin}/server_info`)).json()) as ServerInfo;
    expect({ state: info.state, config: info.command_line_options.config_path }).toEqual({
      state: "LIVE",
      config: { wasm: "envoy/envoy.yaml", lua: "envoy/envoy-lua.yaml", native: "envoy/envoy-native.yaml" }[name],
    });
  });

  const backend = openUrl(name, url, control);
  test.for(demo.cases)("$name", async (testCase) => {
    expect(await runCase(backend, testCase)).toEqual({ outcome: "passed" });
  });
});

interface ServerInfo {
  state: string;
  command_line_options: { config_path: string };
}
