import type { Place } from "../place.ts";

const TYPE = /(^|[./])envoy\.extensions\.filters\.http\.header_mutation\.v3\.(HeaderMutation|HeaderMutationPerRoute)$/;
/** Deeper than any configuration is. */
const DEPTH = 100;

/** The `mutations` of every header_mutation filter below a place, in order; per-route ones are refused. */
export function findFilters(at: Place): Place[] {
  if (at.get("mutations") && !at.get("@type")) return typedConfig(at, "HeaderMutation");
  const isMutations = ["request_mutations", "response_mutations", "query_parameter_mutations"].some((key) =>
    at.get(key),
  );
  const found = isMutations ? [at] : search(at, DEPTH);
  const managers = new Set(found.map(({ path }) => /^(.*)\.http_?[fF]ilters\[\d+\]/.exec(path)?.[1] ?? ""));
  if (managers.size > 1)
    at.draft.note(
      `the filters stand in ${managers.size} lists of http_filters: what is written runs all of them on every request`,
    );
  return found;
}

function search(at: Place, depth: number): Place[] {
  if (depth === 0) return [];
  if (Array.isArray(at.value)) return at.items().flatMap((item) => search(item, depth - 1));
  if (!at.isObject) return [];
  const [, , message] = TYPE.exec(at.label("@type")) ?? [];
  if (message !== undefined) return typedConfig(at, message);
  const isFilter = TYPE.test(at.get("typed_config")?.label("@type") ?? "");
  if (isFilter && at.boolean("disabled") === true) {
    at.refuse("the filter is disabled but where a route enables it, and rules know no such route");
    return [];
  }
  return Object.keys(at.value as object)
    .flatMap((key) => at.get(key) ?? [])
    .flatMap((member) => search(member, depth - 1));
}

function typedConfig(at: Place, message: string): Place[] {
  if (message === "HeaderMutationPerRoute") {
    at.refuse(
      "a route's, virtual host's or cluster's own mutations: a rules file has one list for all; write them as a rule with routeNames or virtualHosts",
    );
    return [];
  }
  if (/(^|\.)clusters\[/.test(at.path)) {
    at.refuse("a filter of an upstream's own chain runs behind the router, where rules do not run");
    return [];
  }
  at.expectKeys(["@type", "mutations", "most_specific_header_mutations_wins"]);
  if (at.boolean("most_specific_header_mutations_wins") === true)
    at.get("most_specific_header_mutations_wins")!.refuse(
      "the order among routes' own mutations: a rules file has one list for all",
    );
  const mutations = at.get("mutations");
  return mutations ? [mutations] : [];
}
