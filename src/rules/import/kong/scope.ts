import type { Match } from "../document.ts";
import type { Plugin } from "./find.ts";

/**
 * Of the plugins of one name Kong runs one a request: a route's before its service's before the global one. As conditions of
 * rules: each is for its own routes but those that a closer one has.
 */
export function withMatches(plugins: Plugin[]): { plugin: Plugin; matches: Match[] }[] {
  const taken = new Set<string>();
  const scoped: { plugin: Plugin; matches: Match[] }[] = [];
  for (const plugin of plugins.toSorted((a, b) => b.rank - a.rank)) {
    const { at, routes } = plugin;
    const free = routes?.filter((name) => !taken.has(name));
    const first = plugins.find(({ rank, routes: theirs }) => {
      return rank === plugin.rank && (theirs === undefined || theirs.some((name) => routes?.includes(name)));
    });
    if (first !== plugin) at.refuse(`a second ${plugin.name} for the same requests: Kong runs one of them`);
    else if (free === undefined)
      scoped.push({ plugin, matches: taken.size === 0 ? [] : [{ not: { routeNames: [...taken] } }] });
    else if (free.length === 0)
      at.draft.note(`${at.path}: left out, each of its routes has a ${plugin.name} of its own`);
    else scoped.push({ plugin, matches: [{ routeNames: free }] });
    for (const name of routes ?? []) taken.add(name);
  }
  return scoped;
}
