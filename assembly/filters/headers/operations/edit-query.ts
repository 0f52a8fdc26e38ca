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
    const old = pass.headers.lines;
    const at = old.find(PATH.start, PATH.size);
    const name = this.name;
    const template = this.value;
    if (at < 0) return Outcome.Skipped;
    value.clear();
    if (template !== null) {
      const outcome = template.write(pass, value);
      if (outcome != Outcome.Applied) return outcome;
      if (value.size == 0) return Outcome.Skipped;
    }
    path.begin(old.valueStart(at), <i32>old.valueSize(at));
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
    return pass.headers.update(PATH, lines);
  }

  describe(to: Description): void {
    to.text("operation", "query");
    to.texts("remove", this.removed);
    if (this.name === null) return;
    to.bytesOf("name", this.name!);
    to.template("value", this.value!);
  }
}
