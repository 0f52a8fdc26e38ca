// What a module, or an upstream, may take of Envoy: as much as with Envoy's Wasm engine.
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { cachedLibrary } from "../../src/aot/cache.ts";
import { aotConfig } from "../../src/envoy/aot-config.ts";
import { withFilters } from "../../src/envoy/bootstrap.ts";
import { type RunningEnvoy, startEnvoy } from "../../src/envoy/start.ts";
import { wasmConfig } from "../../src/envoy/wasm-config.ts";
import type { WasmEngine } from "../../src/envoy/wasm-engine.ts";
import { encodePairs } from "../../src/host/pairs.ts";
import { demoBootstrap } from "../demo-bootstrap.ts";
import { call, callback, data, guest } from "../host/hostile.ts";
import { temporaryFolder } from "../temp.ts";
import { POSSIBLE } from "./hostile.ts";

interface Settings {
  upstreamPort?: number;
  /** A command that runs Envoy. */
  wrap?: string[];
}

async function startWith(
  code: string,
  engine: WasmEngine,
  { upstreamPort, wrap }: Settings = {},
): Promise<RunningEnvoy> {
  const wasm = join(temporaryFolder(), "guest.wasm");
  writeFileSync(wasm, guest(code, { functions: POSSIBLE }));
  const config = wasmConfig({ wasm, rootId: "root" }, "");
  const typed_config = engine === "aot" ? aotConfig(config, await cachedLibrary(wasm)) : config;
  return await startEnvoy({
    bootstrap: withFilters(demoBootstrap(upstreamPort), [{ name: "guest", typed_config }]),
    concurrency: 1,
    ...(wrap && { wrap }),
  });
}

const CALL = encodePairs([
  [":method", "GET"],
  [":path", "/"],
  [":authority", "a"],
]);
/** Asks the upstream about each request, and answers it with 200 where an answer came, and else with 418. */
const ASKING = `
  ${data(64, "upstream")} ${data(128, CALL)}
  (global $stream (mut i32) (i32.const 0))
  ${callback("proxy_on_request_headers", `(global.set $stream (local.get 0)) ${call("proxy_http_call", 64, 8, 128, CALL.length, 0, 0, 0, 0, 60_000, 32)}`)}
  ${callback(
    "proxy_on_http_call_response",
    `(drop (call $proxy_set_effective_context (global.get $stream)))
     (if (local.get 2)
       (then ${call("proxy_send_local_response", 200, 0, 0, 0, 0, 0, 0, -1)})
       (else ${call("proxy_send_local_response", 418, 0, 0, 0, 0, 0, 0, -1)}))`,
  )}`;

const MIB = 1024 * 1024;

test.each(["wasm", "aot"] as const)("an answer to a call may have 32 MiB: %s", async (engine) => {
  let size = 0;
  const answer: RequestListener = (_, response) => response.end(Buffer.alloc(size));
  const upstream = createServer(answer).listen(0, "127.0.0.1");
  await once(upstream, "listening");
  const envoy = await startWith(ASKING, engine, { upstreamPort: (upstream.address() as AddressInfo).port });
  try {
    const statuses: number[] = [];
    for (size of [1, 32 * MIB - 1, 32 * MIB + 100_000]) {
      statuses.push((await fetch(`http://127.0.0.1:${envoy.port}/`)).status);
    }
    expect(statuses).toEqual([200, 200, 418]);
  } finally {
    await envoy.stop();
    upstream.close();
  }
});

/** Ticks, and does not return from a request. */
const STUCK = `
  ${callback("proxy_on_configure", call("proxy_set_tick_period_milliseconds", 10))}
  ${callback("proxy_on_tick", "")}
  ${callback("proxy_on_request_headers", "(loop $for_ever (br $for_ever))")}`;

test.each(["wasm", "aot"] as const)("a module that does not return holds its worker alone: %s", async (engine) => {
  const envoy = await startWith(STUCK, engine);
  const request = fetch(`http://127.0.0.1:${envoy.port}/`).catch(() => {});
  try {
    await sleep(200);
    for (let i = 0; i < 5; i++) {
      const { status } = await fetch(`${envoy.admin.url}/ready`, { signal: AbortSignal.timeout(2000) });
      expect(status).toBe(200);
      await sleep(20);
    }
  } finally {
    // It would wait for its worker.
    process.kill(envoy.pid, "SIGKILL");
    await request;
    await envoy.stop();
  }
});

/** Calls itself in a way that no compiler makes a loop of. */
const DEEP = `
  (func $deep (param i32) (result i32)
    (if (result i32) (i32.eqz (local.get 0)) (then (i32.const 0))
      (else (i32.mul
        (call $deep (i32.sub (local.get 0) (i32.const 1)))
        (call $deep (i32.sub (local.get 0) (i32.const 2)))))))
  ${callback("proxy_on_request_headers", "(drop (call $deep (i32.const 2000000000)))")}`;

test.each([
  ["wasm", 8192],
  ["aot", 8192],
  ["wasm", 1024],
  ["aot", 1024],
  ["aot", 768],
] as const)("a recursion without an end ends the VM: %s, in threads with %d KiB", async (engine, size) => {
  const envoy = await startWith(DEEP, engine, { wrap: ["prlimit", `--stack=${size * 1024}`] });
  try {
    const { status } = await fetch(`http://127.0.0.1:${envoy.port}/`);
    expect(status).toBe(503);
    await expect.poll(() => envoy.output.all()).toContain("Maximum call stack size exceeded");
    expect((await fetch(`${envoy.admin.url}/ready`)).status).toBe(200);
  } finally {
    await envoy.stop();
  }
});
