import { readConfigFile, readYaml } from "../envoy/bootstrap.ts";
import type { TypedConfig } from "../envoy/swap.ts";
import { checkConfiguration } from "../rules/check-module.ts";
import { renderLua } from "../rules/render/lua.ts";
import { renderNative } from "../rules/render/native.ts";
import type { Case, FilterSetup, TwinName } from "./case-file.ts";

const LUA = "type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua";

/** What stands in for the module in a case: a hand-written twin, or one that is rendered from the rules. @returns why there is none */
export function twinConfig(name: TwinName, setup: FilterSetup, testCase: Case): TypedConfig | string {
  const { config, expect } = testCase;
  const file = setup.twins[name];
  if (expect.metrics !== undefined) return `a filter for ${name} has no counters of its own`;
  if (expect.log !== undefined) return `a filter for ${name} logs nothing`;
  if (file === undefined) {
    return setup.rendersTwins ? rendered(name, config ?? setup.config) : `the case file has no twin for ${name}`;
  }
  if (config !== undefined) return "the case has a configuration of its own, its twin has not";
  return name === "lua" ? luaConfig(readConfigFile(file)) : (readYaml(file) as TypedConfig);
}

function luaConfig(inline_string: string): TypedConfig {
  return { "@type": LUA, default_source_code: { inline_string } };
}

function rendered(name: TwinName, configuration: string): TypedConfig | string {
  const { plan } = checkConfiguration(configuration);
  if (plan === undefined) return "cannot render: the configuration has mistakes";
  const rendering = name === "lua" ? renderLua(plan) : renderNative(plan);
  if ("config" in rendering) return rendering.config;
  return `cannot render: ${rendering.refusals.map(({ rule, reason }) => `${rule}: ${reason}`).join("; ")}`;
}
