// Examples of docs/headers.md and docs/recipes.md on a real Envoy, those whose result does not depend on time, chance or attributes.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { send } from "../../src/cases/send.ts";
import { wasmConfig } from "../../src/envoy/wasm-config.ts";
import { EchoControl } from "../../src/echo/control.ts";
import { type Echo, startEcho } from "../../src/echo/server.ts";
import { startSwappable, type SwappableEnvoy } from "../../src/envoy/swap.ts";
import { decodeUtf8, encodeUtf8 } from "../../src/host/index.ts";
import { demoBootstrap } from "../demo-bootstrap.ts";
import { projectRoot } from "../guest-module.ts";
import {
  attributesOf,
  type Example,
  examplesOf,
  givenBy,
  isOwnAnswer,
  type Line,
  sentIn,
  valuesOf,
} from "../page-examples.ts";

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

const encoded = (lines: Line[]) => lines.map(([name, value]): Line => [name, encodeUtf8(value)]);
const decoded = (lines: Line[]) => lines.map(([name, value]): Line => [name.toLowerCase(), decodeUtf8(value)]);

async function run(example: Example): Promise<void> {
  const { line, rules, exchanges } = example;
  const { environment } = givenBy(attributesOf(example));
  const setup = { wasm: join(projectRoot, "build/headers.wasm"), rootId: "headers" };
  const vm = { vm_id: `line-${line}`, environment_variables: { key_values: environment } };
  await envoy.swap(wasmConfig(setup, JSON.stringify(rules), vm));
  const control = new EchoControl(`http://127.0.0.1:${echo.controlPort}`);
  for (const exchange of exchanges) {
    const { request, answer } = sentIn(exchange);
    await control.answer({ ...answer, headers: encoded(answer.headers), body: "" });
    const sent = { ...request, headers: encoded(request.headers), body: "" };
    const response = await send({ host: "127.0.0.1", port: envoy.envoy.port }, sent);
    const [received] = await control.received();
    const back: Line[] = [[":status", `${response.status}`], ...decoded(response.headers)];
    expect(valuesOf(back, exchange.response)).toEqual(valuesOf(exchange.response.after, exchange.response));
    expect(received === undefined).toBe(isOwnAnswer(exchange));
    if (!received) continue;
    const headers = decoded(received.headers).map(([name, value]): Line => [
      name === "host" ? ":authority" : name,
      value,
    ]);
    const got: Line[] = [[":method", received.method], [":path", received.path], ...headers];
    expect(valuesOf(got, exchange.request)).toEqual(valuesOf(exchange.request.after, exchange.request));
  }
}

/** Envoy's clock and random numbers are its own, and so are attributes. */
function isSteady(example: Example): boolean {
  return (
    !/START_TIME|UNIQUE_ID/.test(example.text) &&
    attributesOf(example).every(([name]) => name.startsWith("environment."))
  );
}

describe.each(["docs/headers.md", "docs/recipes.md"])("%s", (page) => {
  const examples = examplesOf(readFileSync(join(projectRoot, page), "utf8"));
  test.each(examples.filter(isSteady).map((example) => ({ ...example, at: `${page}:${example.line}` })))(
    "$at, $heading: comes out as shown",
    run,
  );
});
