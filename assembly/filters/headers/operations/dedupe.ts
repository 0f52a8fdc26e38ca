import { Description } from "filterwright/assembly/filters/headers/description";
import { HeaderName } from "filterwright/assembly/filters/headers/header-name";
import { NewLines } from "filterwright/assembly/filters/headers/new-lines";
import { Operation } from "filterwright/assembly/filters/headers/operations/operation";
import { Outcome } from "filterwright/assembly/filters/headers/outcome";
import { Pass } from "filterwright/assembly/filters/headers/pass";
import { Elements } from "filterwright/assembly/text/elements";
import { equalBytes } from "filterwright/assembly/text/slice";

/** Which of a header's values stay. */
export enum Retain {
  First,
  Last,
  /** Each once, where it stood first. */
  Unique,
}

const STRATEGIES = ["RETAIN_FIRST", "RETAIN_LAST", "RETAIN_UNIQUE"];

const elements = new Elements();

/** `dedupe: {scope: line}`. */
export class DedupeLines extends Operation {
  constructor(
    private readonly name: HeaderName,
    private readonly retain: Retain,
  ) {
    super();
  }

  run(pass: Pass): Outcome {
    const name = this.name;
    const old = pass.headers.lines;
    const lines = pass.newLines;
    lines.begin();
    for (let at = old.find(name.start, name.size); at >= 0; at = old.find(name.start, name.size, at + 1)) {
      retainValue(lines, this.retain, old.valueStart(at), <i32>old.valueSize(at));
    }
    return pass.headers.update(name, lines);
  }

  describe(to: Description): void {
    to.text("operation", "dedupe");
    to.name("name", this.name);
    to.text("strategy", STRATEGIES[this.retain]);
    to.text("scope", "line");
  }
}

/** `dedupe: {scope: element}`: the elements of all lines; those that stay are one line. */
export class DedupeElements extends Operation {
  private readonly kept: NewLines = new NewLines();

  constructor(
    private readonly name: HeaderName,
    private readonly retain: Retain,
  ) {
    super();
  }

  run(pass: Pass): Outcome {
    const name = this.name;
    const old = pass.headers.lines;
    const kept = this.kept;
    kept.begin();
    for (let at = old.find(name.start, name.size); at >= 0; at = old.find(name.start, name.size, at + 1)) {
      elements.begin(old.valueStart(at), <i32>old.valueSize(at));
      while (elements.next()) if (elements.size > 0) retainValue(kept, this.retain, elements.start, elements.size);
    }
    const lines = pass.newLines;
    lines.begin();
    if (kept.count > 0) {
      for (let i = 0; i < kept.count; i++) {
        if (i > 0) lines.writer.text(", ");
        lines.writer.bytes(kept.start(i), kept.size(i));
      }
      lines.endLine();
    }
    return pass.headers.update(name, lines);
  }

  describe(to: Description): void {
    to.text("operation", "dedupe");
    to.name("name", this.name);
    to.text("strategy", STRATEGIES[this.retain]);
    to.text("scope", "element");
  }
}

function retainValue(kept: NewLines, retain: Retain, start: usize, size: i32): void {
  if (retain == Retain.First && kept.count > 0) return;
  if (retain == Retain.Last) kept.begin();
  for (let i = 0; retain == Retain.Unique && i < kept.count; i++) {
    if (equalBytes(kept.start(i), kept.size(i), start, size)) return;
  }
  kept.writer.bytes(start, size);
  kept.endLine();
}
