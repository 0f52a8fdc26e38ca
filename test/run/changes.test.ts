import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { compiledGuest } from "../guest-module.ts";
import { startFilterwright } from "./running.ts";

let wasm: string;

beforeAll(async () => {
  wasm = await compiledGuest("changes");
});

/** What both back ends print. */
const CHANGES = `\
POST /p  202, N ms
  request   ~ method: POST -> PUT
  request   ~ path: /p -> /other?q=1
  request   ~ authority: example.com -> other.example
  request   ~ x-replaced: old -> new
  request   - x-gone: 1
  request   - x-gone: 2
  request   + x-more: b
  request   - content-length: 4
  request   + x-added: one
  request   ~ body: "body" -> "BODY"
  response  ~ status: 200 -> 202
  response  - x-powered-by: echo
  response  - content-length: 353
  response  + x-control: a\\tb
  response  ~ body: "{\\"method\\":\\"PUT\\",\\"path\\":\\"/other?q=1\\",\\"headers\\":[[\\"host\\",\\"othe"... (353 characters) -> "short\\n"
  log       warn: seen
GET /reply  403, not sent upstream, N ms
  response  + status: 403
  response  + x-why: no
  response  + content-length: 3
  response  + content-type: text/plain
  response  + body: "no\\n"
GET /late  502, N ms
  response  ~ status: 200 -> 502
  response  ~ content-type: application/json -> text/plain
  response  - x-powered-by: echo
  response  ~ content-length: 241 -> 8
  response  - x-envoy-upstream-service-time: (ms)
  response  ~ body: "{\\"method\\":\\"GET\\",\\"path\\":\\"/late\\",\\"headers\\":[[\\"host\\",\\"example.c"... (241 characters) -> "not this"
GET /wait  200, N ms
  request   + x-held: by a timer
GET /source  200, N ms
  request   + x-source: 127.0.0.1
GET /call  200, N ms
  request   + x-called: 200
  note      called upstream: POST /ask 200
POST /trailers  200, N ms
  request   ~ trailer x-end: 1 -> changed
GET /reset  no response: the stream was reset, or the client went away, not sent upstream, N ms
GET /trap  503, not sent upstream, N ms
  response  + status: 503
  log       critical: as told at: test/guest/changes.ts(N:N)
  trap      proxy_on_request_headers trapped: unreachable
`;

describe.each([
  ["host", "the TypeScript host"],
  ["wasm", "Envoy 1.40.0"],
])("filterwright run --on %s", (on, title) => {
  test("prints for each request all that the filter changed, and nothing that Envoy does by itself", async () => {
    const running = await startFilterwright([wasm, "--on", on]);
    const start = `${wasm} on ${title}, in front of an echo\n\n  curl -i http://127.0.0.1:PORT/hello\n\nControl-C ends it.\n\n`;
    expect(running.text()).toBe(start);

    const everything = await running.send({
      method: "POST",
      path: "/p",
      headers: [
        ["x-do", "everything"],
        ["X-Replaced", "old"],
        ["x-gone", "1"],
        ["x-more", "a"],
        ["x-gone", "2"],
        ["te", "trailers"],
      ],
      body: "body",
    });
    expect({ ...everything, headers: everything.headers.filter(([name]) => name !== "date") }).toEqual({
      status: 202,
      headers: [
        ["content-type", "application/json"],
        ["x-envoy-upstream-service-time", expect.any(String)],
        ["x-control", "a\tb"],
        ["server", "envoy"],
        ["transfer-encoding", "chunked"],
        ["Connection", "keep-alive"],
      ],
      body: "short\n",
      trailers: [],
    });
    const doing = (what: string, path: string) => running.send({ path, headers: [["x-do", what]] });
    expect((await doing("reply", "/reply")).body).toBe("no\n");
    await doing("reply late", "/late");
    await doing("wait", "/wait");
    await doing("source", "/source");
    await doing("call upstream", "/call");
    await running.send({
      method: "POST",
      path: "/trailers",
      headers: [["x-do", "trailers"]],
      body: "a",
      trailers: [["x-end", "1"]],
    });
    await expect(doing("reset", "/reset")).rejects.toThrow("socket hang up");
    await doing("trap", "/trap");
    await expect.poll(() => running.text()).toContain("trapped");
    expect(running.text()).toBe(start + CHANGES);
    expect(running.stderr).toBe("");
    expect(await running.interrupt()).toBe(0);
    await expect(running.send()).rejects.toThrow("ECONNREFUSED");
  });

  test("prints JSON for programs: one object a request, a line each", async () => {
    const running = await startFilterwright([wasm, "--on", on, "--json", "--log-level", "debug"]);
    await running.send({ method: "POST", path: "/p?q=1", headers: [["x-do", "everything"]], body: "b" });
    await running.send({ path: "/plain" });
    await expect.poll(() => running.stdout).toContain("/plain");
    const reports = running.stdout.trim().split("\n");
    expect(reports.map((line) => JSON.parse(line) as unknown)).toEqual([
      {
        request: { method: "POST", path: "/p?q=1", authority: "example.com" },
        status: 202,
        reached: true,
        milliseconds: expect.any(Number),
        changes: [
          { side: "request", part: "method", from: "POST", to: "PUT" },
          { side: "request", part: "path", from: "/p?q=1", to: "/other?q=1" },
          { side: "request", part: "authority", from: "example.com", to: "other.example" },
          { side: "request", part: "header", name: "content-length", from: "1" },
          { side: "request", part: "header", name: "x-added", to: "one" },
          { side: "request", part: "header", name: "x-more", to: "b" },
          { side: "request", part: "header", name: "x-replaced", to: "new" },
          { side: "request", part: "body", from: "b", to: "B" },
          { side: "response", part: "status", from: "200", to: "202" },
          { side: "response", part: "header", name: "x-powered-by", from: "echo" },
          { side: "response", part: "header", name: "content-length", from: expect.any(String) },
          { side: "response", part: "header", name: "x-control", to: "a\tb" },
          { side: "response", part: "body", from: expect.stringContaining('"body":"B"'), to: "short\n" },
        ],
        log: [
          { level: "debug", message: "seen from debug on" },
          { level: "warn", message: "seen" },
        ],
        traps: [],
        notes: [],
      },
      {
        request: { method: "GET", path: "/plain", authority: "example.com" },
        status: 200,
        reached: true,
        milliseconds: expect.any(Number),
        changes: [],
        log: [],
        traps: [],
        notes: [],
      },
    ]);
  });

  test("prints to stderr what the plugin logs while there is no request", async () => {
    const running = await startFilterwright([wasm, "--on", on]);
    await running.send({ headers: [["x-do", "tick"]] });
    await sleep(200);
    await expect.poll(() => running.stderr).toBe("  log       info: ticked\n");
    expect(running.text()).toContain("GET /  200, N ms\n  nothing changed\n");
  });
});
