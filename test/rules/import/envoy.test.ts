import { request as sendRequest } from "node:http";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { startEcho } from "../../../src/echo/server.ts";
import { startSwappable } from "../../../src/envoy/swap.ts";
import { importRules } from "../../../src/rules/import/import-rules.ts";
import { loadFilter } from "../../../src/vitest/index.ts";
import { demoBootstrap } from "../../demo-bootstrap.ts";
import { compiledGuest } from "../../guest-module.ts";

const TYPE = "type.googleapis.com/envoy.extensions.filters.http.header_mutation.v3.HeaderMutation";
const NAMES = ["x-a", "x-b", "x-c", "x-ab", "cache-control", "via"];
const ACTIONS = ["APPEND_IF_EXISTS_OR_ADD", "ADD_IF_ABSENT", "OVERWRITE_IF_EXISTS_OR_ADD", "OVERWRITE_IF_EXISTS"];

type Line = readonly [name: string, value: string];

const name = fc.constantFrom(...NAMES, "X-A");
const value = fc.constantFrom("1", "", "%%", "%REQ(x-a)%", "p-%REQ(X-B)%", "%REQ(x-none?x-c)%", "%REQ(:path):3%");
const matcher = fc.constantFrom(
  { prefix: "x-a" },
  { suffix: "-b" },
  { contains: "x-c" },
  { exact: "X-A" },
  { exact: "X-B", ignore_case: true },
  { safe_regex: { regex: "x-[ab]" } },
  { safe_regex: { regex: "x-" } },
);
const append = fc.record({
  header: fc.record({ key: name, value }),
  append_action: fc.constantFrom(...ACTIONS),
  keep_empty_value: fc.boolean(),
});
const mutation = fc.oneof(
  { weight: 4, arbitrary: fc.record({ append }) },
  fc.record({ remove: name }),
  fc.record({ remove_on_match: fc.record({ key_matcher: matcher }) }),
);
const exchange = fc.record({
  mutations: fc.array(mutation, { minLength: 1, maxLength: 6 }),
  headers: fc.array(fc.tuple(fc.constantFrom(...NAMES), fc.constantFrom("u", "v w", "z,y")), { maxLength: 5 }),
});

test("a real Envoy and the imported operations make the same of a request", async () => {
  const wasm = await compiledGuest("operations");
  const echo = await startEcho();
  onTestFinished(() => echo.close());
  await using swappable = await startSwappable({ bootstrap: demoBootstrap(echo.port) });
  for (const { mutations, headers } of fc.sample(exchange, { numRuns: 40, seed: 1 })) {
    const config = { "@type": TYPE, mutations: { request_mutations: mutations } };
    await swappable.swap(config);
    const [rule] = importRules(JSON.stringify(config), "header_mutation").rules.rules;
    const filter = loadFilter(wasm, { rootId: "operations", config: { request: rule?.request ?? [] } });
    const ours = filter.send({ headers }).request!.headers;
    const theirs = await receivedFrom(swappable.envoy.port, headers);
    expect(mentioned(ours), JSON.stringify({ mutations, headers })).toEqual(mentioned(theirs));
  }
});

/** The headers that the echo behind Envoy has received. */
async function receivedFrom(port: number, headers: Line[]): Promise<Line[]> {
  const text = await new Promise<string>((resolve, reject) => {
    const sent = sendRequest({ host: "127.0.0.1", port }, (response) => {
      response.setEncoding("utf8");
      let body = "";
      response.on("data", (chunk: string) => (body += chunk));
      response.on("end", () => resolve(body));
    });
    for (const key of NAMES) {
      const values = headers.flatMap(([own, line]) => (own === key ? line : []));
      if (values.length > 0) sent.setHeader(key, values);
    }
    sent.on("error", reject);
    sent.end();
  });
  return (JSON.parse(text) as { headers: Line[] }).headers;
}

/** The lines of each header that the configurations are about, in order. */
function mentioned(lines: readonly Line[]): Record<string, string[]> {
  return Object.fromEntries(NAMES.map((key) => [key, lines.flatMap(([own, line]) => (own === key ? line : []))]));
}
