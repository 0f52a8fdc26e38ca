import { Description } from "filterwright/assembly/filters/headers/description";
import { HeaderName } from "filterwright/assembly/filters/headers/header-name";
import { NewLines } from "filterwright/assembly/filters/headers/new-lines";
import { Duplicates } from "filterwright/assembly/filters/headers/operations/duplicates";
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

// @ts-ignore: decorator
@lazy const STRATEGIES = ["RETAIN_FIRST", "RETAIN_LAST", "RETAIN_UNIQUE"];

const elements = new Elements();
/** The values that there are, or those of them that stay. */
const kept = new NewLines();
const duplicates = new Duplicates(kept);

/** `dedupe`: of values that repeat, some stay. */
export class Dedupe extends Operation {
  constructor(
    private readonly name: HeaderName,
    private readonly retain: Retain,
    /** `scope: element`: the elements of all lines, of which those that stay become one line. */
    private readonly inElements: bool,
  ) {
    super();
  }

  run(pass: Pass): Outcome {
    const name = this.name;
    const headers = pass.headers;
    kept.begin();
    for (let isAt = headers.has(name); isAt; isAt = headers.next(name)) {
      if (!this.inElements) keep(this.retain, headers.valueStart, headers.valueSize);
      else {
        elements.begin(headers.valueStart, headers.valueSize);
        while (elements.next()) if (elements.size > 0) keep(this.retain, elements.start, elements.size);
      }
    }
    const lines = pass.newLines;
    lines.begin();
    for (let i = firstKept(); i < kept.count; i = nextKept(i)) {
      if (i > 0 && this.inElements) lines.writer.text(", ");
      else if (i > 0) lines.endLine();
      kept.copy(i, lines.writer);
    }
    if (kept.count > 0) lines.endLine();
    return headers.update(name, lines);
  }

  describe(to: Description): void {
    to.text("operation", "dedupe");
    to.name("name", this.name);
    to.text("strategy", STRATEGIES[this.retain]);
    to.text("scope", this.inElements ? "element" : "line");
  }
}

/** So many are compared with each other when they come; more are sorted in the end. */
const FEW = 16;

function keep(retain: Retain, start: usize, size: i32): void {
  if (retain == Retain.First && kept.count > 0) return;
  if (retain == Retain.Last) kept.begin();
  for (let i = 0; i < kept.count && kept.count <= FEW; i++) {
    if (equalBytes(kept.start(i), kept.size(i), start, size)) return;
  }
  kept.add(start, size);
}

/** @returns the first of those that stay */
function firstKept(): i32 {
  if (kept.count > FEW) duplicates.find();
  return 0;
}

/** @returns the next one, or how many there are */
function nextKept(i: i32): i32 {
  do i++;
  while (i < kept.count && kept.count > FEW && duplicates.has(i));
  return i;
}
