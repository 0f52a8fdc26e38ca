// What refusals and differences say of Envoy's own filters is so on a real Envoy.
import { afterEach, describe, expect, test } from "vitest";
import { wasmConfig } from "../../../src/envoy/wasm-config.ts";
import { type HttpFilter, withFilters } from "../../../src/envoy/bootstrap.ts";
import { type RunningEnvoy, startEnvoy } from "../../../src/envoy/start.ts";
import type { TypedConfig } from "../../../src/envoy/swap.ts";
import { headersModule } from "../../../src/rules/headers-module.ts";
import { renderLua } from "../../../src/rules/render/lua.ts";
import { renderNative } from "../../../src/rules/render/native.ts";
import { demoBootstrap } from "../../demo-bootstrap.ts";
import { planOf } from "./render.ts";

let envoy: RunningEnvoy | undefined;
afterEach(() => envoy?.stop());

/** The headers of an answer to a request through filters: 201 where it has `x-route: new`, else 200. There is no upstream. */
async function answerThrough(...filters: TypedConfig[]): Promise<Headers & { status?: number }> {
  const named = filters.map((typed_config, i): HttpFilter => ({ name: `filter-${i}`, typed_config }));
  const bootstrap = withFilters(demoBootstrap(), named);
  const manager = bootstrap.static_resources.listeners[0]!.filter_chains[0]!.filters[0]!.typed_config;
  const isNew = { prefix: "/", headers: [{ name: "x-route", string_match: { exact: "new" } }] };
  const routes = [
    { match: isNew, direct_response: { status: 201 } },
    { match: { prefix: "/" }, direct_response: { status: 200 } },
  ];
  manager["route_config"] = { virtual_hosts: [{ name: "demo", domains: ["*"], routes }] };
  envoy = await startEnvoy({ bootstrap, concurrency: 1 });
  const { headers, status } = await fetch(`http://127.0.0.1:${envoy.port}/`, { headers: { "x-a": "client" } });
  return Object.assign(headers, { status });
}

const lua = (inline_string: string): TypedConfig => ({
  "@type": "type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua",
  default_source_code: { inline_string },
});
const native = (mutations: object): TypedConfig => ({
  "@type": "type.googleapis.com/envoy.extensions.filters.http.header_mutation.v3.HeaderMutation",
  mutations,
});
const REPLIER = lua('function envoy_on_request(handle) handle:respond({ [":status"] = "403" }, "") end');

/** Three filters that do the same, each to a header of its own. */
function three(rulesOf: (name: string) => object): TypedConfig[] {
  const configOf = (rendering: ReturnType<typeof renderLua>) => ("config" in rendering ? [rendering.config] : []);
  return [
    wasmConfig({ wasm: headersModule(), rootId: "headers" }, JSON.stringify(rulesOf("x-wasm"))),
    ...configOf(renderLua(planOf(rulesOf("x-lua")))),
    ...configOf(renderNative(planOf(rulesOf("x-native")))),
  ];
}

const seen = (headers: Headers) => ["x-wasm", "x-lua", "x-native"].filter((name) => headers.has(name));

describe("where a filter in front answers,", () => {
  const fixed = (name: string) => ({ rules: [{ response: { set: { [name]: "1" } } }] });
  const keeping = (name: string) => ({
    rules: [{ response: { set: { [name]: "1" } } }, { response: { set: { "x-kept": "%REQ(x-a)%" } } }],
  });

  test("Wasm does not see the response, Lua and native do", async () => {
    expect(seen(await answerThrough(REPLIER, ...three(fixed)))).toEqual(["x-lua", "x-native"]);
  });

  test("a script that keeps something of the request does as Wasm", async () => {
    expect(seen(await answerThrough(REPLIER, ...three(keeping)))).toEqual([]);
    await envoy!.stop();
    expect(seen(await answerThrough(...three(keeping), REPLIER))).toEqual(["x-wasm", "x-lua"]);
  });
});

test("on a response %REQ% of header_mutation is what filters behind it made of the request; Wasm and Lua keep theirs", async () => {
  const behind = native({
    request_mutations: [
      { append: { header: { key: "x-a", value: "behind" }, append_action: "OVERWRITE_IF_EXISTS_OR_ADD" } },
    ],
  });
  const front = native({ response_mutations: [{ append: { header: { key: "x-native", value: "%REQ(x-a)%" } } }] });
  const rules = (name: string) => ({ rules: [{ response: { set: { [name]: "%REQ(x-a)%" } } }] });
  const headers = await answerThrough(front, ...three(rules), behind);
  expect(["x-wasm", "x-lua", "x-native"].map((name) => headers.get(name))).toEqual(["client", "client", "behind"]);
});

test("Wasm and Lua have the route chosen anew, native does not", async () => {
  const statuses: unknown[] = [];
  const filters = three(() => ({ rules: [{ request: { set: { "x-route": "new" } } }] }));
  for (const filter of filters) {
    statuses.push((await answerThrough(filter)).status);
    await envoy!.stop();
  }
  expect(statuses).toEqual([201, 201, 200]);
});

test("two scripts in one chain do not share what they keep", async () => {
  const rules = (name: string) => ({
    rules: [
      {
        matches: [{ headers: [{ name: "x-a", value: "client" }] }],
        request: { remove: ["x-a"] },
        response: { set: { [name]: "%ORIG_REQ(x-a)%" } },
      },
    ],
  });
  const [first, second] = ["x-first", "x-second"].map((name) => {
    const rendering = renderLua(planOf(rules(name)));
    return "config" in rendering ? rendering.config : REPLIER;
  });
  const headers = await answerThrough(first!, second!);
  expect([headers.get("x-first"), headers.get("x-second")]).toEqual(["client", null]);
});

test("header_mutation refuses to write what decides the route", async () => {
  const host = native({ request_mutations: [{ append: { header: { key: "host", value: "a" } } }] });
  await expect(answerThrough(host)).rejects.toThrow(/before it served/);
});
