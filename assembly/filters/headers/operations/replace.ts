import { Description } from "filterwright/assembly/filters/headers/description";
import { HeaderName } from "filterwright/assembly/filters/headers/header-name";
import { Operation } from "filterwright/assembly/filters/headers/operations/operation";
import { Substitution } from "filterwright/assembly/filters/headers/operations/substitution";
import { Outcome } from "filterwright/assembly/filters/headers/outcome";
import { Pass } from "filterwright/assembly/filters/headers/pass";
import { Protection, Verdict } from "filterwright/assembly/filters/headers/protection";
import { TextMatcher } from "filterwright/assembly/filters/headers/text-matcher";
import { Elements } from "filterwright/assembly/text/elements";
import { HeaderList } from "filterwright/assembly/runtime/header-list";

const elements = new Elements();

/** `replace`: what a pattern finds in the values of a header. */
export class Replace extends Operation {
  constructor(
    private readonly name: HeaderName,
    private readonly substitution: Substitution,
    /** `scope: element`: each element by itself, and not the line. */
    private readonly inElements: bool,
  ) {
    super();
  }

  run(pass: Pass): Outcome {
    pass.newLines.begin();
    const outcome = makeLines(pass, this.name.start, this.name.size, this.substitution, this.inElements);
    return outcome == Outcome.Applied ? pass.headers.update(this.name, pass.newLines) : outcome;
  }

  describe(to: Description): void {
    to.text("operation", "replace");
    to.name("name", this.name);
    to.text("scope", this.inElements ? "element" : "line");
    this.substitution.describe(to);
  }
}

/** The same for all headers whose names match. */
export class ReplaceMatching extends Operation {
  /** The names of headers; in the place of values, which of the new lines are theirs: from one to before another. */
  private readonly made: HeaderList = new HeaderList();

  constructor(
    private readonly name: TextMatcher,
    private readonly substitution: Substitution,
    private readonly inElements: bool,
    private readonly protection: Protection,
  ) {
    super();
  }

  run(pass: Pass): Outcome {
    const headers = pass.headers;
    const old = headers.lines;
    const lines = pass.newLines;
    lines.begin();
    const made = this.made;
    made.reset(0);
    let isDenied = false;
    // All are made before the first is written: an operation that fails has changed nothing.
    for (let i = 0; i < old.length; i++) {
      const start = old.nameStart(i);
      const size = old.nameSize(i);
      if (!this.name.matches(start, <i32>size) || old.find(start, size) < i) continue;
      const verdict = this.protection.of(start, <i32>size);
      if (verdict == Verdict.Denied) isDenied = true;
      if (verdict != Verdict.Free) continue;
      const from = lines.count;
      const outcome = makeLines(pass, start, size, this.substitution, this.inElements);
      if (outcome != Outcome.Applied) return outcome;
      made.push(start, size, from, lines.count);
    }
    let isChanged = false;
    for (let i = 0; i < made.length; i++) {
      const from = <i32>made.valueStart(i);
      if (headers.updateBy(made.nameStart(i), made.nameSize(i), lines, from, <i32>made.valueSize(i))) isChanged = true;
    }
    return isDenied ? Outcome.Rejected : isChanged ? Outcome.Applied : Outcome.Skipped;
  }

  describe(to: Description): void {
    to.text("operation", "replaceMatching");
    to.matcher("names", this.name);
    to.text("scope", this.inElements ? "element" : "line");
    this.substitution.describe(to);
  }
}

function makeLines(
  pass: Pass,
  nameStart: usize,
  nameSize: usize,
  substitution: Substitution,
  inElements: bool,
): Outcome {
  const old = pass.headers.lines;
  const lines = pass.newLines;
  const writer = lines.writer;
  for (let at = old.find(nameStart, nameSize); at >= 0; at = old.find(nameStart, nameSize, at + 1)) {
    const start = old.valueStart(at);
    const size = <i32>old.valueSize(at);
    let outcome = Outcome.Applied;
    if (!inElements) outcome = substitution.write(pass, start, size, writer);
    else {
      let copied = start;
      elements.begin(start, size);
      while (outcome == Outcome.Applied && elements.next()) {
        if (elements.size == 0) continue;
        writer.bytes(copied, <i32>(elements.start - copied));
        copied = elements.start + elements.size;
        outcome = substitution.write(pass, elements.start, elements.size, writer);
      }
      writer.bytes(copied, <i32>(start + size - copied));
    }
    if (outcome != Outcome.Applied) return outcome;
    lines.endLine();
  }
  return Outcome.Applied;
}
