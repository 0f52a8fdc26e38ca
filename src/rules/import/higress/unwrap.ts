import { describe, type Place } from "../place.ts";

/** A configuration of the plugin's, and those that go before it for some requests. */
export interface Plugin {
  /** For names of rules. */
  name: string;
  global: Place | undefined;
  own: Scoped[];
}

export interface Scoped {
  at: Place;
  config: Place | undefined;
  /** What requests it is for: one of these is there. */
  scope: { routes?: Place | undefined; domains?: Place | undefined; other?: Place | undefined };
}

const RULE_KEYS = ["reqRules", "respRules", "reroute"];
const OTHERS = ["_match_service_", "_match_route_prefix_", "_match_consumer_"];

/** The plugin's configuration, or a WasmPlugin manifest as Higress' controller reads it. */
export function unwrapped(document: Place): Plugin | undefined {
  const kind = document.get("kind")?.value;
  if (kind === undefined) return ofConfig(document, "transformer");
  if (kind !== "WasmPlugin") {
    document.refuse(`expected a WasmPlugin, or the plugin's configuration, found ${describe(kind)}`);
    return undefined;
  }
  document.expectKeys(["apiVersion", "kind", "metadata", "spec", "status"]);
  const spec = document.need("spec", "the plugin");
  if (!spec) return undefined;
  const name = document.get("metadata")?.label("name") || "transformer";
  const given = spec.get("pluginConfig");
  if (given) return ofConfig(given, name);
  const isDisabled = spec.boolean("defaultConfigDisable") === true;
  const config = isDisabled ? undefined : spec.get("defaultConfig");
  const own = spec.list("matchRules").filter((rule) => rule.boolean("configDisable") !== true);
  const plugin = config ? ofConfig(config, name) : { name, global: undefined, own: [] };
  // The controller writes matchRules where _rules_ were.
  return plugin && own.length > 0 ? { ...plugin, own: own.flatMap((rule) => ofMatchRule(rule) ?? []) } : plugin;
}

function ofConfig(config: Place, name: string): Plugin | undefined {
  if (!config.expectKeys([...RULE_KEYS, "_rules_"])) return undefined;
  const isGlobal = config.get("reqRules") !== undefined || config.get("respRules") !== undefined;
  const rules = config.list("_rules_");
  if (!isGlobal && rules.length === 0) config.refuse("expected reqRules, respRules, or both");
  const own = rules.flatMap((at): Scoped[] => {
    if (!at.expectKeys([...RULE_KEYS, "_match_route_", "_match_domain_", ...OTHERS])) return [];
    const [other] = OTHERS.flatMap((key) => at.get(key) ?? []);
    return [{ at, config: at, scope: { routes: at.get("_match_route_"), domains: at.get("_match_domain_"), other } }];
  });
  return { name, global: isGlobal ? config : undefined, own };
}

function ofMatchRule(at: Place): Scoped | undefined {
  if (!at.expectKeys(["ingress", "domain", "service", "config", "configDisable", "routeType"])) return undefined;
  const config = at.get("config");
  config?.expectKeys(RULE_KEYS);
  const type = at.get("routeType");
  const other = at.get("service") ?? (type?.value === "HTTP" ? undefined : type);
  return { at, config, scope: { routes: at.get("ingress"), domains: at.get("domain"), other } };
}
