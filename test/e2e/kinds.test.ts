// What filters do through the runtime, beyond headers: test/guest/kinds.ts on a real Envoy.
import { createServer, type IncomingMessage, type Server } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { send } from "../../src/cases/send.ts";
import { wasmConfig } from "../../src/envoy/wasm-config.ts";
import type { HeaderLine } from "../../src/echo/exchange.ts";
import { withFilters } from "../../src/envoy/bootstrap.ts";
import { startEnvoy } from "../../src/envoy/start.ts";
import { startSwappable, type SwappableEnvoy, type TypedConfig } from "../../src/envoy/swap.ts";
import { demoBootstrap } from "../demo-bootstrap.ts";
import { loggedWhile } from "../logged-while.ts";
import { compiledGuest } from "../guest-module.ts";

let upstream: Server;
let envoy: SwappableEnvoy;
let wasm: string;
/** Requests as the upstream got them, calls of filters apart. */
let received: { headers: Record<string, string>; lines: string[]; body: string }[] = [];

beforeAll(async () => {
  upstream = createServer(
    (request, response) => void answer(request).then((body) => response.writeHead(...body.head).end(body.body)),
  );
  await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
  const { port } = upstream.address() as { port: number };
  const bootstrap = demoBootstrap(port);
  envoy = await startSwappable({ bootstrap, concurrency: 1 });
  wasm = await compiledGuest("kinds");
});
afterAll(async () => {
  await envoy.stop();
  upstream.closeAllConnections();
  upstream.close();
});

async function answer(request: IncomingMessage): Promise<{ head: [number, string[]]; body: string }> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  if (request.url === "/auth") {
    return {
      head: [request.headers["x-token"] === "good" ? 200 : 401, []],
      body: `auth:${String(request.headers["x-token"])}`,
    };
  }
  const lines = request.rawHeaders.flatMap((name, i) => (i % 2 ? [] : [`${name}: ${request.rawHeaders[i + 1]}`]));
  received.push({ headers: request.headers as Record<string, string>, lines, body: Buffer.concat(chunks).toString() });
  return { head: [200, ["content-type", "text/plain"]], body: "answer" };
}

const config = (rootId: string, vm: object = {}): TypedConfig =>
  wasmConfig({ wasm, rootId }, "configured", { vm_id: "kinds", ...vm });

async function exchange(headers: HeaderLine[] = [], body = "") {
  received = [];
  const method = body === "" ? "GET" : "POST";
  const response = await send(
    { host: "127.0.0.1", port: envoy.envoy.port },
    { method, path: "/p?q", authority: "example.com", headers, body },
  );
  return { ...response, headers: Object.fromEntries(response.headers) };
}

const logged = async (action: () => Promise<unknown>): Promise<string[]> =>
  (await loggedWhile(envoy.envoy, action)).map(({ level, message }) => `${level} ${message}`);

describe("auth by a call to another cluster", () => {
  beforeAll(() => envoy.swap(config("auth")));

  test("lets a request through when the answer comes, and shows the answer to the filter", async () => {
    const { status, headers } = await exchange([["x-token", "good"]]);
    expect([status, headers["x-allowed"], received[0]?.headers["x-auth-body"]]).toEqual([200, "yes", "auth:good"]);
  });

  test("answers by itself where the answer is no", async () => {
    const { status, headers, body } = await exchange([["x-token", "bad"]]);
    expect([status, headers["x-denied"], body, received.length]).toEqual([403, "401", "no\n", 0]);
  });
});

describe("a plugin that ticks and keeps shared data", () => {
  test("counts on, is told what is missing, and notices that somebody else has written", async () => {
    await envoy.swap(config("tick"));
    const ticks = async () => Number((await exchange()).headers["x-ticks"]);
    await expect.poll(ticks).toBeGreaterThan(3);
    const before = await ticks();
    await expect.poll(ticks).toBeGreaterThan(before + 3);
    // NotFound; the first write fits, the second does not.
    expect((await exchange()).headers).toMatchObject({ "x-missing": "1", "x-cas": "0 8" });
  });
});

