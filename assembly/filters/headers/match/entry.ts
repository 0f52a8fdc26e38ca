import { Description } from "filterwright/assembly/filters/headers/description";
import { Condition } from "filterwright/assembly/filters/headers/match/condition";
import { Pass } from "filterwright/assembly/filters/headers/pass";

/** An entry of `matches`: conditions that must all hold, some on the request, some on the response. */
export class Entry {
  readonly request: Condition[] = [];
  readonly response: Condition[] = [];
  /** What must not match. */
  not: Entry | null = null;

  /** Whether it can be told before there is a response. */
  get isOfRequest(): bool {
    const not = this.not;
    return this.response.length == 0 && (not === null || not.isOfRequest);
  }

  /** Whether it asks anything of the request. */
  get asksRequest(): bool {
    const not = this.not;
    return this.request.length > 0 || (not !== null && not.asksRequest);
  }

  /** How many entries are inside one another: this one, its `not`, the `not` of that. */
  get depth(): i32 {
    const not = this.not;
    return not === null ? 1 : 1 + not.depth;
  }

  /** Whether it holds. Only for one that can be told before there is a response. */
  holds(pass: Pass): bool {
    const not = this.not;
    if (not !== null && not.holds(pass)) return false;
    // What a `not` has matched is no capture.
    pass.captured.clear();
    return allHold(this.request, pass);
  }

  /** Notes which conditions on the request hold, a byte for each depth. */
  note(pass: Pass, to: usize): void {
    const not = this.not;
    if (not !== null) not.note(pass, to + 1);
    pass.captured.clear();
    store<bool>(to, allHold(this.request, pass));
  }

  /** Whether it may hold still: by what was noted, and by its `not`. */
  mayHold(pass: Pass, noted: usize): bool {
    if (!load<bool>(noted)) return false;
    const not = this.not;
    return not === null || !(not.mayHold(pass, noted + 1) && not.responseHolds(pass));
  }

  /** Whether the conditions on the response hold. */
  responseHolds(pass: Pass): bool {
    return allHold(this.response, pass);
  }

  describe(to: Description): void {
    to.object();
    to.key("request");
    describeAll(this.request, to);
    to.key("response");
    describeAll(this.response, to);
    const not = this.not;
    if (not !== null) {
      to.key("not");
      not.describe(to);
    }
    to.endObject();
  }
}

function allHold(conditions: Condition[], pass: Pass): bool {
  for (let i = 0; i < conditions.length; i++) if (!conditions[i].holds(pass)) return false;
  return true;
}

function describeAll(conditions: Condition[], to: Description): void {
  to.array();
  for (let i = 0; i < conditions.length; i++) {
    to.object();
    conditions[i].describe(to);
    to.endObject();
  }
  to.endArray();
}
