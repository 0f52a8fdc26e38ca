// What becomes of streams in flight, and of those that come, when a module traps.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import loadWabt from "wabt";
import { pluginLog } from "../../src/cases/backend.ts";
import { send } from "../../src/cases/send.ts";
import { type SwappableEnvoy, startSwappable, type TypedConfig } from "../../src/envoy/swap.ts";
import { wasmConfig } from "../../src/envoy/wasm-config.ts";
import type { FailurePolicy } from "../../src/host/index.ts";
import { demoBootstrap } from "../demo-bootstrap.ts";
import { temporaryFolder } from "../temp.ts";

/**
 * Traps for `/trap`. For `/reply` it answers, and then traps. For `/malloc` its allocator traps, and the callback goes on: it
 * logs what the host call answered. A response it marks.
 */
const GUEST = `(module
  (import "env" "proxy_get_header_map_value" (func $get (param i32 i32 i32 i32 i32) (result i32)))
  (import "env" "proxy_add_header_map_value" (func $add (param i32 i32 i32 i32 i32) (result i32)))
  (import "env" "proxy_log" (func $log (param i32 i32 i32) (result i32)))
  (import "env" "proxy_send_local_response" (func $reply (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) ":path0x-seen1")
  (global $broken (mut i32) (i32.const 0))
  (func (export "proxy_abi_version_0_2_1"))
  (func (export "malloc") (param i32) (result i32)
    (if (global.get $broken) (then unreachable))
    (i32.const 4096))
  (func $path (result i32)
    (call $get (i32.const 0) (i32.const 0) (i32.const 5) (i32.const 64) (i32.const 68)))
  (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
    (local $letter i32)
    (drop (call $path))
    (local.set $letter (i32.load8_u (i32.const 4097)))
    (if (i32.eq (local.get $letter) (i32.const ${"t".charCodeAt(0)})) (then unreachable))
    (if (i32.eq (local.get $letter) (i32.const ${"r".charCodeAt(0)})) (then
      (drop (call $reply (i32.const 418) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)
        (i32.const 0) (i32.const 0) (i32.const -1)))
      unreachable))
    (if (i32.eq (local.get $letter) (i32.const ${"m".charCodeAt(0)})) (then
      (global.set $broken (i32.const 1))
      (i32.store8 (i32.const 5) (i32.add (i32.const 48) (call $path)))
      (drop (call $log (i32.const 2) (i32.const 5) (i32.const 1)))))
    (i32.const 0))
  (func (export "proxy_on_response_headers") (param i32 i32 i32) (result i32)
    (drop (call $add (i32.const 2) (i32.const 6) (i32.const 6) (i32.const 12) (i32.const 1)))
    (i32.const 0)))`;

/** What a client saw: the status, and whether the module had the response. */
export interface Seen {
  status: number;
  isMarked: boolean;
}

/** One request is under way while another makes the module trap; then comes a third. */
export type Scenario = (path: string, policy: FailurePolicy) => Promise<Streams & { log: string[] }>;
export type Streams = Record<"trapping" | "underWay" | "next", Seen>;

export const RELOAD_BACKOFF_MS = 10;

export async function failingModule(): Promise<Uint8Array> {
  const { parseWat } = await loadWabt();
  return parseWat("failing.wat", GUEST).toBinary({}).buffer;
}

/** A real Envoy with the module, in front of an upstream that answers `/slow` when it is told to. */
export class FailingEnvoy {
  readonly envoy: SwappableEnvoy;
  private readonly wasm: Uint8Array;
  private readonly upstream: Upstream;

  private constructor(envoy: SwappableEnvoy, wasm: Uint8Array, upstream: Upstream) {
    this.envoy = envoy;
    this.wasm = wasm;
    this.upstream = upstream;
  }

  static async start(): Promise<FailingEnvoy> {
    const upstream = await startUpstream();
    const envoy = await startSwappable({ bootstrap: demoBootstrap(upstream.port), concurrency: 1 });
    return new FailingEnvoy(envoy, await failingModule(), upstream);
  }

  async stop(): Promise<void> {
    await this.envoy.stop();
    this.upstream.close();
  }

  /** @param engine makes the filter's configuration of that of a Wasm filter */
  scenario(engine: (config: TypedConfig, file: string) => Promise<TypedConfig> | TypedConfig): Scenario {
    return async (path, policy) => {
      const { envoy, upstream } = this;
      const file = join(temporaryFolder(), "failing.wasm");
      writeFileSync(file, this.wasm);
      const config = wasmConfig({ wasm: file, rootId: "failing" }, "", { vm_id: `${policy} ${path}` });
      Object.assign(config["config"] as object, {
        failure_policy: policy,
        reload_config: { backoff: { base_interval: `${RELOAD_BACKOFF_MS / 1000}s` } },
      });
      await envoy.swap(await engine(config, file));
      await sleep(2 * RELOAD_BACKOFF_MS);
      const get = async (at: string): Promise<Seen> => {
        const request = { method: "GET", path: at, authority: "a", headers: [], body: "" };
        const { status, headers } = await send({ host: "127.0.0.1", port: envoy.envoy.port }, request);
        return seen(status, headers);
      };
      const arrived = new Promise<void>((resolve) => (upstream.onSlow = resolve));
      const slow = get("/slow");
      await arrived;
      const position = envoy.envoy.output.position;
      const trapping = await get(path);
      upstream.release();
      const streams = { trapping, underWay: await slow, next: await get("/next") };
      await sleep(50); // the log comes through a pipe
      return { ...streams, log: pluginLog(envoy.envoy.output.since(position)).map(({ message }) => message) };
    };
  }
}

interface Upstream {
  port: number;
  onSlow: () => void;
  release: () => void;
  close: () => void;
}

async function startUpstream(): Promise<Upstream> {
  const server = createServer((request, response) => {
    if (request.url !== "/slow") return response.end();
    upstream.release = () => response.end();
    upstream.onSlow();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const upstream: Upstream = { port, onSlow: () => {}, release: () => {}, close: () => server.close() };
  return upstream;
}

export function seen(status: number, headers: readonly (readonly [string, string])[]): Seen {
  return { status, isMarked: headers.some(([name]) => name === "x-seen") };
}

const FAILED: Seen = { status: 503, isMarked: false };
const PASSED: Seen = { status: 200, isMarked: false };
const FILTERED: Seen = { status: 200, isMarked: true };

/** What is at a path, under a policy, and what becomes of the streams. */
export const FAILING: [path: string, policy: FailurePolicy, expected: Streams][] = [
  ["/trap", "FAIL_CLOSED", { trapping: FAILED, underWay: FAILED, next: FAILED }],
  ["/trap", "FAIL_OPEN", { trapping: FAILED, underWay: FAILED, next: PASSED }],
  ["/trap", "FAIL_RELOAD", { trapping: FAILED, underWay: FAILED, next: FILTERED }],
  ["/malloc", "FAIL_CLOSED", { trapping: FAILED, underWay: FAILED, next: FAILED }],
  ["/malloc", "FAIL_OPEN", { trapping: FAILED, underWay: FAILED, next: PASSED }],
  ["/malloc", "FAIL_RELOAD", { trapping: FAILED, underWay: FAILED, next: FILTERED }],
  ["/reply", "FAIL_CLOSED", { trapping: FAILED, underWay: FAILED, next: FAILED }],
];
