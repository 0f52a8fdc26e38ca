// What the test kit's matchers say where they fail, and what they refuse.
import { beforeAll, describe, expect, test } from "vitest";
import { type Exchange, type Filter, loadFilter } from "../../src/vitest/index.ts";
import { compiledGuest } from "../guest-module.ts";

let kinds: string;
beforeAll(async () => {
  kinds = await compiledGuest("kinds");
});

const send = (): Exchange =>
  loadFilter("add-header").send(
    { headers: { "x-a": ["1", "2"] }, trailers: { "x-t": "t" }, body: "sent" },
    { body: "text" },
  );
const ask = (): Filter => loadFilter(kinds, { rootId: "ask", properties: { source: { address: "x" } } });
const trapped = (): Exchange => loadFilter(kinds, { rootId: "trap" }).send({ headers: { "x-trap": "1" } });

function ended(): Filter {
  const filter = loadFilter(kinds, { rootId: "ends" });
  filter.end();
  return filter;
}

function errorOf(check: () => void): Error {
  try {
    check();
  } catch (error) {
    return error as Error;
  }
  return new Error("it did not fail");
}

const HEADERS = [
  "x-envoy-upstream-service-time: 0",
  "hello: world!",
  "date: Thu, 01 Jan 2026 00:00:00 GMT",
  "server: envoy",
  "transfer-encoding: chunked",
]
  .map((line) => `\n  ${line}`)
  .join("");
const CALL = '\n  proxy_add_header_map_value(ResponseHeaders, "hello", "world!") -> Ok';

test.for<[string, () => void]>([
  [
    "expected the header x-b, found none; there are none",
    () => expect({ ...send().request!, headers: [] }).toHaveHeader("x-b"),
  ],
  [`expected the header x-b, found none; there are ${HEADERS}`, () => expect(send().response).toHaveHeader("x-b")],
  ['expected no header hello, found "world!"', () => expect(send().response).not.toHaveHeader("Hello")],
  ['expected the header x-a to be "1", found "1", "2"', () => expect(send().request).toHaveHeader("x-a", "1")],
  [
    'expected the header x-a not to be "1", /2/, found "1", "2"',
    () => expect(send().request).not.toHaveHeader("x-a", ["1", /2/]),
  ],
  [
    'expected a line of the header x-a that is "3", found "1", "2"',
    () => expect(send().request).toHaveHeaderLine("x-a", "3"),
  ],
  [
    'expected no line of the header x-a that is "1", found "1", "2"',
    () => expect(send().request).not.toHaveHeaderLine("x-a", "1"),
  ],
  ['expected the trailer x-t to be "u", found "t"', () => expect(send().request).toHaveTrailer("x-t", "u")],
  [
    'expected no line of the trailer x-t that is /t/, found "t"',
    () => expect(send().request).not.toHaveTrailerLine("x-t", /t/),
  ],
  ["expected the status 201, found 200", () => expect(send().response).toHaveStatus(201)],
  ["expected the status not to be 200, found 200", () => expect(send().response).not.toHaveStatus(200)],
  ['expected the body /^a/, found "text"', () => expect(send().response).toHaveBody(/^a/)],
  ['expected the body not to be "text", found "text"', () => expect(send().response).not.toHaveBody("text")],
  [
    'expected a local reply 403 "no", found the upstream\'s response 200 "text"',
    () => expect(send()).toHaveLocalReply(403, "no"),
  ],
  [
    'expected no local reply, found a local response 503 "" (the filter trapped: proxy_on_request_headers trapped: unreachable)',
    () => expect(trapped()).not.toHaveLocalReply(),
  ],
  [
    'expected a request that reaches the upstream, found a local response 503 "" (the filter trapped: proxy_on_request_headers trapped: unreachable)',
    () => expect(trapped()).toHaveReachedUpstream(),
  ],
  [
    'expected a request of which nothing reaches the upstream, found the upstream\'s response 200 "text"',
    () => expect(send()).not.toHaveReachedUpstream(),
  ],
  [
    'expected a request or a response that is held, found the upstream\'s response 200 "text"',
    () => expect(send()).toBeHeld(),
  ],
  ['expected a line of log "x", found none', () => expect(send()).toHaveLogged("x")],
  [
    "expected no line of log warn: /delete/, found \n  warn: root done\n  warn: root delete",
    () => expect(ended()).not.toHaveLogged(/delete/, "warn"),
  ],
  ["expected the metric ask.requests to be 1, found 0", () => expect(ask()).toHaveMetric("ask.requests", 1)],
  ["expected the metric ask.requests not to be 0, found 0", () => expect(ask()).not.toHaveMetric("ask.requests", 0)],
  [`expected the host call "proxy_log", found ${CALL}`, () => expect(send()).toHaveCalled("proxy_log")],
  [
    `expected the host call "proxy_log" after "proxy_add_header_map_value", found ${CALL}`,
    () => expect(send()).toHaveCalled("proxy_add_header_map_value", "proxy_log"),
  ],
  [`expected no host call /hello/, found ${CALL}`, () => expect(send()).not.toHaveCalled(/hello/)],
])("%s", ([message, check]) => {
  expect(errorOf(check).message).toBe(message);
});

