import { Description } from "filterwright/assembly/filters/headers/description";
import { Bytes } from "filterwright/assembly/filters/headers/bytes";
import { HeaderName } from "filterwright/assembly/filters/headers/header-name";
import { Operation } from "filterwright/assembly/filters/headers/operations/operation";
import { Outcome } from "filterwright/assembly/filters/headers/outcome";
import { Pass } from "filterwright/assembly/filters/headers/pass";
import { Template } from "filterwright/assembly/filters/headers/values/template";
import { ByteWriter } from "filterwright/assembly/text/byte-writer";
import { Elements } from "filterwright/assembly/text/elements";
import { equalBytes } from "filterwright/assembly/text/slice";
import { findLine } from "filterwright/assembly/filters/headers/find-line";

const elements = new Elements();
const values = new ByteWriter();

/** `append`: values joined to a line that is there. */
export class Append extends Operation {
  /** `ifPresent`: where there is no line, none is made. */
  ifPresent: bool = false;
  /** `unique`: a value that the header has as an element is not appended. */
  isUnique: bool = false;
  /** `scope: everyLine`, and not the last alone. */
  toEveryLine: bool = false;

  constructor(
    private readonly name: HeaderName,
    private readonly templates: Template[],
    private readonly separator: Bytes,
  ) {
    super();
  }

  run(pass: Pass): Outcome {
    const name = this.name;
    const headers = pass.headers;
    const old = headers.lines;
    const lines = pass.newLines;
    lines.begin();
    const templates = this.templates;
    let appended = 0;
    let at = findLine(old, name, 0);
    if (at < 0 && this.ifPresent) return Outcome.Skipped;
    // Without a line there is one to begin.
    do {
      const next = at < 0 ? -1 : findLine(old, name, at + 1);
      if (at >= 0) lines.writer.bytes(old.valueStart(at), <i32>old.valueSize(at));
      if (this.toEveryLine || next < 0) {
        for (let i = 0, count = templates.length; i < count; i++) {
          values.clear();
          const outcome = templates[i].write(pass, values);
          if (outcome != Outcome.Applied) return outcome;
          if (values.size == 0 || (this.isUnique && this.has(pass))) continue;
          if (lines.openSize > 0) this.separator.writeTo(lines.writer);
          lines.writer.bytes(values.start, values.size);
          appended++;
        }
      }
      lines.endLine();
      at = next;
    } while (at >= 0);
    return appended == 0 ? Outcome.Skipped : headers.update(name, lines);
  }

  /** Whether the value is an element of a line that was made: of the open one, and where only the last one grows, of any. */
  private has(pass: Pass): bool {
    const lines = pass.newLines;
    const from = this.toEveryLine ? lines.count : 0;
    for (let i = from; i <= lines.count; i++) {
      if (i == lines.count) elements.begin(lines.openStart, lines.openSize);
      else elements.begin(lines.start(i), lines.size(i));
      while (elements.next()) {
        if (equalBytes(elements.start, elements.size, values.start, values.size)) return true;
      }
    }
    return false;
  }

  describe(to: Description): void {
    to.text("operation", "append");
    to.name("name", this.name);
    to.templates("values", this.templates);
    to.bytesOf("separator", this.separator);
    to.flag("unique", this.isUnique);
    to.flag("ifPresent", this.ifPresent);
    to.flag("everyLine", this.toEveryLine);
  }
}
