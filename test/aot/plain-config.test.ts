// A filter whose configuration is JSON and no more, as Envoy Gateway gives it to dynamic modules.
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cachedLibrary } from "../../src/aot/cache.ts";
import { send } from "../../src/cases/send.ts";
import { type Echo, startEcho } from "../../src/echo/server.ts";
import { type SwappableEnvoy, startSwappable, type TypedConfig } from "../../src/envoy/swap.ts";
import { demoBootstrap } from "../demo-bootstrap.ts";
import { projectRoot } from "../guest-module.ts";

let echo: Echo;
let envoy: SwappableEnvoy;
beforeAll(async () => {
  echo = await startEcho();
  envoy = await startSwappable({ bootstrap: demoBootstrap(echo.port), concurrency: 1 });
});
afterAll(async () => {
  await envoy?.stop();
  await echo?.close();
});

/** As Envoy Gateway's `dynamicModule` makes it: internal/xds/translator/dynamicmodule.go. */
const filter = async (filter_name: string, config?: object): Promise<TypedConfig> => ({
  "@type": "type.googleapis.com/envoy.extensions.filters.http.dynamic_modules.v3.DynamicModuleFilter",
  dynamic_module_config: {
    module: { local: { filename: await cachedLibrary(join(projectRoot, "build/add-header.wasm")) } },
  },
  filter_name,
  ...(config && {
    filter_config: { "@type": "type.googleapis.com/google.protobuf.StringValue", value: JSON.stringify(config) },
  }),
});

const headersNow = async () => {
  const request = { method: "GET", path: "/", authority: "a", headers: [], body: "" };
  const { headers } = await send({ host: "127.0.0.1", port: envoy.envoy.port }, request as never);
  return Object.fromEntries(headers);
};

test("the filter's name is the plugin's, and its root_id", async () => {
  await envoy.swap(await filter("add-header", { response: { "x-plain": "1" } }));
  expect(await headersNow()).toMatchObject({ "x-plain": "1" });
});

test("a name that the module does not register is refused", async () => {
  await expect(envoy.swap(await filter("other", { response: { "x-plain": "1" } }))).rejects.toMatchObject({
    code: "FW_ENVOY_UPDATE",
    detail: expect.stringContaining('no root context is registered for root_id "other"'),
  });
});

test("without a configuration the plugin has an empty one", async () => {
  await envoy.swap(await filter("add-header"));
  expect(await headersNow()).not.toHaveProperty("x-plain");
});
