import { Counters } from "filterwright/assembly/filters/headers/counters";
import { answer, ERROR_DETAILS } from "filterwright/assembly/filters/headers/answer";
import { withFixedTogether } from "filterwright/assembly/filters/headers/operations/fixed";
import { Operation } from "filterwright/assembly/filters/headers/operations/operation";
import { Outcome } from "filterwright/assembly/filters/headers/outcome";
import { Pass } from "filterwright/assembly/filters/headers/pass";
import { Plan } from "filterwright/assembly/filters/headers/plan";
import { Rule } from "filterwright/assembly/filters/headers/rule";
import { Shadow } from "filterwright/assembly/filters/headers/shadow";
import { HeaderList } from "filterwright/assembly/runtime/header-list";
import { StreamState } from "filterwright/assembly/filters/headers/stream-state";

/** Runs the rules of a plan on requests, or on responses. */
export class Runner {
  readonly pass: Pass;
  private readonly shadow: Shadow;
  private readonly rules: Rule[];
  /** What each of the rules does to the message. */
  private readonly operations: Operation[][] = [];
  private readonly failsClosed: bool;

  constructor(
    isRequest: bool,
    private readonly plan: Plan,
    private readonly counters: Counters,
  ) {
    const pass = new Pass(isRequest, plan.needs);
    this.pass = pass;
    this.shadow = new Shadow(pass);
    const rules = isRequest ? plan.requestRules : plan.responseRules;
    this.rules = rules;
    this.failsClosed = plan.settings.failsClosed;
    for (let i = 0; i < rules.length; i++) {
      this.operations.push(withFixedTogether(isRequest ? rules[i].request : rules[i].response));
    }
  }

  /** @returns false where the message was answered, and is to go no further */
  run(state: StreamState | null): bool {
    const rules = this.rules;
    let isShadowAtEnd: bool = false;
    for (let i = 0, count = rules.length; i < count; i++) {
      const rule = unchecked(rules[i]);
      if (rule.isShadow) {
        if (!isShadowAtEnd) isShadowAtEnd = this.rehearse(rule, unchecked(this.operations[i]), state);
        continue;
      }
      if (this.pass.headers !== this.pass.message) this.shadow.leave();
      if (!this.matches(rule, state)) continue;
      if (!this.runOperations(rule, unchecked(this.operations[i]))) return false;
      if (rule.stops) break;
    }
    if (this.pass.headers !== this.pass.message) this.shadow.leave();
    return true;
  }

  /** Runs a rule on a copy. @returns whether other rules that are only rehearsed come to an end with it */
  private rehearse(rule: Rule, operations: Operation[], state: StreamState | null): bool {
    this.shadow.enter();
    if (!this.matches(rule, state)) return false;
    this.runOperations(rule, operations);
    this.shadow.tell(rule.name);
    return rule.stops;
  }

  private matches(rule: Rule, state: StreamState | null): bool {
    const pass = this.pass;
    const matches =
      rule.isAlways || (pass.isRequest ? rule.matchesRequest(pass, state) : rule.matchesResponse(pass, state));
    if (matches && rule.countsMatchIn(pass.isRequest)) this.counters.countMatch(rule.index);
    return matches;
  }

  /** @returns false where one failed, and the message was answered for it */
  private runOperations(rule: Rule, operations: Operation[]): bool {
    const pass = this.pass;
    for (let i = 0, count = operations.length; i < count; i++) {
      const operation = unchecked(operations[i]);
      const outcome = operation.run(pass);
      this.counters.count(rule.index, outcome, operation.weight);
      if (outcome != Outcome.Error || !this.failsClosed) continue;
      if (!rule.isShadow) this.fail();
      return false;
    }
    return true;
  }

  /** Writes `securityHeaders`, which no counter counts. @returns as `run` */
  runLast(): bool {
    const operations = this.plan.security;
    const isShadow = this.plan.settings.isShadow;
    if (isShadow) this.shadow.enter();
    for (let i = 0, count = operations.length; i < count; i++) {
      const outcome = unchecked(operations[i]).run(this.pass);
      if (outcome != Outcome.Error || !this.failsClosed || isShadow) continue;
      this.fail();
      return false;
    }
    if (!isShadow) return true;
    this.shadow.tell("securityHeaders");
    this.shadow.leave();
    return true;
  }

  /** Answers for an operation that failed. What is given in the place of a response passes no filter: it has `securityHeaders`, too. */
  private fail(): void {
    const pass = this.pass;
    pass.rehearsal.beginWith(new HeaderList());
    pass.headers = pass.rehearsal;
    const operations = this.plan.security;
    for (let i = 0, count = operations.length; i < count && !pass.isRequest; i++) operations[i].run(pass);
    answer(500, ERROR_DETAILS, pass.rehearsal.lines);
  }
}
