import { Description } from "filterwright/assembly/filters/headers/description";
import { Limits } from "filterwright/assembly/filters/headers/limits";
import { Needs } from "filterwright/assembly/filters/headers/needs";
import { Operation } from "filterwright/assembly/filters/headers/operations/operation";
import { Rule, describeOperations } from "filterwright/assembly/filters/headers/rule";
import { Settings } from "filterwright/assembly/filters/headers/settings";
import { StateLayout } from "filterwright/assembly/filters/headers/stream-state";

/** What a configuration comes to. */
export class Plan {
  readonly rules: Rule[] = [];
  /** `securityHeaders`: what the response's pass ends with. */
  readonly security: Operation[] = [];
  limits: Limits | null = null;
  readonly layout: StateLayout = new StateLayout();
  /** Those of the rules that have a part in the request's pass, and in the response's. */
  readonly requestRules: Rule[] = [];
  readonly responseRules: Rule[] = [];

  constructor(
    readonly settings: Settings,
    readonly needs: Needs,
  ) {}

  /** To be called when all rules are there. */
  complete(): void {
    for (let i = 0; i < this.rules.length; i++) {
      const rule = this.rules[i];
      rule.keep(this.layout);
      if (rule.isInRequest) this.requestRules.push(rule);
      if (rule.isInResponse) this.responseRules.push(rule);
    }
  }

  /** Whether the response's pass must know something of the request. */
  get keepsState(): bool {
    return this.layout.size > 0 || this.needs.afterRequest.isNeeded || this.needs.keepsBeforeRequest;
  }

  describe(to: Description): void {
    to.object();
    to.flag("isShadow", this.settings.isShadow);
    to.flag("failsClosed", this.settings.failsClosed);
    to.flag("passesInvalid", this.settings.passesInvalid);
    to.key("guard");
    this.settings.guard.describe(to);
    if (this.limits !== null) {
      to.key("limits");
      this.limits!.describe(to);
    }
    to.key("securityHeaders");
    describeOperations(this.security, to);
    to.key("rules");
    to.array();
    for (let i = 0; i < this.rules.length; i++) this.rules[i].describe(to);
    to.endArray();
    to.key("needs");
    this.needs.describe(to, this.keepsState);
    to.endObject();
  }
}
