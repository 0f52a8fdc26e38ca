import { HeaderName } from "filterwright/assembly/filters/headers/header-name";
import { OnConflict } from "filterwright/assembly/filters/headers/operations/move";
import { Operation } from "filterwright/assembly/filters/headers/operations/operation";
import { Outcome } from "filterwright/assembly/filters/headers/outcome";
import { Pass } from "filterwright/assembly/filters/headers/pass";
import { Template } from "filterwright/assembly/filters/headers/values/template";

/** `copy` of what is no header: a parameter of the query, a cookie, an attribute. */
export class CopyValue extends Operation {
  constructor(
    private readonly from: Template,
    private readonly to: HeaderName,
    private readonly onConflict: OnConflict,
  ) {
    super();
  }

  run(pass: Pass): Outcome {
    const headers = pass.headers;
    const to = this.to;
    if (this.onConflict == OnConflict.Skip && headers.has(to)) return Outcome.Skipped;
    const lines = pass.newLines;
    lines.begin();
    const outcome = this.from.write(pass, lines.writer);
    if (outcome != Outcome.Applied) return outcome;
    if (lines.openSize == 0) return Outcome.Skipped;
    lines.endLine();
    if (this.onConflict == OnConflict.Append) headers.addAll(to, lines);
    else headers.replaceAll(to, lines);
    return Outcome.Applied;
  }
}
