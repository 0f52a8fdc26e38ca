// Kong's request-transformer and response-transformer: Kong/kong, kong/plugins/{request,response}-transformer. Of their advanced
// forms, whose code is not public, the documentation is taken at its word.

import type { Draft } from "../draft.ts";
import { Place } from "../place.ts";
import { findPlugins, type Plugin } from "./find.ts";
import { addRequestRules } from "./request.ts";
import { addResponseRules } from "./response.ts";
import { withMatches } from "./scope.ts";

/** What is for responses goes first: its conditions on the request are read before another rule has changed that. */
const READERS = {
  "response-transformer": addResponseRules,
  "response-transformer-advanced": addResponseRules,
  "request-transformer": addRequestRules,
  "request-transformer-advanced": addRequestRules,
} as const;

const PLUGIN_KEYS = [
  "id",
  "name",
  "instance_name",
  "config",
  "enabled",
  "protocols",
  "tags",
  "route",
  "service",
  "consumer",
  "consumer_group",
  "ordering",
  "created_at",
  "updated_at",
  "apiVersion",
  "kind",
  "metadata",
  "plugin",
  "disabled",
  "run_on",
];

/** Reads a declarative configuration, KongPlugin manifests, a list of plugins or one plugin. */
export function readKong(documents: unknown[], draft: Draft): void {
  const plugins = documents.flatMap((document, index) => {
    return findPlugins(new Place(document, documents.length > 1 ? `document ${index + 1}` : "", draft));
  });
  if (plugins.length === 0 && draft.leftOut.length === 0)
    draft.refuse("the document", "expected plugins of Kong, found none");
  for (const name of Object.keys(READERS) as (keyof typeof READERS)[]) {
    const named = plugins.filter((plugin) => plugin.name === name && isRun(plugin));
    const twin = name.endsWith("-advanced") ? undefined : plugins.find((plugin) => plugin.name === `${name}-advanced`);
    if (twin) for (const { at } of named) at.refuse(`${name} beside ${twin.name}: one works on what the other left`);
    else for (const { plugin, matches } of withMatches(named)) READERS[name](plugin, matches);
  }
  for (const { name, at } of plugins)
    if (!Object.hasOwn(READERS, name)) draft.note(`${at.path || name}: left aside, ${name} is no transformer`);
}

function isRun({ at }: Plugin): boolean {
  if (!at.expectKeys(PLUGIN_KEYS)) return false;
  if (at.boolean("enabled") === false || at.boolean("disabled") === true) {
    at.draft.note(`${at.path || "the plugin"}: left out, it is not enabled`);
    return false;
  }
  const before = at.draft.leftOut.length;
  at.get("ordering")?.refuse("rules run in their own order");
  for (const key of ["consumer", "consumer_group"]) at.get(key)?.refuse("rules know no consumers");
  const protocols = at
    .get("protocols")
    ?.items()
    .map(({ value }) => value);
  if (protocols && !(protocols.includes("http") && protocols.includes("https")))
    at.get("protocols")!.refuse("rules do not ask which protocol a request came by");
  return at.draft.leftOut.length === before;
}
