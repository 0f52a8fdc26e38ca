import { Agent } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { onFreePorts } from "../../src/cases/open.ts";
import { send } from "../../src/cases/send.ts";
import { wasmConfig } from "../../src/envoy/wasm-config.ts";
import { startEcho } from "../../src/echo/server.ts";
import { readBootstrap } from "../../src/envoy/bootstrap.ts";
import { startEnvoy } from "../../src/envoy/start.ts";
import { startSwappable } from "../../src/envoy/swap.ts";
import { demoBootstrap } from "../demo-bootstrap.ts";
import { compiledGuest, projectRoot } from "../guest-module.ts";

const CONNECTIONS = 64;
const REQUESTS = 20_000;

test("20,000 requests over 64 connections at a time get no wrong answer", { timeout: 120_000 }, async () => {
  const echo = await startEcho();
  const bootstrap = onFreePorts(readBootstrap(join(projectRoot, "envoy/envoy.yaml")), echo);
  const envoy = await startEnvoy({ bootstrap, cwd: projectRoot, concurrency: 2 });
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  let next = 0;
  const wrong: unknown[] = [];
  const client = async () => {
    while (next < REQUESTS) {
      const id = String(next++);
      const request = { method: "GET", path: `/${id}`, authority: "example.com", headers: [], body: "" };
      const lines: [string, string][] = [
        ["x-id", id],
        ["x-internal", id],
        ["x-internal", "again"],
      ];
      const { status, headers, body } = await send(
        { host: "127.0.0.1", port: envoy.port, agent },
        { ...request, headers: lines },
      );
      const upstream = JSON.parse(body) as { path: string; headers: [string, string][] };
      const result = {
        status,
        path: upstream.path,
        request: upstream.headers.filter(([name]) => /^x-(id|internal|demo)/.test(name)),
        response: headers.filter(([name]) => /^x-(demo|powered)/.test(name)),
      };
      const expected = {
        status: 200,
        path: `/${id}`,
        request: [
          ["x-id", id],
          ["x-demo-request", "hello"],
        ],
        response: [["x-demo-response", "world"]],
      };
      if (JSON.stringify(result) !== JSON.stringify(expected)) wrong.push(result);
    }
  };
  try {
    await Promise.all(Array.from({ length: CONNECTIONS }, client));
    expect(wrong).toEqual([]);
    const stats = await envoy.admin.stats(
      "^http\\.demo\\.downstream_(rq_total|cx_total)$|^cluster\\.upstream\\.upstream_rq_200$",
    );
    expect(stats).toMatchObject({
      "http.demo.downstream_rq_total": REQUESTS,
      "cluster.upstream.upstream_rq_200": REQUESTS,
    });
    expect(stats["http.demo.downstream_cx_total"]).toBe(CONNECTIONS);
  } finally {
    agent.destroy();
    await envoy.stop();
    await echo.close();
  }
});

test("a plugin that counts its streams counts each of them once, while its configuration changes under load", async () => {
  const wasm = await compiledGuest("two-plugins");
  const echo = await startEcho();
  const envoy = await startSwappable({ bootstrap: demoBootstrap(echo.port), concurrency: 1 });
  onTestFinished(async () => {
    await envoy.stop();
    await echo.close();
  });
  // All versions in one VM.
  const swap = (version: number) =>
    envoy.swap(wasmConfig({ wasm, rootId: "one" }, `v${version}`, { vm_id: "counting" }));
  await swap(0);
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const seen: string[] = [];
  let isDone = false;
  const request = { method: "GET", path: "/", authority: "a", headers: [], body: "" };
  const clients = Array.from({ length: 16 }, async () => {
    while (!isDone) {
      const { headers } = await send({ host: "127.0.0.1", port: envoy.envoy.port, agent }, request);
      seen.push(headers.find(([name]) => name === "x-seen")?.[1] ?? "nothing");
    }
  });
  for (let version = 1; version <= 20; version++) {
    await swap(version);
    await sleep(20);
  }
  isDone = true;
  await Promise.all(clients);
  agent.destroy();
  const counts: Record<string, number[]> = {};
  for (const text of seen) {
    const [, version, count] = /^one (v\d+) (\d+)$/.exec(text)!;
    (counts[version!] ??= []).push(Number(count));
  }
  expect(Object.keys(counts).length).toBeGreaterThan(10);
  for (const numbers of Object.values(counts)) {
    expect(numbers.toSorted((a, b) => a - b)).toEqual(numbers.map((_, i) => i + 1));
  }
});
