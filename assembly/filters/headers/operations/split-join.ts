import { Description } from "filterwright/assembly/filters/headers/description";
import { Bytes } from "filterwright/assembly/filters/headers/bytes";
import { HeaderName } from "filterwright/assembly/filters/headers/header-name";
import { Operation } from "filterwright/assembly/filters/headers/operations/operation";
import { Outcome } from "filterwright/assembly/filters/headers/outcome";
import { Pass } from "filterwright/assembly/filters/headers/pass";
import { Elements } from "filterwright/assembly/text/elements";
import { dropBlanks, skipBlanks } from "filterwright/assembly/text/slice";

const elements = new Elements();

/** `split`: a line for each element. */
export class Split extends Operation {
  constructor(
    private readonly name: HeaderName,
    private readonly separator: Bytes,
  ) {
    super();
  }

  run(pass: Pass): Outcome {
    const name = this.name;
    const headers = pass.headers;
    const lines = pass.newLines;
    lines.begin();
    for (let isAt = headers.has(name); isAt; isAt = headers.next(name)) {
      elements.beginWith(headers.valueStart, headers.valueSize, this.separator.start, <i32>this.separator.size);
      while (elements.next()) {
        if (elements.size == 0) continue;
        lines.add(elements.start, elements.size);
      }
    }
    return headers.update(name, lines);
  }

  describe(to: Description): void {
    to.text("operation", "split");
    to.name("name", this.name);
    to.bytesOf("separator", this.separator);
  }
}

/** `join`: one line of all. */
export class Join extends Operation {
  constructor(
    private readonly name: HeaderName,
    private readonly separator: Bytes,
  ) {
    super();
  }

  run(pass: Pass): Outcome {
    const name = this.name;
    const headers = pass.headers;
    const lines = pass.newLines;
    lines.begin();
    for (let isAt = headers.has(name); isAt; isAt = headers.next(name)) {
      const start = skipBlanks(headers.valueStart, headers.valueStart + headers.valueSize);
      const size = <i32>(dropBlanks(start, headers.valueStart + headers.valueSize) - start);
      if (size == 0) continue;
      if (lines.openSize > 0) this.separator.writeTo(lines.writer);
      lines.writer.bytes(start, size);
    }
    if (lines.openSize > 0) lines.endLine();
    return headers.update(name, lines);
  }

  describe(to: Description): void {
    to.text("operation", "join");
    to.name("name", this.name);
    to.bytesOf("separator", this.separator);
  }
}
