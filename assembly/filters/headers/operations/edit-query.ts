import { Description } from "filterwright/assembly/filters/headers/description";
import { Bytes } from "filterwright/assembly/filters/headers/bytes";
import { LineEdit } from "filterwright/assembly/filters/headers/operations/edit-line";
import { Operation } from "filterwright/assembly/filters/headers/operations/operation";
import { Outcome } from "filterwright/assembly/filters/headers/outcome";
import { Pass } from "filterwright/assembly/filters/headers/pass";
import { Template } from "filterwright/assembly/filters/headers/values/template";
import { PATH } from "filterwright/assembly/filters/headers/well-known";
import { Query, appendParameter } from "filterwright/assembly/http/query";
import { ByteWriter } from "filterwright/assembly/text/byte-writer";

const query = new Query();
const path = new LineEdit();
const value = new ByteWriter();

/** `query: {set | add, remove}`: parameters of `:path`; the rest of it stays byte for byte. */
export class EditQuery extends Operation {
  constructor(
    /** The name of each that goes; that of `set` is one of them. */
    private readonly removed: Bytes[],
    /** What comes last, if anything does. */
    private readonly name: Bytes | null,
    private readonly value: Template | null,
  ) {
    super();
  }

  run(pass: Pass): Outcome {
    const headers = pass.headers;
    const name = this.name;
    const template = this.value;
    value.clear();
    if (template !== null) {
      const outcome = template.write(pass, value);
      if (outcome != Outcome.Applied) return outcome;
      if (value.size == 0) return Outcome.Skipped;
    }
    // Behind the value, which may have looked at another header.
    if (!headers.has(PATH)) return Outcome.Skipped;
    path.begin(headers.valueStart, headers.valueSize);
    for (let i = 0; i < this.removed.length; i++) {
      query.begin(path.start, path.size);
      query.writeWithout(path.to, this.removed[i].start, <i32>this.removed[i].size);
      path.endStep();
    }
    const lines = pass.newLines;
    lines.begin();
    lines.writer.bytes(path.start, path.size);
    if (name !== null) appendParameter(lines.writer, 0, name.start, <i32>name.size, value.start, value.size);
    lines.endLine();
    return headers.update(PATH, lines);
  }

  describe(to: Description): void {
    to.text("operation", "query");
    to.texts("remove", this.removed);
    if (this.name === null) return;
    to.bytesOf("name", this.name!);
    to.template("value", this.value!);
  }
}
