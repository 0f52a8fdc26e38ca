import { createHash } from "node:crypto";
import type { Operation, Plan, Rule } from "../plan.ts";
import { keptEntries, matchExpression, settledExpression } from "./lua-condition.ts";
import { type Protections, statementsOf } from "./lua-operation.ts";
import { LuaScript } from "./lua-script.ts";
import { indented } from "./lua-text.ts";
import { asksRequest, isInResponse, isOfRequest, reachableRules, SECURITY, titleOf } from "./passes.ts";
import { protectionOf } from "./protection.ts";
import { Refusals, type Rendering } from "./refusal.ts";

const TYPE = "type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua";

/** A function may have 65,536 constants; texts have two quotes each. */
const MAX_QUOTES = 2 * 60_000;

/**
 * Renders a plan as a script for Envoy's Lua filter, for Envoy 1.36 and newer. What the response must know of the request is kept
 * in dynamic metadata. Whatever Lua would not do exactly is refused.
 */
export function renderLua(plan: Plan): Rendering {
  const { script, refusals } = new LuaRenderer(plan).run();
  const id = createHash("sha256").update(JSON.stringify(plan)).digest("hex").slice(0, 8);
  const text = script.toString(id);
  if (text.split('"').length > MAX_QUOTES) refusals.add("rules", "they are too many for a function of Lua");
  if (refusals.list.length > 0) return { refusals: refusals.list };
  return { config: { "@type": TYPE, default_source_code: { inline_string: text } } };
}

/** Whether the script of a plan that can be rendered keeps something of the request for the response. */
export function luaKeepsState(plan: Plan): boolean {
  return new LuaRenderer(plan).run().script.keepsState;
}

class LuaRenderer {
  readonly script = new LuaScript();
  readonly refusals = new Refusals();
  private readonly plan: Plan;

  constructor(plan: Plan) {
    this.plan = plan;
  }

  run(): this {
    const { plan, refusals, script } = this;
    if (plan.isShadow) refusals.add("mode", "Lua scripts have no shadow mode");
    if (plan.limits) refusals.add("limits", "Lua cannot set the response's details, headers_limit");
    for (const [index, rule] of reachableRules(plan).entries()) {
      if (rule.isShadow && !plan.isShadow) refusals.of(rule, "mode: shadow")("Lua scripts have no shadow mode");
      if (rule.share !== undefined) {
        refusals.of(
          rule,
          "percent",
        )("without a request id it is by chance, and Lua's chance is the same in every worker");
      }
      this.requestRule(rule, `rule_${index + 1}`);
      if (isInResponse(rule)) this.responseRule(rule, `rule_${index + 1}`);
    }
    if (plan.securityHeaders.length > 0) {
      script.responseEnd.push("", `-- ${SECURITY.name}`, ...this.operations(SECURITY, plan.securityHeaders, false));
    }
    return this;
  }

  private requestRule(rule: Rule, field: string): void {
    const { script } = this;
    const side = { script, isRequest: true };
    const refuse = this.refusals.of(rule, "matches");
    const keeps = isInResponse(rule) && asksRequest(rule);
    if (!isOfRequest(rule)) {
      if (!keeps) return;
      const kept = keptEntries(rule, field, side, refuse);
      const reached = tellsReach(rule) ? [] : [`${script.keepMatch(field)} = true`];
      this.statements(rule, true, [...reached, ...kept]);
      return;
    }
    if (rule.request.length === 0 && !rule.stops && !keeps) return;
    if (rule.stops) script.hasRequestStop = true;
    const body = this.operations(rule, rule.request, true);
    const stop = rule.stops ? ["return"] : [];
    const condition = matchExpression(rule.matches, side, refuse);
    if (keeps) {
      const kept = script.keepMatch(field);
      const inner = [...body, ...stop];
      const note = [`${kept} = ${condition}`];
      this.statements(rule, true, inner.length === 0 ? note : [...note, ...when(kept, inner)]);
    } else this.block(rule, true, condition, [...body, ...stop]);
  }

  private responseRule(rule: Rule, field: string): void {
    const { script } = this;
    const side = { script, isRequest: false };
    if (rule.stops) script.hasResponseStop = true;
    const body = [...this.operations(rule, rule.response, false), ...(rule.stops ? ["return"] : [])];
    const conditions: string[] = [];
    if (asksRequest(rule) && !tellsReach(rule)) conditions.push(script.keepMatch(field));
    if (!isOfRequest(rule)) conditions.push(settledExpression(rule, field, side, this.refusals.of(rule, "matches")));
    this.block(rule, false, conditions.length === 0 ? "true" : conditions.join(" and "), body);
  }

  private block(rule: Rule, isRequest: boolean, condition: string, body: string[]): void {
    if (body.length > 0) this.statements(rule, isRequest, when(condition, body));
  }

  private statements({ name, path }: Rule, isRequest: boolean, statements: string[]): void {
    const to = isRequest ? this.script.request : this.script.response;
    if (to.length > 0) to.push("");
    to.push(path === `rules[${name}]` ? `-- ${path}` : `-- ${name} (${path})`, ...statements);
  }

  private operations(rule: Pick<Rule, "name" | "path">, operations: Operation[], isRequest: boolean): string[] {
    const { plan, script } = this;
    const protections: Protections = {
      ofRemovals: protectionOf(plan, isRequest, true),
      ofWrites: protectionOf(plan, isRequest, false),
      failsClosed: plan.failsClosed,
    };
    return operations.flatMap((operation) => {
      const refuse = this.refusals.of(rule, titleOf(operation));
      const statements = statementsOf(operation, { script, isRequest }, protections, refuse);
      // Names of one operation are no other's.
      const hasNames = statements.some((statement) => statement.startsWith("local "));
      return hasNames ? ["do", ...indented(statements), "end"] : statements;
    });
  }
}

/** Whether no entry of a rule that the response settles can hold unless the request's pass has reached the rule. */
function tellsReach(rule: Rule): boolean {
  return !isOfRequest(rule) && rule.matches.every(({ request }) => request.length > 0);
}

/** Statements under a condition. A `return` must stand last in a block. */
function when(condition: string, body: string[]): string[] {
  if (condition !== "true") return [`if ${condition} then`, ...indented(body), "end"];
  return body.at(-1) === "return" ? ["do", ...indented(body), "end"] : body;
}
