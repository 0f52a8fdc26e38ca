// Higress' transformer: alibaba/higress, plugins/wasm-go/extensions/transformer.

import type { Match } from "../document.ts";
import type { Draft } from "../draft.ts";
import { Place } from "../place.ts";
import { addHeaderRules } from "./headers.ts";
import { addQueryRules } from "./query.ts";
import { readScope } from "./scope.ts";
import { type Plugin, unwrapped } from "./unwrap.ts";

/** Reads the plugin's configuration, with `_rules_` or without, or a WasmPlugin manifest that has it. */
export function readHigress(documents: unknown[], draft: Draft): void {
  if (documents.length === 0) draft.refuse("the document", "expected a configuration, found none");
  const plugins = documents.flatMap((document, index) => {
    const at = new Place(document, documents.length > 1 ? `document ${index + 1}` : "", draft);
    return { at, plugin: unwrapped(at) };
  });
  for (const [index, { at, plugin }] of plugins.entries()) {
    const scoped = plugins.slice(0, index).find((before) => before.plugin?.own.length);
    if (scoped) at.refuse("behind a plugin with configurations of its own for some requests: it would end with those");
    else if (plugin) addPlugin(plugin, draft);
  }
}

/** The first configuration whose scope a request is in is the one for it; where there is none, the global one. */
function addPlugin({ name, global, own }: Plugin, draft: Draft): void {
  for (const [index, scoped] of own.entries()) {
    const match = readScope(scoped);
    if (!match) continue;
    const label = `${name}-rules-${index}`;
    const matches = Object.keys(match).length > 0 ? [match] : [];
    if (scoped.config) readRules(scoped.config, label, matches);
    // What comes behind is for requests that this one is not for.
    if (global || index < own.length - 1)
      draft.rules.push({ name: draft.nameFor(`${label}-end`), ...(matches.length > 0 && { matches }), stop: true });
  }
  if (global) readRules(global, name, []);
}

/** @param matches one entry, or none */
function readRules(config: Place, name: string, matches: Match[]): void {
  if (config.boolean("reroute") === false)
    config
      .get("reroute")!
      .refuse("Envoy chooses its route anew after a write to a request: rules cannot keep it from that");
  // A response's rules first: their conditions on the request are read before a rule has changed it.
  for (const side of ["response", "request"] as const) {
    const rules = config.list(side === "request" ? "reqRules" : "respRules").filter((rule) => isRule(rule, side));
    addHeaderRules(rules, side, name, matches);
    if (side === "request") addQueryRules(rules, name, matches);
  }
}

function isRule(rule: Place, side: "request" | "response"): boolean {
  if (!rule.expectKeys(["operate", "mapSource", "headers", "querys", "body"])) return false;
  if (rule.list("body").length > 0) rule.get("body")!.refuse("rules change no bodies");
  if (side === "response" && rule.list("querys").length > 0)
    rule.draft.note(`${rule.path}.querys: left out, a response has no query, and Higress passes over it`);
  return true;
}
