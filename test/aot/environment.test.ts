// Variables that a VM is given: no name may come twice, as with Envoy's Wasm engine.
import { expect, test } from "vitest";
import { aotBootstrap } from "../../src/aot/bootstrap.ts";
import { withFilters } from "../../src/envoy/bootstrap.ts";
import { startEnvoy } from "../../src/envoy/start.ts";
import { wasmConfig } from "../../src/envoy/wasm-config.ts";
import { demoBootstrap } from "../demo-bootstrap.ts";
import { compiledGuest } from "../guest-module.ts";

const starts = async (environment_variables: object) => {
  const typed_config = wasmConfig({ wasm: await compiledGuest("ticks"), rootId: "ticks" }, "", {
    environment_variables,
  });
  const inWasm = withFilters(demoBootstrap(), [{ name: "ticks", typed_config }]);
  return await Promise.all(
    [inWasm, await aotBootstrap(inWasm)].map((bootstrap) =>
      startEnvoy({ bootstrap, concurrency: 1 }).then(
        async (envoy) => (await envoy.stop(), true),
        () => false,
      ),
    ),
  );
};

test.each<[string, object, boolean]>([
  ["names of their own", { host_env_keys: ["HOME", "PATH"], key_values: { A: "1", B: "2" } }, true],
  ["a name of Envoy's and a value for it", { host_env_keys: ["HOME"], key_values: { HOME: "/" } }, false],
  ["a name of Envoy's twice", { host_env_keys: ["HOME", "HOME"] }, false],
  ["one that Envoy does not have", { host_env_keys: ["NOT_THERE"], key_values: { NOT_THERE: "1" } }, false],
])("%s", async (_, variables, isGood) => {
  expect(await starts(variables)).toEqual([isGood, isGood]);
});
