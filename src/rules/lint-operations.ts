import { INLINE_HEADERS } from "../host/inline-headers.ts";
import type { Operation, Plan, Template } from "./plan.ts";

/** Rules that are good, and may not be what is meant. */
export interface Hint {
  /** As `rules[0].request[1]`; in the map form, where operations have no places, that of the map is meant. */
  path: string;
  message: string;
}

type Side = "request" | "response";

/** Looks at each operation by itself. */
export function lintOperations({ rules }: Plan): Hint[] {
  const hints = (path: string, operations: Operation[], side: Side): Hint[] =>
    operations.flatMap((operation, i) =>
      mayNotBeMeant(operation, side).map((message) => ({ path: `${path}.${side}[${i}]`, message })),
    );
  return rules.flatMap(({ path, request, response }) => [
    ...hints(path, request, "request"),
    ...hints(path, response, "response"),
  ]);
}

function mayNotBeMeant(operation: Operation, side: Side): string[] {
  const messages: string[] = [];
  if (operation.operation === "add" && INLINE_HEADERS[`${side} headers`].has(operation.name)) {
    messages.push(`add makes no second line of ${operation.name}: Envoy joins it to the one that is there, as old,new`);
  }
  if (operation.operation === "append" && operation.name === "cookie" && operation.separator.trim() !== ";") {
    messages.push("cookies are parted by semicolons: the operation cookie sets one");
  }
  if ("values" in operation && !("keepEmptyValue" in operation && operation.keepEmptyValue)) {
    if (operation.values.every((parts) => parts.length === 0)) messages.push("it does nothing: its value is empty");
  }
  for (const operator of operatorsIn(operation)) {
    messages.push(`${operator} stands in a pipe's argument, where it is text and no operator`);
  }
  return messages;
}

/** Operators in the arguments of pipes, such as of `default(%REQ(x)%)`. */
function operatorsIn(operation: Operation): string[] {
  const templates: Template[] = "values" in operation ? operation.values : [];
  return templates
    .flat()
    .flatMap((part) =>
      typeof part === "string" ? [] : part.pipes.flatMap((pipe) => pipe.match(/%[A-Z_]+(\([^)]*\))?%?/g) ?? []),
    );
}