test("bodies are read whole and changed in both directions", async () => {
  await envoy.swap(config("body"));
  const { body } = await exchange([["content-type", "text/plain"]], "some text");
  expect([received[0]?.body, body]).toEqual(["<SOME TEXT!>", "swer 6 bytes"]);
});

test("a header callback can ask and do all of this, and nothing traps", async () => {
  await envoy.swap(config("ask", { environment_variables: { key_values: { GREETING: "good day" } } }));
  const raw = "\x31\xc0\xa7\xff\x32";
  const log = await logged(() =>
    exchange([
      ["x-many", "1"],
      ["x-many", "2"],
      ["x-empty", ""],
      ["x-gone", "1"],
      ["x-raw", raw],
    ]),
  );
  expect(received[0]?.headers).toMatchObject({
    "x-get": "1||example.com",
    "x-has": "true false true",
    "x-all": "1;2",
    "x-set-seen": "a;b;c",
    "x-set-after": "d;e",
    "x-gone-seen": "false",
    "x-raw-copy": raw,
    "x-status": "0 2 2", // Ok here; BadArgument for the response's map, to read and to write
    "x-attributes": "GET /p?q 0",
    "x-port": "true",
    "x-property": "kept",
    "x-time": "true",
    "x-random": "16",
    "x-environment": "good day true",
    "x-foreign": "0 1", // NotFound
    "x-metrics": "2 4",
  });
  expect(received[0]?.lines.filter((line) => line.startsWith("x-set:"))).toEqual(["x-set: d", "x-set: e"]);
  expect(log).toEqual(["info asked"]);
  expect(await envoy.envoy.admin.stats("ask\\.")).toMatchObject({
    "wasmcustom.ask.requests": 2,
    "wasmcustom.ask.level": 4,
  });
  await exchange();
  expect(received[0]?.headers["x-metrics"]).toBe("4 4");
});

test("a queue carries items from a stream to a plugin", async () => {
  await envoy.swap(config("queue"));
  const log = await logged(async () => expect((await exchange()).headers["x-queue"]).toBe("0 1"));
  expect(log).toEqual(["warn job one", "warn job two"]);
});

test("a stream ends with log, done and delete, and a plugin with done and delete", async () => {
  await envoy.swap(config("ends"));
  const stream = await logged(() => exchange());
  expect(stream).toEqual(["warn log 200 200", "warn done", "warn delete"]);
  const plugin = await logged(() => envoy.swap(config("body")));
  expect(new Set(plugin)).toEqual(new Set(["warn root done", "warn root delete"]));
});

test("a trap is logged with its message, file, line and column, and a fresh VM serves after it", async () => {
  await envoy.swap(config("trap"));
  const log = await logged(async () => expect((await exchange([["x-trap", "1"]])).status).toBe(503));
  expect(log).toEqual([expect.stringMatching(/^critical as told at: test\/guest\/kinds\.ts\(\d+:\d+\)$/)]);
  await expect.poll(async () => (await exchange()).status, { timeout: 5000 }).toBe(200);
});

test("two plugins of one VM, one behind the other, keep their configurations and streams apart", async () => {
  const readme = await compiledGuest("two-plugins");
  const filter = (rootId: string, configuration: string) => {
    // With the same code: one VM a thread.
    const typed_config = wasmConfig({ wasm: readme, rootId }, configuration, { vm_id: "shared" });
    return { name: `${rootId}-${configuration}`, typed_config };
  };
  const bootstrap = demoBootstrap();
  const filters = [filter("one", "a"), filter("two", "b"), filter("one", "c")];
  const two = await startEnvoy({ bootstrap: withFilters(bootstrap, filters), concurrency: 1 });
  try {
    for (let i = 1; i <= 3; i++) {
      const { headers } = await fetch(`http://127.0.0.1:${two.port}`);
      // Responses pass the filters from the last to the first; each counts its own streams.
      expect(headers.get("x-seen")).toBe(`one c ${i}, two b ${i}, one a ${i}`);
    }
    // One for the main thread, one for the worker, and the base that both are cloned from.
    expect(await two.admin.stats("^wasm\\.envoy\\.wasm\\.runtime\\.v8\\.active$")).toEqual({
      "wasm.envoy.wasm.runtime.v8.active": 3,
    });
  } finally {
    await two.stop();
  }
});
