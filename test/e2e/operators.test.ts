// Operators of the headers filter against Envoy's own: both in one chain, on the same requests.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { send } from "../../src/cases/send.ts";
import { wasmConfig } from "../../src/envoy/wasm-config.ts";
import { type Echo, startEcho } from "../../src/echo/server.ts";
import { type Bootstrap, type HttpFilter, withFilters } from "../../src/envoy/bootstrap.ts";
import { type RunningEnvoy, startEnvoy } from "../../src/envoy/start.ts";
import { demoBootstrap } from "../demo-bootstrap.ts";
import { compiledGuest } from "../guest-module.ts";
import { NATIVE_OPERATORS } from "../headers/native-operators.ts";
import { ALIKE, DIFFERENT, METADATA, OF_RESPONSES, ONLY_OURS } from "./operator-list.ts";

const TYPES = "type.googleapis.com/envoy.extensions";
const HTTP = `${TYPES}.filters.http`;

const COMPARED = [...ALIKE, ...Object.keys(DIFFERENT)];
const ALL = [...COMPARED, ...Object.keys(ONLY_OURS)];

/** Around each, so that nothing shows. */
const template = (operator: string) => `<%${operator}%>`;
const ours = (operators: string[]) => Object.fromEntries(operators.map((one, i) => [`x-ours-${i}`, template(one)]));
const native = (name: string, mutations: object): HttpFilter => ({
  name,
  typed_config: { "@type": `${HTTP}.header_mutation.v3.HeaderMutation`, mutations },
});
const set = (key: string, value: string) => ({
  append: { header: { key, value }, append_action: "OVERWRITE_IF_EXISTS_OR_ADD" },
});
const envoys = (operators: string[]) => operators.map((one, i) => set(`x-envoys-${i}`, template(one)));

/** The lines that a side has set, by operator. */
function table(headers: [string, string][], side: "ours" | "envoys", operators: string[], all: string[]) {
  const seen = Object.fromEntries(headers);
  return Object.fromEntries(operators.map((one) => [one, seen[`x-${side}-${all.indexOf(one)}`]]));
}

let echo: Echo;
let envoy: RunningEnvoy;
beforeAll(async () => {
  echo = await startEcho();
  envoy = await startEnvoy({ bootstrap: await bootstrap(), concurrency: 1 });
});
afterAll(async () => {
  await envoy.stop();
  await echo.close();
});

async function bootstrap(): Promise<Bootstrap> {
  const wasm = await compiledGuest("templates");
  const operations = await compiledGuest("operations");
  const request = ours(ALL);
  const response = { ...ours([...ALL, ...OF_RESPONSES]), "x-property": "%FILTER_STATE(wasm.my.own)%" };
  const environment_variables = { host_env_keys: ["PATH"], key_values: { REGION: "eu" } };
  const templates = wasmConfig({ wasm, rootId: "templates" }, JSON.stringify({ request, response }), {
    environment_variables,
  });
  const setProperty = { key: "my.own", value: "%REQ(x-a)% %PATH(NQ)%" };
  const made = withFilters(demoBootstrap(echo.port), [
    {
      name: "metadata",
      typed_config: {
        "@type": `${HTTP}.set_metadata.v3.Config`,
        metadata: [{ metadata_namespace: "com.x", value: METADATA }],
      },
    },
    {
      name: "state",
      typed_config: {
        "@type": `${HTTP}.set_filter_state.v3.Config`,
        on_request_headers: [
          {
            object_key: "my.key",
            factory_key: "envoy.string",
            format_string: { text_format_source: { inline_string: "state" } },
          },
        ],
      },
    },
    {
      name: "operations",
      typed_config: wasmConfig(
        { wasm: operations, rootId: "operations" },
        JSON.stringify({ request: [{ setProperty }] }),
      ),
    },
    { name: "templates", typed_config: templates },
    native("envoy's", {
      request_mutations: envoys(COMPARED),
      response_mutations: [
        ...envoys([...ALL, ...OF_RESPONSES]).filter((_, i) => i < COMPARED.length || i >= ALL.length),
        set("x-state", "%FILTER_STATE(wasm.my.own:PLAIN)%"),
      ],
    }),
    {
      name: "answers",
      typed_config: {
        "@type": `${HTTP}.lua.v3.Lua`,
        default_source_code: {
          inline_string: `function envoy_on_request(handle)
            if handle:headers():get("x-answer") then handle:respond({[":status"] = "403"}, "no") end
          end`,
        },
      },
    },
  ]);
  routeSome(made);
  filterUpstream(made, wasm);
  return made;
}

/** Names the route, gives it metadata, and puts others in front of it: one answers by itself, one has no upstream. */
function routeSome(made: Bootstrap): void {
  const { typed_config: manager } = made.static_resources.listeners[0]!.filter_chains[0]!.filters[0]!;
  const [host] = (manager["route_config"] as { virtual_hosts: { routes: object[] }[] }).virtual_hosts;
  Object.assign(host!.routes[0]!, { name: "the-route", metadata: { filter_metadata: { "com.r": { k: 7 } } } });
  host!.routes.unshift(
    { name: "direct", match: { prefix: "/direct" }, direct_response: { status: 418 } },
    { name: "lost", match: { prefix: "/lost" }, route: { cluster: "lost" } },
  );
  const [upstream] = made.static_resources.clusters as object[];
  const address = { socket_address: { address: "127.0.0.1", port_value: 9 } };
  const load_assignment = { cluster_name: "lost", endpoints: [{ lb_endpoints: [{ endpoint: { address } }] }] };
  made.static_resources.clusters!.push({ ...upstream, name: "lost", load_assignment });
}

