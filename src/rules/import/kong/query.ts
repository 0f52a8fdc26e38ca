import type { Match, Operation } from "../document.ts";
import { mayBeEmpty } from "../envoy/operators.ts";
import { QUERY_NOTE } from "../envoy/parameters.ts";
import type { Place } from "../place.ts";
import { type Entry, readEntries, type Verb, VERBS } from "./entries.ts";
import { kongTemplate } from "./template.ts";

/** Adds a rule for each change of the query: what it asks of the parameter is looked at when the rule begins. */
export function addQueryRules(config: Place, matches: Match[], name: string): void {
  for (const verb of VERBS) {
    const list = config.get(verb)?.list("querystring") ?? [];
    for (const entry of readEntries(list, verb !== "remove")) {
      const operation = readParameter(verb, entry);
      if (!operation) continue;
      config.draft.note(QUERY_NOTE);
      const when = { replace: "Present", add: "Absent" }[verb as string] as "Present" | "Absent" | undefined;
      const conditions = when && [{ name: entry.name, type: when }];
      const entries = matches.length > 0 || !conditions ? matches : [{}];
      const own = entries.map((match) => ({ ...match, ...(conditions && { queryParams: conditions }) }));
      config.draft.addRule(`${name}-${verb}`, { ...(own.length > 0 && { matches: own }), request: [operation] });
    }
  }
}

function readParameter(verb: Verb, { at, name, value }: Entry): Operation | undefined {
  if (verb === "remove") return { query: { remove: [name] } };
  if (verb === "rename") {
    at.refuse("rules rename no query parameter: what has several values would keep one");
    return undefined;
  }
  const template = kongTemplate(at, value!);
  if (template === undefined) return undefined;
  if (mayBeEmpty(template)) {
    at.refuse("a value that may come out empty: Kong writes an empty parameter then, ours writes none");
    return undefined;
  }
  const pair = { name, value: template };
  return { query: verb === "append" ? { add: pair } : { set: pair } };
}
