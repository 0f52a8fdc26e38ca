// Times as the guest formats them, against Envoy's own %START_TIME%: one request, which both see.
import { expect, test } from "vitest";
import { send } from "../../src/cases/send.ts";
import { wasmConfig } from "../../src/envoy/wasm-config.ts";
import { startEcho } from "../../src/echo/server.ts";
import { withFilters } from "../../src/envoy/bootstrap.ts";
import { startEnvoy } from "../../src/envoy/start.ts";
import { demoBootstrap } from "../demo-bootstrap.ts";
import { compiledGuest } from "../guest-module.ts";

const LETTERS = [..."YmdeUuWwHMSzZsaAbBhCcDFgGIjklpPrRTtVxXyf"].map((c) => `%${c}`);
const FRACTIONS = "%1f %3f %6f %9f %E0S %E1S %E3S %E9S %E*S %E1f %E3f %E9f %E*f".split(" ");
const OTHERS = "%E4Y %Ez %ET %E*z %:z %::z %:::z %% %%Y %%f %%3f %%s %%%f %%%Y %f%f%s%s".split(" ");
const WHOLE = ["%s.%3f", "%Y-%m-%dT%H:%M:%E3SZ", "%d/%b/%Y:%H:%M:%S %z", "%F %T", "%E3S%3f%%", "at %R"];
const KNOWN = [LETTERS, FRACTIONS, OTHERS, WHOLE].flat();
/** Envoy passes these on as they are, or as the C library of its machine takes them. */
const REFUSED = ["%", "a%", "%q", "%N", "%ES", "%E", "%0f", "%-d", "%EY", "%10Y"];
const FORMATS = [...KNOWN, ...REFUSED];
const TYPE = "type.googleapis.com/envoy.extensions.filters.http.header_mutation.v3.HeaderMutation";

test("every format that Envoy knows gives what Envoy gives, and the rest is refused", async () => {
  const wasm = await compiledGuest("start-time");
  const echo = await startEcho();
  const set = (key: string, value: string) => ({
    append: { header: { key, value }, append_action: "OVERWRITE_IF_EXISTS_OR_ADD" },
  });
  const mutations = FORMATS.map((format, i) => set(`x-envoy-${i}`, `%START_TIME(${format})%`));
  const bootstrap = withFilters(demoBootstrap(echo.port), [
    { name: "ours", typed_config: wasmConfig({ wasm, rootId: "start-time" }, FORMATS.join("\n")) },
    {
      name: "envoy's",
      typed_config: {
        "@type": TYPE,
        mutations: { response_mutations: [...mutations, set("x-envoy-default", "%START_TIME%")] },
      },
    },
  ]);
  const envoy = await startEnvoy({ bootstrap, concurrency: 1 });
  try {
    const { headers } = await send(
      { host: "127.0.0.1", port: envoy.port },
      { method: "GET", path: "/", authority: "a", headers: [], body: "" },
    );
    const seen = Object.fromEntries(headers);
    const table = (prefix: string, formats: string[]) =>
      Object.fromEntries(formats.map((format) => [format, seen[`${prefix}-${FORMATS.indexOf(format)}`]]));
    expect(table("x-ours", KNOWN)).toEqual(table("x-envoy", KNOWN));
    expect(table("x-ours", REFUSED)).toEqual(Object.fromEntries(REFUSED.map((format) => [format, "refused"])));
    expect(seen["x-envoy-default"]).toBe(seen[`x-ours-${FORMATS.indexOf("%Y-%m-%dT%H:%M:%E3SZ")}`]);
    expect(new Date(seen["x-rfc3339"]!).toISOString()).toBe(seen["x-envoy-default"]);
    expect(seen["x-source"]).toBe("00000000000000000000ffff7f000001");
  } finally {
    await envoy.stop();
    await echo.close();
  }
});