/** The same filters behind the router, where the upstream's host is known when the request passes. */
function filterUpstream(made: Bootstrap, wasm: string): void {
  const type = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";
  const request = { "x-upstream-ours": "%UPSTREAM_HOST% %ROUTE_NAME%" };
  Object.assign(made.static_resources.clusters![0]!, {
    typed_extension_protocol_options: {
      [type]: {
        "@type": `type.googleapis.com/${type}`,
        explicit_http_config: { http_protocol_options: {} },
        http_filters: [
          { name: "templates", typed_config: wasmConfig({ wasm, rootId: "templates" }, JSON.stringify({ request })) },
          native("envoy's", { request_mutations: [set("x-upstream-envoys", "%UPSTREAM_HOST% %ROUTE_NAME%")] }),
          { name: "codec", typed_config: { "@type": `${HTTP}.upstream_codec.v3.UpstreamCodec` } },
        ],
      },
    },
  });
}

const HEADERS: [string, string][] = [
  ["x-a", "abcdef"],
  ["x-many", "1"],
  ["x-many", "2"],
  ["cookie", "a=1; s=2"],
];

async function exchange(path: string, more: [string, string][] = []) {
  const request = { method: "GET", path, authority: "a.example", headers: [...HEADERS, ...more], body: "" };
  const { status, headers, body } = await send({ host: "127.0.0.1", port: envoy.port }, request);
  const reached = body.startsWith("{") ? (JSON.parse(body) as { headers: [string, string][] }).headers : [];
  return { status, request: reached, response: headers };
}

const PATH = "/p/q?a=1&b=x%20y&empty=&e+f=2+3&a=2";

describe("on a request", () => {
  test("that reaches the upstream, operators give what Envoy's give, but for what is known to differ", async () => {
    const { request, response } = await exchange(PATH);
    const all = [...ALL, ...OF_RESPONSES];
    expect(table(request, "ours", ALIKE, ALL)).toEqual(table(request, "envoys", ALIKE, ALL));
    const both = [...ALIKE, ...OF_RESPONSES];
    expect(table(response, "ours", both, all)).toEqual(table(response, "envoys", both, all));
    for (const headers of [request, response]) {
      const mine = table(headers, "ours", Object.keys(DIFFERENT), ALL);
      const theirs = table(headers, "envoys", Object.keys(DIFFERENT), ALL);
      expect(Object.fromEntries(Object.keys(DIFFERENT).map((one) => [one, [mine[one], theirs[one]]]))).toEqual(
        DIFFERENT,
      );
    }
    const seen = table(response, "ours", both, all);
    expect(seen).toMatchObject({
      RESPONSE_CODE: "<200>",
      RESPONSE_CODE_DETAILS: "<via_upstream>",
      ROUTE_NAME: "<the-route>",
      UPSTREAM_CLUSTER: "<upstream>",
      UPSTREAM_HOST: `<127.0.0.1:${echo.port}>`,
      "ENVIRONMENT(PATH)": `<${process.env["PATH"]}>`,
      "DYNAMIC_METADATA(com.x:long)": "<1234567.890123>",
    });
    expect(table(request, "ours", ["UPSTREAM_CLUSTER", "UPSTREAM_HOST"], ALL)).toEqual({
      UPSTREAM_CLUSTER: "<upstream>",
      UPSTREAM_HOST: "<>",
    });
  });

  test("what Envoy has no operator for is there in both passes", async () => {
    const { request, response } = await exchange(PATH);
    for (const headers of [request, response]) {
      const seen = table(headers, "ours", Object.keys(ONLY_OURS), ALL);
      for (const [operator, expected] of Object.entries(ONLY_OURS))
        expect([operator, seen[operator]]).toEqual([operator, expect.stringMatching(expected)]);
    }
  });

  test.for<[string, number, string, [string, string][]?]>([
    ["/direct", 418, "direct_response"],
    ["/lost", 503, "upstream_reset_before_response_started{"],
    ["/lua", 403, "lua_response", [["x-answer", "1"]]],
  ])("that Envoy answers itself, %s: the same holds", async ([path, status, details, more]) => {
    const { response, ...seen } = await exchange(path, more);
    const all = [...ALL, ...OF_RESPONSES];
    const both = [...ALIKE.filter((one) => !one.startsWith("QUERY_PARAM")), ...OF_RESPONSES];
    const mine = table(response, "ours", both, all);
    expect(seen.status).toBe(status);
    expect(mine).toEqual(table(response, "envoys", both, all));
    expect(mine["RESPONSE_CODE"]).toBe(`<${status}>`);
    expect(mine["RESPONSE_CODE_DETAILS"]).toContain(`<${details}`);
  });

  test("a property that is set is filter state, for others and in the response's pass", async () => {
    const { response } = await exchange("/p?a=1");
    const seen = Object.fromEntries(response);
    expect([seen["x-property"], seen["x-state"]]).toEqual(["abcdef /p", "abcdef /p"]);
  });

  test("behind the router, the upstream's host is known", async () => {
    const seen = Object.fromEntries((await exchange("/")).request);
    expect(seen["x-upstream-ours"]).toBe(`127.0.0.1:${echo.port} the-route`);
    expect(seen["x-upstream-envoys"]).toBe(seen["x-upstream-ours"]);
  });
});

test("every operator that the filter says native header_mutation has, it has", async () => {
  const mutations = { response_mutations: NATIVE_OPERATORS.map((one, i) => set(`x-${i}`, `%${one}%`)) };
  const other = await startEnvoy({
    bootstrap: withFilters(demoBootstrap(), [native("all", mutations)]),
    concurrency: 1,
  });
  await other.stop();
});
