// What a request costs the heap.
import { readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { instantiate } from "../../src/bench/bare-host.ts";
import { compiledGuest } from "../guest-module.ts";

let wasm: Uint8Array;
beforeAll(async () => {
  wasm = readFileSync(await compiledGuest("headers-heap"));
});

/** Whether exchanges make objects, once what grows has grown. */
async function allocates(rules: object[]): Promise<boolean> {
  const guest = await instantiate(wasm, "headers", JSON.stringify({ rules }));
  for (let i = 0; i < 10; i++) guest.exchange();
  const before = guest.call("objectsMade");
  for (let i = 0; i < 100; i++) guest.exchange();
  return guest.call("objectsMade") !== before;
}

const WRITES = [{ set: { name: "x-a", value: "1" } }, { add: { name: "x-b", value: "2" } }, { remove: "x-internal" }];

test.for<[string, object[]]>([
  ["the same for every message", [{ request: WRITES, response: WRITES }]],
  ["with conditions", [{ matches: [{ path: { value: "/" }, hostnames: ["*.com"] }], request: WRITES }]],
  [
    "that make values and edit lines",
    [
      {
        request: [
          { set: { name: "x-a", value: "%REQ(user-agent)|upper% %REQ(x-internal)|sha256%" } },
          { append: { name: "x-a", value: "b" } },
          { replace: { name: "user-agent", pattern: { regex: "(o)" }, substitution: "<\\1>" } },
          { query: { add: { name: "a", value: "b" } } },
          { cookie: { set: { name: "a", value: "b" } } },
          { remove: { prefix: "x-int" } },
        ],
      },
    ],
  ],
])("rules %s make no object on a request", async ([, rules]) => {
  expect(await allocates(rules)).toBe(false);
});

test("rules that must remember something of a stream do", async () => {
  expect(await allocates([{ matches: [{ path: { value: "/" } }], response: WRITES }])).toBe(true);
});
