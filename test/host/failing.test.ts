// What becomes of streams in flight, and of those that come, when a module traps: in a real Envoy and in the host.
import { afterAll, beforeAll, expect, test } from "vitest";
import { Host, Proxy, type ProxyExchange } from "../../src/host/index.ts";
import { FAILING, FailingEnvoy, failingModule, RELOAD_BACKOFF_MS, type Scenario, type Seen, seen } from "./failing.ts";

let wasm: Uint8Array;
let envoy: FailingEnvoy;
beforeAll(async () => {
  wasm = await failingModule();
  envoy = await FailingEnvoy.start();
});
afterAll(() => envoy?.stop());

const onHost: Scenario = async (path, policy) => {
  const host = new Host();
  const plugin = host.load({ wasm, failurePolicy: policy, reloadBackoff: RELOAD_BACKOFF_MS });
  host.advance(2 * RELOAD_BACKOFF_MS);
  const proxy = new Proxy(host, [plugin]);
  const answer = (exchange: ProxyExchange): Seen => {
    if (exchange.received) exchange.respond();
    return seen(exchange.response!.status, exchange.response!.headers);
  };
  const slow = proxy.send({ path: "/slow" });
  const trapping = answer(proxy.send({ path }));
  const streams = { trapping, underWay: answer(slow), next: answer(proxy.send({ path: "/next" })) };
  return { ...streams, log: host.logs.map(({ message }) => message) };
};

test.for(FAILING)(
  "a trap at %s under %s answers the streams alike in Envoy and in the host",
  async ([path, policy, expected]) => {
    const log = path === "/malloc" ? ["6"] : []; // InvalidMemoryAccess
    const onEnvoy = envoy.scenario((config) => config);
    expect(await onEnvoy(path, policy)).toEqual({ ...expected, log });
    expect(await onHost(path, policy)).toEqual({ ...expected, log });
  },
);
