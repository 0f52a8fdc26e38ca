import { type Hint, lintOperations } from "./lint-operations.ts";
import type { Entry, Operation, Plan, Rule, Template } from "./plan.ts";

/** Looks at a plan for what its author may not have meant. */
export function lint(plan: Plan): Hint[] {
  return [...spoofing(plan), ...lintOperations(plan), ...unreached(plan), ...never(plan), ...idle(plan)];
}

/** Names by which upstreams know who asks. */
const IDENTITY = /^(x-user|x-auth|x-forwarded-client-cert$)/;

/**
 * What a client sends under a name that upstreams trust goes on to them, beside or in the place of what a rule gives. A rule must
 * have removed it before, for all requests.
 */
function spoofing({ rules }: Plan): Hint[] {
  const hints: Hint[] = [];
  const removed: ((name: string) => boolean)[] = [];
  for (const rule of rules) {
    if (rule.isShadow) continue;
    const isForAll = isAlways(rule);
    const removedHere: ((name: string) => boolean)[] = [];
    for (const [i, operation] of rule.request.entries()) {
      const name = spoofable(operation);
      if (name !== undefined && ![...removed, ...removedHere].some((removes) => removes(name))) {
        const message = `a client can send ${name} itself, and ${operation.operation} may let that go on: remove it first`;
        hints.push({ path: `${rule.path}.request[${i}]`, message });
      }
      const removes = removalOf(operation);
      if (removes) removedHere.push(removes);
    }
    if (isForAll) removed.push(...removedHere);
  }
  return hints;
}

/** The identity-like name that an operation writes, and may leave as the client sent it. */
function spoofable(operation: Operation): string | undefined {
  switch (operation.operation) {
    case "set":
    case "setIfPresent":
      return !isSure(operation) && IDENTITY.test(operation.name) ? operation.name : undefined;
    case "add":
    case "addIfAbsent":
    case "append":
      return IDENTITY.test(operation.name) ? operation.name : undefined;
    case "copy":
    case "rename":
      // Where there is nothing to copy, what the client sent stays.
      return IDENTITY.test(operation.to) ? operation.to : undefined;
    default:
      return undefined;
  }
}

/** Whether a write is made whatever the message is: one whose value is empty is not. */
function isSure({ values, keepEmptyValue }: { values: Template[]; keepEmptyValue: boolean }): boolean {
  if (values.some((parts) => parts.some(mayFail))) return false;
  return keepEmptyValue || values.some((parts) => parts.some((part) => typeof part === "string"));
}

/** Whether a part may keep its write from being made: by what cannot be decoded, or decodes to what no header may have. */
function mayFail(part: Template[number]): boolean {
  return (
    typeof part !== "string" &&
    (part.operator === "JWT_CLAIM" || part.pipes.some((pipe) => /^(urldecode|base64decode)/.test(pipe)))
  );
}

/** What an operation takes away whatever the request is. */
function removalOf(operation: Operation): ((name: string) => boolean) | undefined {
  if (operation.operation === "remove" || (operation.operation === "set" && isSure(operation))) {
    return (other) => other === operation.name;
  }
  if (operation.operation !== "removeMatching") return undefined;
  return (name) =>
    operation.names.some(({ kind, text }) => {
      if (kind === "prefix") return name.startsWith(text);
      if (kind === "suffix") return name.endsWith(text);
      return kind === "contains" ? name.includes(text) : name === text;
    });
}

/** Behind a rule that always matches and ends the pass. */
function unreached({ rules }: Plan): Hint[] {
  const last = rules.findIndex((rule) => rule.stops && !rule.isShadow && isAlways(rule));
  if (last < 0) return [];
  return rules.slice(last + 1).map(({ path }) => ({
    path,
    message: `it is never reached: ${rules[last]!.path} matches every request and ends the pass`,
  }));
}

/** Whether a rule is for every request: nothing is asked, or an entry asks nothing. */
function isAlways({ matches, share }: Rule): boolean {
  const asksNothing = ({ request, response, not }: Entry) => request.length + response.length === 0 && !not;
  return share === undefined && (matches.length === 0 || matches.some(asksNothing));
}

function never({ rules }: Plan): Hint[] {
  return rules
    .filter(({ share }) => share === 0)
    .map(({ path }) => ({ path, message: "it never matches: its percent is 0" }));
}

function idle({ rules }: Plan): Hint[] {
  const isIdle = ({ request, response, stops }: Rule) => request.length === 0 && response.length === 0 && !stops;
  return rules
    .filter(isIdle)
    .map(({ path }) => ({ path, message: "it has no operations: it only counts its matches" }));
}
