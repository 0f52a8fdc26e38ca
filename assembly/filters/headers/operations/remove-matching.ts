import { Description } from "filterwright/assembly/filters/headers/description";
import { Operation } from "filterwright/assembly/filters/headers/operations/operation";
import { Outcome } from "filterwright/assembly/filters/headers/outcome";
import { Pass } from "filterwright/assembly/filters/headers/pass";
import { Protection, Verdict } from "filterwright/assembly/filters/headers/protection";
import { TextMatcher } from "filterwright/assembly/filters/headers/text-matcher";

/** `remove: {prefix: ...}` and the like: every header whose name matches. `retain`: every header whose name does not. */
export class RemoveMatching extends Operation {
  constructor(
    private readonly matchers: TextMatcher[],
    /** Whether those that match one of them stay, and not go. */
    private readonly retains: bool,
    private readonly protection: Protection,
  ) {
    super();
  }

  run(pass: Pass): Outcome {
    const headers = pass.headers;
    const lines = headers.lines;
    let outcome = Outcome.Skipped;
    for (let i = lines.length - 1; i >= 0; i--) {
      // From the end: what is removed takes all its lines with it, this one and some in front.
      i = min(i, lines.length - 1);
      if (i < 0) break;
      const start = lines.nameStart(i);
      const size = lines.nameSize(i);
      if (this.matches(start, <i32>size) == this.retains) continue;
      const verdict = this.protection.of(start, <i32>size);
      if (verdict == Verdict.Free) {
        headers.remove(start, size);
        if (outcome == Outcome.Skipped) outcome = Outcome.Applied;
      } else if (verdict == Verdict.Denied) outcome = Outcome.Rejected;
    }
    return outcome;
  }

  private matches(start: usize, size: i32): bool {
    const matchers = this.matchers;
    for (let i = 0; i < matchers.length; i++) if (matchers[i].matches(start, size)) return true;
    return false;
  }

  describe(to: Description): void {
    to.text("operation", this.retains ? "retain" : "removeMatching");
    to.matchers("names", this.matchers);
  }
}
