// The gate in each language, in the host, in a real Envoy, and there compiled ahead of time: the same is expected of all six. README.md says what it does.
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { projectRoot } from "../guest-module.ts";
import type { Backend } from "./backend.ts";
import { onAot, onEnvoy } from "./on-envoy.ts";
import { onHost } from "./on-host.ts";
import type { Answer, Request } from "./upstream.ts";

const CONFIGURATION = "cluster upstream\nmask secret";
const GOOD: Request = { headers: { "x-token": "good" } };
const ANSWER: Answer = { headers: {}, body: ["no secret"] };

/** What the gate makes of every request that it asks about. */
const ADDED = {
  "x-version": "2",
  "x-counts-agree": "true",
  "x-properties": "POST gate",
  "x-time": expect.stringMatching(/^\d+$/) as string,
  "x-nonce": expect.stringMatching(/^[0-9a-f]{16}$/) as string,
};
const PSEUDO = { ":method": "POST", ":path": "/p?q", ":authority": "example.com" };
const SEEN = { "x-seen": expect.stringMatching(/^\d+$/) as string };

/** How each language says that it has panicked. */
const PANIC: Record<string, RegExp> = {
  rust: /^critical panicked at 'told to', src\/lib.rs:\d+:\d+$/,
  go: /^error panic: error told to.*OnHttpRequestHeaders/, // its runtime writes it piece by piece
};

describe.for(["rust", "go"])("the gate in %s", (language) => {
  const file = join(projectRoot, `build/sdks/${language}.wasm`);

  describe.for([
    ["src/host", onHost],
    ["Envoy", onEnvoy],
    ["Envoy, compiled ahead of time", onAot],
  ] as const)("in %s", ([, open]) => {
    let backend: Backend;
    beforeAll(async () => void (backend = await open(file)));
    afterAll(() => backend.close());
    beforeEach(() => backend.configure(CONFIGURATION));

    test("refuses a setting that it does not know, and says which", async () => {
      await expect(backend.configure(`${CONFIGURATION}\ncolour red`)).rejects.toMatchObject({
        detail: expect.stringContaining("unknown setting: colour red") as string,
      });
    });

    test("holds a request until it is answered for, and changes headers, bodies and trailers both ways", async () => {
      const headers = { "x-token": "good", "x-tag": "client", "x-internal": "1", "x-version": "1", accept: "*/*" };
      const { client, upstream, log } = await backend.exchange(
        { headers, trailers: { "x-sent": "1" } },
        { headers: { "x-powered-by": "php" }, body: ["no sec", "ret here"], trailers: { "x-more": "yes" } },
      );
      expect(upstream).toEqual({
        headers: {
          ...PSEUDO,
          ...ADDED,
          "x-token": "good",
          "x-tag": "client, gate",
          accept: "*/*,text/html", // Envoy keeps one line of it
          "x-user": "ann",
        },
        body: "body",
        trailers: { "x-sent": "1", "x-gate": "seen" },
      });
      expect(client).toEqual({
        headers: { ":status": "200", ...SEEN },
        body: "no ****** here",
        trailers: { "x-more": "yes", "x-gate": "seen" },
      });
      expect(log).toEqual(["info asked upstream", "info audit: /p?q 200"]);
    });

    test("masks a body that comes in one piece", async () => {
      const { client } = await backend.exchange(GOOD, { headers: { "content-length": "9" }, body: ["no secret"] });
      expect(client).toEqual({ headers: { ":status": "200", ...SEEN }, body: "no ******", trailers: {} });
    });

    test("masks a body that comes in one piece, with trailers behind it", async () => {
      const { client } = await backend.exchange(GOOD, { ...ANSWER, trailers: { "x-more": "yes" } });
      expect(client).toEqual({
        headers: { ":status": "200", ...SEEN },
        body: "no ******",
        trailers: { "x-more": "yes", "x-gate": "seen" },
      });
    });

    test("lets a response without a body be", async () => {
      const { client } = await backend.exchange(GOOD, { headers: {}, body: [] });
      expect(client).toEqual({ headers: { ":status": "200", ...SEEN }, body: "", trailers: {} });
    });

    test.for([
      ["blocks by a header", { "x-blocked": "1" }, 403, "blocked", ""],
      ["turns away whom the other cluster does not know", { "x-token": "bad" }, 403, "auth says 401", /^\d+$/],
      ["turns away where the other cluster breaks off", { "x-token": "broken" }, 503, "auth says nothing", /^\d+$/],
    ] as const)("%s", async ([, headers, status, reason, seen]) => {
      const { client, upstream, log } = await backend.exchange({ headers }, ANSWER);
      expect(upstream).toBeUndefined();
      expect(client).toEqual({
        headers: {
          ":status": String(status),
          "x-reason": reason,
          "content-type": "text/plain",
          "x-seen": expect.stringMatching(seen) as string,
          // Envoy says how long an answer of a dynamic module is, whatever that does with the header.
          ...(open === onAot && { "content-length": String(reason.length + 1) }),
        },
        body: `${reason}\n`,
        trailers: {},
      });
      expect(log.at(-1)).toBe(`info audit: /p?q ${status}`);
    });

    test("turns away where there is no cluster to ask", async () => {
      await backend.configure("cluster nowhere\nmask x");
      const { client, upstream, log } = await backend.exchange(GOOD, ANSWER);
      // The configuration before this one may say that it ends while the request is under way. Compiled ahead of time, the call is made on
      // the main thread, and fails there.
      const said = log.filter((line) => line !== "info closed" && !(open === onAot && line === "info asked nowhere"));
      expect([client?.headers["x-reason"], upstream, said]).toEqual([
        open === onAot ? "auth says nothing" : "nobody to ask",
        undefined,
        ["info audit: /p?q 503"],
      ]);
    });

    test("knows the time, and random numbers", async () => {
      const first = (await backend.exchange(GOOD, ANSWER)).upstream!.headers;
      const second = (await backend.exchange(GOOD, ANSWER)).upstream!.headers;
      expect(Math.abs(Number(first["x-time"]) - backend.now())).toBeLessThan(10);
      expect(first["x-nonce"]).not.toBe(second["x-nonce"]);
    });

    test("counts requests in shared data, from one to the next", async () => {
      const seen = async () => Number((await backend.exchange(GOOD, ANSWER)).client!.headers["x-seen"]);
      const first = await seen();
      expect(await seen()).toBe(first + 1);
    });

    test("keeps metrics", async () => {
      const before = await backend.metrics();
      await backend.exchange(GOOD, ANSWER);
      await backend.exchange({ headers: { "x-blocked": "1" } }, ANSWER);
      const { ticks: _, ...after } = await backend.metrics();
      expect(after).toEqual({
        requests: before["requests"]! + 2,
        open: 0,
        request_bytes_count: before["request_bytes_count"]! + 2,
      });
    });

    test("ticks", async () => {
      const before = (await backend.metrics())["ticks"]!;
      await backend.wait(150);
      expect((await backend.metrics())["ticks"]).toBeGreaterThan(before + 4);
    });

    test("says so when it ends", async () => {
      expect(await backend.end()).toEqual(["info closed"]);
    });

    test("answers with 503 where it panics, and says why", async () => {
      const { client, upstream, log } = await backend.exchange({ headers: { "x-panic": "1" } }, ANSWER);
      expect(upstream).toBeUndefined();
      expect(client).toEqual({ headers: { ":status": "503" }, body: "", trailers: {} });
      expect(log.join("")).toMatch(PANIC[language]!);
    });
  });
});
