// What becomes of streams when a module that is compiled ahead of time traps: the same as in Envoy's Wasm engine, and it is counted.
import { afterAll, beforeAll, expect, test } from "vitest";
import { cachedLibrary } from "../../src/aot/cache.ts";
import { aotConfig } from "../../src/envoy/aot-config.ts";
import type { TypedConfig } from "../../src/envoy/swap.ts";
import { FAILING, FailingEnvoy } from "../host/failing.ts";

let envoy: FailingEnvoy;
beforeAll(async () => {
  envoy = await FailingEnvoy.start();
});
afterAll(() => envoy?.stop());

const counters = async (): Promise<Record<string, number>> => {
  const stats = await envoy.envoy.envoy.admin.stats("^wasmcustom\\.aot\\.failing\\.");
  return Object.fromEntries(Object.entries(stats).map(([name, value]) => [name.split(".").at(-1)!, value]));
};

test.for(FAILING)("a trap at %s under %s", async ([path, policy, expected]) => {
  const before = await counters();
  const { output } = envoy.envoy.envoy;
  const position = output.position;
  const onAot = envoy.scenario(async (config, file) => aotConfig(config, await cachedLibrary(file)));
  expect(await onAot(path, policy)).toEqual({ ...expected, log: path === "/malloc" ? ["6"] : [] });
  const callback = path === "/malloc" ? "malloc" : "proxy_on_request_headers";
  expect(output.since(position)).toContain(`Function: ${callback} failed: Uncaught RuntimeError: unreachable`);
  const after = await counters();
  const counted = (name: string) => after[name]! - (before[name] ?? 0);
  expect([counted("vm_trap"), counted("vm_reload_success")]).toEqual([1, policy === "FAIL_RELOAD" ? 1 : 0]);
});

/** `fail_open`, in the place of a policy: streams that the module traps in go on, too. */
const failingOpen = (config: TypedConfig): TypedConfig => {
  const { failure_policy: _, ...plugin } = config["config"] as { failure_policy: string };
  return { ...config, config: { ...plugin, fail_open: true } };
};

test.each(["/trap", "/reply", "/malloc"])("a trap at %s with fail_open is as in Envoy's Wasm engine", async (path) => {
  const inV8 = await envoy.scenario((config) => Promise.resolve(failingOpen(config)))(path, "FAIL_OPEN");
  const ahead = await envoy.scenario(async (config, file) => aotConfig(failingOpen(config), await cachedLibrary(file)))(
    path,
    "FAIL_OPEN",
  );
  expect(inV8.next.status).toBe(200);
  expect(ahead).toEqual(inV8);
});
