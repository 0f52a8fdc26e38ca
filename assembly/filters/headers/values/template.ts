import { Description } from "filterwright/assembly/filters/headers/description";
import { Bytes } from "filterwright/assembly/filters/headers/bytes";
import { Outcome } from "filterwright/assembly/filters/headers/outcome";
import { Pass } from "filterwright/assembly/filters/headers/pass";
import { Pipe } from "filterwright/assembly/filters/headers/values/pipe";
import { Source } from "filterwright/assembly/filters/headers/values/source";
import { ByteWriter } from "filterwright/assembly/text/byte-writer";

/** A part of a template: a text, or an operator with what its value passes. */
export class Part {
  maxSize: i32 = i32.MAX_VALUE;
  readonly pipes: Pipe[] = [];

  /** @param operator its name; empty for a text @param argument as it is written */
  constructor(
    readonly source: Source,
    readonly operator: string,
    readonly argument: string,
  ) {}

  write(pass: Pass, to: ByteWriter): bool {
    const pipes = this.pipes;
    const start = to.size;
    if (!this.source.write(pass, to)) return false;
    if (to.size - start > this.maxSize) to.truncate(start + this.maxSize);
    for (let i = 0; i < pipes.length; i++) {
      // Out of the writer, and into it again: a pipe reads what it does not write.
      scratch.clear();
      scratch.bytes(to.start + start, to.size - start);
      to.truncate(start);
      if (!pipes[i].write(scratch.start, scratch.size, to)) return false;
    }
    return true;
  }

  describe(to: Description): void {
    if (this.operator.length == 0) return to.string(this.argument);
    to.object();
    to.text("operator", this.operator);
    to.text("argument", this.argument);
    if (this.maxSize < i32.MAX_VALUE) to.count("maxSize", this.maxSize);
    to.key("pipes");
    to.array();
    for (let i = 0; i < this.pipes.length; i++) to.string(this.pipes[i].text);
    to.endArray();
    to.endObject();
  }
}

const scratch = new ByteWriter();

/** A value of a configuration: texts and operators. */
export class Template {
  readonly parts: Part[] = [];
  /** The whole, where no message changes it. */
  text: Bytes | null = null;

  /** Writes the value behind what is there. `Rejected` where it has a control character: it is never cleaned up. */
  write(pass: Pass, to: ByteWriter): Outcome {
    const text = this.text;
    if (text !== null) {
      text.writeTo(to);
      return Outcome.Applied;
    }
    const start = to.size;
    const parts = this.parts;
    for (let i = 0; i < parts.length; i++) if (!parts[i].write(pass, to)) return Outcome.Error;
    return isFieldValue(to.start + start, to.size - start) ? Outcome.Applied : Outcome.Rejected;
  }

  describe(to: Description): void {
    to.array();
    const parts = this.parts;
    for (let i = 0; i < parts.length; i++) parts[i].describe(to);
    const text = this.text;
    if (text !== null && text.size > 0) to.string(text.toString());
    to.endArray();
  }
}

/** A value that is the same for every message. */
export function fixedTemplate(text: string): Template {
  const template = new Template();
  template.text = new Bytes(text);
  return template;
}

/** RFC 9110 §5.5: no control character but the tab. */
function isFieldValue(start: usize, size: i32): bool {
  for (const end = start + size; start < end; start++) {
    const byte = load<u8>(start);
    if ((byte < 0x20 && byte != 0x09) || byte == 0x7f) return false;
  }
  return true;
}
