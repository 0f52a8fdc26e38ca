import type { Operation, Plan, Rule } from "../plan.ts";
import { type HeaderMutation, mutationsOf } from "./native-operation.ts";
import { reachableRules, SECURITY, titleOf } from "./passes.ts";
import { protectionOf } from "./protection.ts";
import { Refusals, type Rendering } from "./refusal.ts";

const TYPE = "type.googleapis.com/envoy.extensions.filters.http.header_mutation.v3.HeaderMutation";

/**
 * Renders a plan as Envoy's own `header_mutation` filter, for Envoy 1.36 and newer. It has neither conditions nor operations that
 * read more than the first line of a header; whatever it would not do exactly is refused.
 */
export function renderNative(plan: Plan): Rendering {
  const refusals = new Refusals();
  if (plan.isShadow) refusals.add("mode", "header_mutation has no shadow mode");
  if (plan.limits) refusals.add("limits", "header_mutation has no limits");
  const request: HeaderMutation[] = [];
  const response: HeaderMutation[] = [];
  const add = (rule: Pick<Rule, "name" | "path">, operations: Operation[], isRequest: boolean) => {
    const protection = protectionOf(plan, isRequest, true);
    const mutations = isRequest ? request : response;
    for (const operation of operations) {
      const refuse = refusals.of(rule, titleOf(operation));
      mutations.push(...mutationsOf(operation, isRequest, protection, refuse));
    }
  };
  for (const rule of reachableRules(plan)) {
    refuseConditions(rule, plan.isShadow, refusals);
    add(rule, rule.request, true);
    add(rule, rule.response, false);
  }
  add(SECURITY, plan.securityHeaders, false);
  if (refusals.list.length > 0) return { refusals: refusals.list };
  return {
    config: {
      "@type": TYPE,
      mutations: {
        ...(request.length > 0 && { request_mutations: request }),
        ...(response.length > 0 && { response_mutations: response }),
      },
    },
  };
}

function refuseConditions(rule: Rule, isAllShadow: boolean, refusals: Refusals): void {
  if (rule.matches.length > 0) refusals.of(rule, "matches")("header_mutation has no conditions");
  if (rule.share !== undefined) refusals.of(rule, "percent")("header_mutation has no conditions");
  if (rule.isShadow && !isAllShadow) refusals.of(rule, "mode: shadow")("header_mutation has no shadow mode");
}
