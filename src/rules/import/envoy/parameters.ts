import type { Condition, Operation } from "../document.ts";
import type { Place } from "../place.ts";
import { ACTION_NAMES, ACTIONS } from "./mutation.ts";
import { envoyTemplate, mayBeEmpty } from "./operators.ts";

/** What happens to a query parameter, and on what condition on the parameter of that name. */
export interface ParameterStep {
  operation: Operation;
  when?: "Present" | "Absent";
}

export const QUERY_NOTE =
  "query parameters are left as they are but for those that a rule names; the original decodes and writes all of them anew";

/**
 * Adds rules for `envoy.config.core.v3.KeyValueMutation`s of the query, which a request meets behind the header mutations. A
 * condition takes a rule of its own: it is looked at when the rule begins.
 */
export function readParameterMutations(mutations: Place[], name: string): void {
  const steps = mutations.map((mutation) => readStep(mutation));
  mutations.forEach(({ draft }, index) => {
    const step = steps[index];
    if (!step) return;
    draft.note(QUERY_NOTE);
    const { operation, when } = step;
    const pair = (operation as { query: { set?: { name: string } } }).query.set;
    const condition: Condition[] = when && pair ? [{ name: pair.name, type: when }] : [];
    draft.addRule(`${name}-${index}`, {
      ...(condition.length > 0 && { matches: [{ queryParams: condition }] }),
      request: [operation],
    });
  });
}

function readStep(mutation: Place): ParameterStep | undefined {
  if (!mutation.expectKeys(["append", "remove"])) return undefined;
  const append = mutation.get("append");
  const remove = mutation.get("remove");
  if (append && remove) {
    mutation.refuse("expected either append or remove");
    return undefined;
  }
  if (remove) {
    const text = remove.text();
    return text === undefined ? undefined : { operation: { query: { remove: [text] } } };
  }
  if (!append) {
    mutation.refuse("expected append or remove");
    return undefined;
  }
  if (!append.expectKeys(["record", "entry", "action"])) return undefined;
  if (append.get("entry")) append.get("entry")!.refuse("Envoy 1.40 takes a record here");
  const record = append.get("record");
  if (!record?.expectKeys(["key", "value"])) return undefined;
  const name = record.need("key", "a parameter's name")?.text();
  const value = record.need("value", "a text");
  const text = value?.text();
  const template = text === undefined ? undefined : envoyTemplate(value!, text, "request");
  const action = append.choice("action", ACTION_NAMES, "APPEND_IF_EXISTS_OR_ADD");
  if (name === undefined || template === undefined || action === undefined) return undefined;
  if (mayBeEmpty(template)) {
    value!.refuse("a value that may come out empty: Envoy writes an empty parameter then, ours writes none");
    return undefined;
  }
  if (/%(?:QUERY_PARAM|PATH|REQ\([^)]*:path)/.test(template)) {
    value!.refuse(
      "a value made of the query: Envoy makes it of the query as it was before the first of these mutations",
    );
    return undefined;
  }
  const verb = ACTIONS[action];
  if (verb === "add") return { operation: { query: { add: { name, value: template } } } };
  const operation: Operation = { query: { set: { name, value: template } } };
  if (verb === "set") return { operation };
  return { operation, when: verb === "addIfAbsent" ? "Absent" : "Present" };
}
