// The capability restriction that the check suggests, on a real Envoy.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { send } from "../../src/cases/send.ts";
import { wasmConfig } from "../../src/envoy/wasm-config.ts";
import { restrictionBlock } from "../../src/check/capabilities.ts";
import { checkModule } from "../../src/check/check.ts";
import { type Echo, startEcho } from "../../src/echo/server.ts";
import { startSwappable, type SwappableEnvoy, type TypedConfig } from "../../src/envoy/swap.ts";
import { demoBootstrap } from "../demo-bootstrap.ts";
import { projectRoot } from "../guest-module.ts";
import { loggedWhile } from "../logged-while.ts";
import { exported, imported, sound } from "./wat.ts";

let echo: Echo;
let envoy: SwappableEnvoy;
beforeAll(async () => {
  echo = await startEcho();
  envoy = await startSwappable({ bootstrap: demoBootstrap(echo.port), concurrency: 1 });
});
afterAll(async () => {
  await envoy.stop();
  await echo.close();
});

function restricted(wasm: string, rootId: string, configuration: string, capabilities: string[]): TypedConfig {
  const filter = wasmConfig({ wasm, rootId }, configuration) as TypedConfig & { config: object };
  return { ...filter, config: { ...filter.config, ...(parse(restrictionBlock(capabilities)) as object) } };
}

/** Whether the request's and the response's headers were changed; or that Envoy refuses. */
async function outcome(config: TypedConfig, isChanged: (headers: [string, string][]) => boolean): Promise<string> {
  try {
    await envoy.swap(config);
  } catch {
    return "refused";
  }
  const request = {
    method: "GET",
    path: "/",
    authority: "a",
    headers: [["x-old", "1"]] as [string, string][],
    body: "",
  };
  const response = await send({ host: "127.0.0.1", port: envoy.envoy.port }, request);
  expect(response.status).toBe(200);
  const { headers } = JSON.parse(response.body) as { headers: [string, string][] };
  const changed = Object.entries({ request: headers, response: response.headers }).filter(([, lines]) =>
    isChanged(lines),
  );
  return changed.map(([name]) => name).join(", ") || "nothing changed";
}

const has = (lines: [string, string][], name: string) => lines.some(([other]) => other === name);

test.each([
  {
    name: "add-header",
    configuration: '{"request": {"x-new": "1"}, "response": {"x-new": "2"}}',
    isChanged: (lines: [string, string][]) => has(lines, "x-new"),
    acting: "proxy_add_header_map_value",
  },
  {
    name: "remove-header",
    configuration: '{"request": ["x-old"], "response": ["content-type"]}',
    isChanged: (lines: [string, string][]) => !has(lines, "x-old") && !has(lines, "content-type"),
    acting: "proxy_remove_header_map_value",
  },
])("$name works with the capabilities suggested, and lacks each that is taken away", async (filter) => {
  const wasm = join(projectRoot, `build/${filter.name}.wasm`);
  const { capabilities } = checkModule(readFileSync(wasm));
  const tried = (names: string[]) =>
    outcome(restricted(wasm, filter.name, filter.configuration, names), filter.isChanged);
  const position = envoy.envoy.output.position;
  const outcomes: Record<string, string> = { nothing: await tried(capabilities) };
  await sleep(100); // the log comes through a pipe
  expect(envoy.envoy.output.since(position)).not.toContain("Attempted call to restricted");
  for (const without of capabilities) outcomes[without] = await tried(capabilities.filter((name) => name !== without));
  expect(outcomes).toEqual({
    nothing: "request, response",
    proxy_on_context_create: "refused",
    proxy_on_configure: "nothing changed",
    proxy_on_request_headers: "response",
    proxy_on_response_headers: "request",
    proxy_get_buffer_bytes: "refused",
    [filter.acting]: "nothing changed",
    // The module is the only plugin that it has, so that it can do without its name.
    proxy_get_property: "request, response",
    // Not missed in one good exchange: streams that are over would stay in memory, a refusal would say nothing.
    proxy_on_delete: "request, response",
    proxy_log: "request, response",
    proxy_get_log_level: "request, response",
  });
});

test("what is no capability is never denied", async () => {
  /** Logs a letter and a digit: what was called, and what it answered. */
  const say = (letter: string, answer: string) =>
    `(i32.store8 (i32.const 1) (i32.add (i32.const 48) ${answer}))
     (i32.store8 (i32.const 0) (i32.const ${letter.charCodeAt(0)}))
     (drop (call $proxy_log (i32.const 2) (i32.const 0) (i32.const 2)))`;
  const zero = "(i32.const 0)";
  const wasm = sound(
    [
      imported("proxy_log", "(param i32 i32 i32) (result i32)"),
      imported("proxy_get_property", "(param i32 i32 i32 i32) (result i32)"),
      imported("random_get", "(param i32 i32) (result i32)", "wasi_snapshot_preview1"),
      imported("pthread_equal", "(param i32 i32) (result i32)"),
      imported("envoy_resolve_dns", "(param i32 i32 i32) (result i32)"),
      '(data (i32.const 64) "plugin_root_id")',
      exported("main", "(param i32 i32) (result i32)", `${say("M", zero)} ${zero}`),
      exported("proxy_on_context_create", "(param i32 i32)", say("C", zero)),
      exported(
        "proxy_on_configure",
        "(param i32 i32) (result i32)",
        `${say("E", "(call $pthread_equal (i32.const 2) (i32.const 2))")}
         ${say("D", "(call $envoy_resolve_dns (i32.const 64) (i32.const 4) (i32.const 32))")}
         ${say("P", "(call $proxy_get_property (i32.const 64) (i32.const 14) (i32.const 32) (i32.const 36))")}
         ${say("R", "(call $random_get (i32.const 32) (i32.const 2))")} (i32.const 1)`,
      ),
    ].join("\n"),
    { malloc: exported("proxy_on_memory_allocate", "(param i32) (result i32)", `${say("A", zero)} (i32.const 1024)`) },
  );
  mkdirSync(join(projectRoot, "build/test/check"), { recursive: true });
  const file = join(projectRoot, "build/test/check/never-denied.wasm");
  writeFileSync(file, wasm);
  const lines = async (capabilities: string[]) => {
    const swap = () => envoy.swap(restricted(file, `allowed-${capabilities.length}`, "any", capabilities));
    return new Set((await loggedWhile(envoy.envoy, swap)).map(({ message }) => message));
  };
  const { capabilities } = checkModule(wasm);
  const calls = ["proxy_log", "proxy_get_property", "random_get"];
  expect(capabilities).toEqual(["proxy_on_context_create", "proxy_on_configure", ...calls]);
  expect(await lines(capabilities)).toEqual(new Set(["M0", "C0", "E1", "D0", "A0", "P0", "R0"]));
  // 10, InternalFailure, and 76, not capable, as characters.
  expect(await lines(["proxy_on_configure", "proxy_log"])).toEqual(new Set(["M0", "E1", "D0", "P:", "R|"]));
  expect(await lines(["proxy_on_configure", "proxy_log", "proxy_get_property"])).toEqual(
    new Set(["M0", "E1", "D0", "A0", "P0", "R|"]),
  );
});
