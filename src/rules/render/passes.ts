import type { Entry, Operation, Plan, Rule } from "../plan.ts";

/** Stands for the `securityHeaders` of a document where a rule is asked for. */
export const SECURITY = { name: "securityHeaders", path: "securityHeaders" };

/** The rules that a message may meet in a pass. Behind one that always ends the pass there are none. */
export function reachableRules(plan: Plan): Rule[] {
  const last = plan.rules.findIndex((rule) => rule.stops && isUnconditional(rule) && !rule.isShadow);
  return last < 0 ? plan.rules : plan.rules.slice(0, last + 1);
}

/** What a plan may do to messages, with the rule that it is of. */
export function allOperations(plan: Plan): [of: Pick<Rule, "name" | "path">, operation: Operation][] {
  const ofRules = reachableRules(plan).flatMap((rule) =>
    [...rule.request, ...rule.response].map((operation): [Rule, Operation] => [rule, operation]),
  );
  return [...ofRules, ...plan.securityHeaders.map((operation): [typeof SECURITY, Operation] => [SECURITY, operation])];
}

export function isUnconditional({ matches, share }: Rule): boolean {
  return matches.length === 0 && share === undefined;
}

/** Whether the match can be told before there is a response. */
export function isOfRequest({ matches }: Pick<Rule, "matches">): boolean {
  const isEntryOfRequest = ({ response, not }: Entry): boolean =>
    response.length === 0 && (not === undefined || isEntryOfRequest(not));
  return matches.every(isEntryOfRequest);
}

/** Whether the match asks anything of the request. */
export function asksRequest({ matches }: Pick<Rule, "matches">): boolean {
  const asks = ({ request, not }: Entry): boolean => request.length > 0 || (not !== undefined && asks(not));
  return matches.some(asks);
}

/** Whether a rule has a part in the response's pass. */
export function isInResponse(rule: Rule): boolean {
  return rule.response.length > 0 || rule.stops || !isOfRequest(rule);
}

/** An operation in short: its name and the header that it is about. */
export function titleOf(operation: Operation): string {
  if ("name" in operation && operation.name !== undefined) return `${operation.operation} ${operation.name}`;
  if ("from" in operation) return `${operation.operation} ${operation.from}`;
  return operation.operation;
}
