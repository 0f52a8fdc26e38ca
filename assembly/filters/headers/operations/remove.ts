import { Description } from "filterwright/assembly/filters/headers/description";
import { HeaderName } from "filterwright/assembly/filters/headers/header-name";
import { Operation } from "filterwright/assembly/filters/headers/operations/operation";
import { Outcome } from "filterwright/assembly/filters/headers/outcome";
import { Pass } from "filterwright/assembly/filters/headers/pass";
import { TextMatcher } from "filterwright/assembly/filters/headers/text-matcher";

/** `remove: NAME`. That it is not there is no reason to count it as skipped: to know, the message would have to be read. */
export class Remove extends Operation {
  constructor(readonly name: HeaderName) {
    super();
  }

  run(pass: Pass): Outcome {
    pass.headers.remove(this.name.start, this.name.size);
    return Outcome.Applied;
  }

  describe(to: Description): void {
    to.text("operation", "remove");
    to.name("name", this.name);
  }
}

/** `remove: {name, value}`: the lines whose value matches. */
export class RemoveLines extends Operation {
  constructor(
    private readonly name: HeaderName,
    private readonly value: TextMatcher,
  ) {
    super();
  }

  run(pass: Pass): Outcome {
    const headers = pass.headers;
    const name = this.name;
    const lines = pass.newLines;
    lines.begin();
    let removed = 0;
    for (let isAt = headers.has(name); isAt; isAt = headers.next(name)) {
      const size = headers.valueSize;
      if (this.value.matches(headers.valueStart, size)) {
        removed++;
        continue;
      }
      lines.add(headers.valueStart, size);
    }
    if (removed == 0) return Outcome.Skipped;
    if (lines.count > 0) headers.replaceAll(name, lines);
    else headers.remove(name.start, name.size);
    return Outcome.Applied;
  }

  describe(to: Description): void {
    to.text("operation", "removeLines");
    to.name("name", this.name);
    to.matcher("value", this.value);
  }
}
