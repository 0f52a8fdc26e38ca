import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { HttpFilter } from "../envoy/bootstrap.ts";
import { checkConfiguration } from "../rules/check-module.ts";
import { renderWasm } from "../rules/render/wasm.ts";
import { buildGuest, compileGuest, luaConfig, wasm } from "./modules.ts";
import { aheadOfTime, type Variant } from "./variant.ts";

// Jobs of the headers filter, each from rules as `filterwright render` configures it, counters on, beside what it is held against.

/** The reference job. */
export const REFERENCE_RULES = {
  rules: [
    {
      name: "demo",
      request: [{ add: { name: "x-demo-request", value: "hello" } }, { remove: "x-internal" }],
      response: [{ add: { name: "x-demo-response", value: "world" } }, { remove: "x-powered-by" }],
    },
  ],
};

const ADDED = Array.from({ length: 10 }, (_, i) => ({ add: { name: `x-added-${i}`, value: `value-${i}` } }));
const ADD_RULES = { rules: [{ name: "adds", request: ADDED, response: ADDED }] };

/** The response is changed where the request was for a certain path. */
const STATE_RULES = {
  rules: [
    { name: "api", matches: [{ path: { value: "/api" } }], response: [{ set: { name: "x-api", value: "yes" } }] },
  ],
};

const DECIDE_RULES = {
  rules: [
    {
      name: "tenant",
      matches: [{ hostnames: ["*.example.com"], path: { value: "/api" } }],
      request: [
        { remove: { prefix: "x-internal-" } },
        { set: { name: "x-tenant", value: "tenant-%REQ(x-user)%" } },
        { append: { name: "x-forwarded-for", value: "10.0.0.1" } },
        { dedupe: { name: "x-tags", strategy: "RETAIN_UNIQUE", scope: "element" } },
      ],
    },
  ],
};

/** Of all that keeps something for a while: state of streams, values of the request in the response, counters. */
export const SOAK_RULES = {
  rules: [
    {
      name: "request",
      request: [{ set: { name: "x-made", value: "a %REQ(user-agent)|upper% b" } }, { remove: "x-internal" }],
    },
    {
      name: "response",
      matches: [{ headers: [{ name: "user-agent", type: "RegularExpression", value: "(s)oak" }] }],
      response: [{ set: { name: "x-seen", value: "%REQ(x-made)% %ORIG_REQ(x-internal)% %CAPTURE(1)%" } }],
    },
  ],
};

/** The headers filter, as `filterwright render` has it configured. */
export async function fromRules(root: string, rules: object): Promise<HttpFilter[]> {
  const configuration = JSON.stringify(rules);
  const { plan, problems } = checkConfiguration(configuration);
  if (!plan) throw new Error(`the rules of the bench are wrong: ${JSON.stringify(problems)}`);
  return [{ name: "wasm", typed_config: renderWasm(plan, configuration, await buildGuest(root, "headers")) }];
}

export async function addVariants(root: string): Promise<Variant[]> {
  return [
    { name: "no filter", filters: [] },
    { name: "host calls by hand", filters: wasm(await compileGuest(root, "adds")) },
    { name: "rules", filters: await fromRules(root, ADD_RULES) },
  ];
}

export async function stateVariants(root: string): Promise<Variant[]> {
  return [
    { name: "no filter", filters: [] },
    { name: "host calls by hand", filters: wasm(await compileGuest(root, "state")) },
    { name: "rules", filters: await fromRules(root, STATE_RULES) },
  ];
}

export async function decideVariants(root: string): Promise<Variant[]> {
  const lua = readFileSync(join(root, "bench/lua/decide.lua"), "utf8");
  const byHand = { name: "host calls by hand", filters: wasm(await compileGuest(root, "decide-by-hand")) };
  const classes = { name: "class API, built", filters: wasm(await buildGuest(root, "bench/guest/decide.ts")) };
  const rules = { name: "rules", filters: await fromRules(root, DECIDE_RULES) };
  return [
    { name: "no filter", filters: [] },
    { name: "Lua", filters: [{ name: "lua", typed_config: luaConfig(lua) }] },
    byHand,
    aheadOfTime(byHand),
    classes,
    aheadOfTime(classes),
    rules,
    aheadOfTime(rules),
  ];
}
