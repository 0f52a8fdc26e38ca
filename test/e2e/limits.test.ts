// What clients and authors can make large, odd or wrong: test/guest/limits.ts on a real Envoy.
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { send } from "../../src/cases/send.ts";
import { wasmConfig } from "../../src/envoy/wasm-config.ts";
import { type Echo, startEcho } from "../../src/echo/server.ts";
import { type SwappableEnvoy, startSwappable } from "../../src/envoy/swap.ts";
import { demoBootstrap } from "../demo-bootstrap.ts";
import { compiledGuest, projectRoot } from "../guest-module.ts";

let wasm: string;
let echo: Echo;
let envoy: SwappableEnvoy;
beforeAll(async () => {
  wasm = await compiledGuest("limits");
  echo = await startEcho();
  envoy = await startSwappable({ bootstrap: demoBootstrap(echo.port), concurrency: 1 });
});
afterAll(async () => {
  await envoy.stop();
  await echo.close();
});

const swap = (rootId: string) => envoy.swap(wasmConfig({ wasm, rootId }, "any"));

/** @returns the request's headers as the upstream got them, and the response's */
async function exchange(headers: [string, string][] = []) {
  const request = { method: "GET", path: "/", authority: "a", headers, body: "" };
  const response = await send({ host: "127.0.0.1", port: envoy.envoy.port }, request);
  expect(response.status).toBe(200);
  const { headers: lines } = JSON.parse(response.body) as { headers: [string, string][] };
  return { sent: Object.fromEntries(lines), answered: Object.fromEntries(response.headers) };
}

test("a module may log while it starts", async () => {
  const position = envoy.envoy.output.position;
  await swap("letters");
  expect(await envoy.envoy.output.waitFor(/the module starts/, position)).toBeTruthy();
});

test("a client's text that a filter copies letter by letter does not exhaust the memory", async () => {
  await swap("letters");
  for (let i = 0; i < 3; i++) {
    const { sent } = await exchange([["x-long", "a".repeat(50_000)]]);
    expect(sent["x-long"]).toBe("50000 true");
  }
});

test("one object may be the context of all streams", async () => {
  await swap("shared");
  const all = await Promise.all(Array.from({ length: 20 }, () => exchange()));
  expect(all.map(({ answered }) => answered["x-seen"])).toEqual(all.map(() => "yes"));
  const numbers = all.map(({ sent }) => Number(sent["x-request"])).toSorted((a, b) => a - b);
  expect(numbers).toEqual(all.map((_, i) => i + 1));
});

test("filter state whose name has dots, lines past the end, and many random bytes", async () => {
  await swap("odd");
  const { sent } = await exchange();
  expect(sent).toMatchObject({ "x-dots": "kept", "x-lines": "||0|", "x-random": "200000 true" });
});

test("a configuration with a very long wrong value is refused with its place and the beginning of the value", async () => {
  const config = wasmConfig(
    { wasm: join(projectRoot, "build/add-header.wasm"), rootId: "add-header" },
    JSON.stringify({ request: { "x-a": `${"a".repeat(200_000)}\u0001` } }),
  );
  const shown = `request.x-a (offset 18): expected a header value, found "${"a".repeat(80)}\u2026"`;
  await expect(envoy.swap(config)).rejects.toMatchObject({ detail: expect.stringContaining(shown) });
});
