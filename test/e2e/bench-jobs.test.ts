// What the bench compares does the same work: of each job every variant changes the request and the response alike.
import { Agent } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { jobs } from "../../src/bench/jobs.ts";
import type { BenchRequest } from "../../src/bench/request.ts";
import { send } from "../../src/cases/send.ts";
import type { HeaderLine, ReceivedRequest } from "../../src/echo/exchange.ts";
import { type Echo, startEcho } from "../../src/echo/server.ts";
import { type HttpFilter, withFilters } from "../../src/envoy/bootstrap.ts";
import { startEnvoy } from "../../src/envoy/start.ts";
import { demoBootstrap } from "../demo-bootstrap.ts";
import { projectRoot } from "../guest-module.ts";

let echo: Echo;
beforeAll(async () => {
  echo = await startEcho();
});
afterAll(() => echo.close());

/** Lines that no filter makes, and that differ from time to time. */
const OF_THE_MOMENT = /^(?:date|x-request-id|x-envoy-[^:]*|content-length|connection):/;
const sorted = (lines: HeaderLine[]) =>
  lines
    .map(([name, value]) => `${name.toLowerCase()}: ${value}`)
    .filter((line) => !OF_THE_MOMENT.test(line))
    .sort();

/** @returns the request as it reaches the upstream, and the response as it reaches the client */
async function exchange(filters: HttpFilter[], request: BenchRequest) {
  const envoy = await startEnvoy({ bootstrap: withFilters(demoBootstrap(echo.port), filters) });
  const agent = new Agent();
  try {
    const { status, headers, body } = await send(
      { host: "127.0.0.1", port: envoy.port, agent },
      { method: "GET", ...request, body: "" },
    );
    expect(status).toBe(200);
    return { request: sorted((JSON.parse(body) as ReceivedRequest).headers), response: sorted(headers) };
  } finally {
    agent.destroy();
    await envoy.stop();
  }
}

test.each(jobs)("$name job", async (job) => {
  // Of what differs by its engine alone the tests of that engine tell.
  const variants = (await job.variants(projectRoot)).filter(({ isAot, isOtherJob }) => !isAot && !isOtherJob);
  const [none, ...others] = await Promise.all(
    variants.map(async ({ name, filters }) => ({ name, ...(await exchange(filters, job.request)) })),
  );
  const { name: _, ...expected } = others.find(({ name }) => name === job.against)!;
  expect(expected).not.toEqual({ request: none!.request, response: none!.response });
  for (const { name, ...seen } of others) expect(seen, name).toEqual(expected);
});
