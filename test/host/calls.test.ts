// HTTP calls of plugins: the answer is the test's to give.
import { readFileSync } from "node:fs";
import { beforeEach, expect, test } from "vitest";
import { Host, type HttpStream, type Pair, type Plugin } from "../../src/host/index.ts";
import { compiledGuest } from "../guest-module.ts";

const REQUEST: Pair[] = [
  [":authority", "a"],
  [":path", "/"],
  [":method", "GET"],
  ["x-token", "good"],
];

let host: Host;
let plugin: Plugin;
let stream: HttpStream;
let hostCalls: string[];
beforeEach(async () => {
  hostCalls = [];
  host = new Host({ trace: ({ direction, name }) => void (direction === "host call" && hostCalls.push(name)) });
  plugin = host.load({ wasm: readFileSync(await compiledGuest("kinds")), rootId: "auth" });
  stream = plugin.openStream();
  stream.sendRequestHeaders(REQUEST, true);
});

test("a call holds the request until it is answered, and then the filter sees the answer", () => {
  expect(stream.isHeld.request).toBe(true);
  const [call] = host.httpCalls;
  expect(call).toEqual({
    token: 4,
    cluster: "upstream",
    headers: [
      [":method", "GET"],
      [":path", "/auth"],
      [":authority", "auth"],
      ["x-token", "good"],
    ],
    body: "",
    trailers: [],
    timeout: 1000,
  });
  call!.respond({ body: "said" });
  expect(stream.upstream?.headers.at(-1)).toEqual(["x-auth-body", "said"]);
});

test("a call that is refused, or fails, is answered by the filter", () => {
  host.httpCalls[0]!.fail();
  expect([stream.upstream, stream.downstream?.headers[0], stream.downstream?.body]).toEqual([
    undefined,
    [":status", "403"],
    "no\n",
  ]);
});

test("when the plugin ends, calls whose stream is there hear of it, and those whose stream is gone do not", () => {
  const gone = plugin.openStream();
  gone.sendRequestHeaders(REQUEST, true);
  gone.end();
  hostCalls.length = 0;
  plugin.end();
  expect(hostCalls.filter((name) => name === "proxy_send_local_response")).toEqual(["proxy_send_local_response"]);
});
