import type { Operation, Template, TextMatcher } from "../plan.ts";
import { formatString, isAlwaysEmpty, isNeverEmpty, reads } from "./native-value.ts";
import { matches, type Protection, PSEUDO_HEADERS } from "./protection.ts";
import type { Refuse } from "./refusal.ts";

/** `envoy.config.common.mutation_rules.v3.HeaderMutation` */
export type HeaderMutation =
  | { remove: string }
  | { remove_on_match: { key_matcher: Record<string, string> } }
  | { append: { header: { key: string; value: string }; append_action?: AppendAction; keep_empty_value?: true } };

type AppendAction = "ADD_IF_ABSENT" | "OVERWRITE_IF_EXISTS_OR_ADD" | "OVERWRITE_IF_EXISTS";
type Write = Extract<Operation, { values: Template[]; keepEmptyValue: boolean }>;

const ACTIONS = {
  set: "OVERWRITE_IF_EXISTS_OR_ADD",
  add: undefined, // what Envoy does anyway
  addIfAbsent: "ADD_IF_ABSENT",
  setIfPresent: "OVERWRITE_IF_EXISTS",
} as const;

/** The mutations that do what an operation does. */
export function mutationsOf(
  operation: Operation,
  isRequest: boolean,
  protection: Protection,
  refuse: Refuse,
): HeaderMutation[] {
  switch (operation.operation) {
    case "set":
    case "add":
    case "addIfAbsent":
    case "setIfPresent":
      return writes(operation, isRequest, refuse);
    case "remove":
      if (isFixed(operation.name)) refuse("header_mutation may not remove pseudo-headers or host");
      return [{ remove: operation.name }];
    case "removeMatching":
      return operation.names.map((matcher) => removal(matcher, protection, refuse));
    default:
      refuse(`header_mutation has no ${operation.operation}`);
      return [];
  }
}

/** What Envoy keeps header_mutation from, on responses, too. */
function isFixed(name: string): boolean {
  return name.startsWith(":") || name === "host";
}

function writes(operation: Write, isRequest: boolean, refuse: Refuse): HeaderMutation[] {
  const { name, operation: verb, keepEmptyValue } = operation;
  if (isFixed(name)) refuse("header_mutation may not write pseudo-headers or host");
  const values = operation.values.filter((value) => keepEmptyValue || !isAlwaysEmpty(value));
  if (values.length > 1) checkSeveral(operation, values, refuse);
  return values.map((value, i) => {
    const action = i === 0 ? ACTIONS[verb] : undefined;
    return {
      append: {
        header: { key: name, value: formatString(value, isRequest, refuse) },
        ...(action && { append_action: action }),
        ...(keepEmptyValue && { keep_empty_value: true as const }),
      },
    };
  });
}

/** Each of several values is a mutation of its own, which knows nothing of the others. */
function checkSeveral({ operation, name, keepEmptyValue }: Write, values: Template[], refuse: Refuse): void {
  if (operation === "addIfAbsent" || operation === "setIfPresent") {
    refuse(`${operation} of several values is one decision, and header_mutation would make one for each`);
  }
  if (operation === "set" && !keepEmptyValue && !isNeverEmpty(values[0]!)) {
    refuse("where the first of several values is empty, header_mutation would leave the lines that are there");
  }
  if (values.slice(1).some((value) => reads(value, name))) {
    refuse(`a value reads ${name}, of which header_mutation has written the values before it by then`);
  }
}

/** Only where the pattern can mean no name that patterns must leave alone. */
function removal(matcher: TextMatcher, protection: Protection, refuse: Refuse): HeaderMutation {
  if (matcher.kind === "regex") {
    refuse("header_mutation would remove protected headers that a regular expression matches");
    return { remove: matcher.text };
  }
  const meant = [...PSEUDO_HEADERS, ...protection.names].filter((name) => matches(matcher, name));
  if (meant.length > 0) refuse(`header_mutation would remove ${meant.join(", ")}, which patterns leave alone`);
  if (protection.deny.length > 0) refuse("header_mutation does not know guard.deny");
  return { remove_on_match: { key_matcher: { [matcher.kind]: matcher.text } } };
}
