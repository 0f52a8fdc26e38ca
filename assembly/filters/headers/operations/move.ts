import { Description } from "filterwright/assembly/filters/headers/description";
import { HeaderName } from "filterwright/assembly/filters/headers/header-name";
import { Operation } from "filterwright/assembly/filters/headers/operations/operation";
import { Outcome } from "filterwright/assembly/filters/headers/outcome";
import { Pass } from "filterwright/assembly/filters/headers/pass";

/** What becomes of lines that the target has already. */
export enum OnConflict {
  Overwrite,
  Append,
  Skip,
}

// @ts-ignore: decorator
@lazy const CONFLICTS = ["overwrite", "append", "skip"];

/** `rename` and `copy`: all lines of a header under another name. */
export class Move extends Operation {
  constructor(
    private readonly from: HeaderName,
    private readonly to: HeaderName,
    private readonly onConflict: OnConflict,
    /** `copy`: the lines stay where they were, too. */
    private readonly keeps: bool,
  ) {
    super();
  }

  run(pass: Pass): Outcome {
    const headers = pass.headers;
    const from = this.from;
    const to = this.to;
    if (!headers.has(from) || (this.onConflict == OnConflict.Skip && headers.has(to))) return Outcome.Skipped;
    const lines = pass.newLines;
    lines.begin();
    for (let isAt = headers.has(from); isAt; isAt = headers.next(from)) {
      lines.add(headers.valueStart, headers.valueSize);
    }
    if (!this.keeps) headers.remove(from.start, from.size);
    if (this.onConflict == OnConflict.Append) headers.addAll(to, lines);
    else headers.replaceAll(to, lines);
    return Outcome.Applied;
  }

  describe(to: Description): void {
    to.text("operation", this.keeps ? "copy" : "rename");
    to.name("from", this.from);
    to.name("to", this.to);
    to.text("onConflict", CONFLICTS[this.onConflict]);
  }
}
