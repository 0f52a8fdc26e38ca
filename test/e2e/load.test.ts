import { Agent } from "node:http";
import { join } from "node:path";
import { expect, test } from "vitest";
import { onFreePorts } from "../../src/cases/open.ts";
import { send } from "../../src/cases/send.ts";
import { startEcho } from "../../src/echo/server.ts";
import { readBootstrap } from "../../src/envoy/bootstrap.ts";
import { startEnvoy } from "../../src/envoy/start.ts";
import { projectRoot } from "../guest-module.ts";

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