test("what there was and what was wanted stand side by side", () => {
  const sides = (check: () => void) => {
    const { actual, expected } = errorOf(check) as Error & { actual: unknown; expected: unknown };
    return [actual, expected];
  };
  expect([
    sides(() => expect(send().request).toHaveHeader("x-a", ["1", "3"])),
    sides(() => expect(send().response).toHaveStatus(201)),
    sides(() => expect(send().response).toHaveBody("other")),
    sides(() => expect(ask()).toHaveMetric("ask.requests", 1)),
  ]).toEqual([
    [
      ["1", "2"],
      ["1", "3"],
    ],
    [200, 201],
    ["text", "other"],
    [
      { "ask.level": 0, "ask.requests": 0 },
      { "ask.level": 0, "ask.requests": 1 },
    ],
  ]);
});

test("a long body is cut in the message", () => {
  const { response } = loadFilter("add-header").send({}, { body: "x".repeat(300) });
  expect(errorOf(() => expect(response).toHaveBody("y")).message).toBe(
    `expected the body "y", found "${"x".repeat(200)}"...`,
  );
});

describe("a matcher refuses what it is not about, under `.not` too:", () => {
  const none =
    "it did not come this far; the exchange knows why, see expect(exchange).toBeHeld(), exchange.traps, exchange.logs";
  const onExchange = "write expect(exchange.response) or expect(exchange.request)";
  // Types do not stop them all: `expect` takes anything.
  test.for<[string, unknown, string, unknown[]]>([
    [`expected a request or a response, found none: ${none}`, undefined, "toHaveHeader", ["x-secret"]],
    [`expected a request or a response, found none: ${none}`, undefined, "toHaveTrailer", ["x-secret"]],
    [`expected a request or a response, found none: ${none}`, undefined, "toHaveBody", ["x"]],
    [`expected a response, found none: ${none}`, undefined, "toHaveStatus", [200]],
    [`expected a request or a response, found an exchange: ${onExchange}`, send, "toHaveHeaderLine", ["hello", "x"]],
    [`expected a response, found an exchange: ${onExchange}`, send, "toHaveStatus", [200]],
    ["expected a response, found a request", () => send().request, "toHaveStatus", [200]],
    ["expected a response, found a filter: write expect(filter.send().response)", ask, "toHaveStatus", [200]],
    ["expected an exchange, found a filter: write expect(filter.send())", ask, "toHaveLocalReply", [403]],
    [
      "expected an exchange, found a response: write expect(exchange), without .response",
      () => send().response,
      "toHaveLocalReply",
      [403],
    ],
    ["expected an exchange, found something else", "text", "toBeHeld", []],
    [
      "expected an exchange, found a request: write expect(exchange), without .request",
      () => send().request,
      "toHaveReachedUpstream",
      [],
    ],
    [
      "expected a filter or an exchange, found none: write expect(exchange), without .request or .response",
      undefined,
      "toHaveLogged",
      ["x"],
    ],
    ["expected a filter, found an exchange: write expect(filter)", send, "toHaveMetric", ["x", 1]],
    ["expected a metric x, found none; there are \n  ask.requests\n  ask.level", ask, "toHaveMetric", ["x", 1]],
    ["expected the names of host calls, found none", send, "toHaveCalled", []],
    [
      'expected a host call that Envoy has to look for, found "proxy_logg": did you mean proxy_log?',
      send,
      "toHaveCalled",
      [/x/, "proxy_logg"],
    ],
  ])("%s", ([message, subject, matcher, args]) => {
    const it = typeof subject === "function" ? (subject() as unknown) : subject;
    const call = (assertion: object) => (assertion as Record<string, (...args: unknown[]) => void>)[matcher]!(...args);
    const error = expect.objectContaining({ code: "FW_USAGE", message }) as Error;
    expect(() => call(expect(it))).toThrow(error);
    expect(() => call(expect(it).not)).toThrow(error);
  });
});
