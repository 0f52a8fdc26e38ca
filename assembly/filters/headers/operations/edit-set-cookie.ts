import { Description } from "filterwright/assembly/filters/headers/description";
import { Bytes } from "filterwright/assembly/filters/headers/bytes";
import { NewLines } from "filterwright/assembly/filters/headers/new-lines";
import { LineEdit } from "filterwright/assembly/filters/headers/operations/edit-line";
import { Operation } from "filterwright/assembly/filters/headers/operations/operation";
import { Outcome } from "filterwright/assembly/filters/headers/outcome";
import { Pass } from "filterwright/assembly/filters/headers/pass";
import { Template } from "filterwright/assembly/filters/headers/values/template";
import { SET_COOKIE } from "filterwright/assembly/filters/headers/well-known";
import { SetCookie } from "filterwright/assembly/http/set-cookie";
import { equalBytes, findByte } from "filterwright/assembly/text/slice";

const SEMICOLON: u8 = 0x3b;

/** An attribute of a cookie, such as `Path=/`. */
export class CookieAttribute {
  readonly name: Bytes;

  /** @param value null for one that has none, such as `Secure` @param isRemoved it goes where it is */
  constructor(
    name: string,
    readonly value: Template | null,
    readonly isRemoved: bool,
  ) {
    this.name = new Bytes(name);
  }

  describe(to: Description): void {
    to.object();
    to.bytesOf("name", this.name);
    if (this.value !== null) to.template("value", this.value!);
    to.flag("isRemoved", this.isRemoved);
    to.endObject();
  }
}

const setCookie = new SetCookie();
const line = new LineEdit();
/** What the attributes are to be, in their order, and behind them the value. */
const rendered = new NewLines();

/** `setCookie`: cookies of a response. Those of the name are edited in place. */
export class EditSetCookie extends Operation {
  constructor(
    private readonly name: Bytes,
    private readonly value: Template | null,
    private readonly attributes: CookieAttribute[],
  ) {
    super();
  }

  run(pass: Pass): Outcome {
    const outcome = this.render(pass);
    if (outcome != Outcome.Applied) return outcome;
    const headers = pass.headers;
    const lines = pass.newLines;
    lines.begin();
    let isThere = false;
    for (let isAt = headers.has(SET_COOKIE); isAt; isAt = headers.next(SET_COOKIE)) {
      line.begin(headers.valueStart, headers.valueSize);
      if (this.isOurs()) {
        isThere = true;
        this.edit();
      }
      lines.add(line.start, line.size);
    }
    const size = this.value === null ? 0 : rendered.size(this.attributes.length);
    if (!isThere && size > 0) {
      this.name.writeTo(lines.writer);
      lines.writer.byte(0x3d);
      lines.writer.bytes(rendered.start(this.attributes.length), size);
      for (let i = 0; i < this.attributes.length; i++) {
        if (rendered.size(i) == 0) continue;
        lines.writer.text("; ");
        rendered.copy(i, lines.writer);
      }
      lines.endLine();
    }
    return headers.update(SET_COOKIE, lines);
  }

  /** A semicolon in a value would begin another attribute. An empty value is not written. */
  private render(pass: Pass): Outcome {
    const writer = rendered.writer;
    rendered.begin();
    for (let i = 0; i <= this.attributes.length; i++) {
      const template = i < this.attributes.length ? this.attributes[i].value : this.value;
      if (i < this.attributes.length && !this.attributes[i].isRemoved) {
        writer.bytes(this.attributes[i].name.start, <i32>this.attributes[i].name.size);
        if (template !== null) writer.byte(0x3d);
      }
      const start = writer.size;
      if (template !== null) {
        const outcome = template.write(pass, writer);
        if (outcome != Outcome.Applied) return outcome;
        if (findByte(SEMICOLON, writer.start + start, writer.end) < writer.end) return Outcome.Rejected;
        if (writer.size == start) rendered.dropLine();
      }
      rendered.endLine();
    }
    return Outcome.Applied;
  }

  private isOurs(): bool {
    return (
      setCookie.begin(line.start, line.size) &&
      equalBytes(setCookie.nameStart, setCookie.nameSize, this.name.start, <i32>this.name.size)
    );
  }

  private edit(): void {
    const last = this.attributes.length;
    if (rendered.size(last) > 0) {
      setCookie.begin(line.start, line.size);
      setCookie.writeValue(line.to, rendered.start(last), rendered.size(last));
      line.endStep();
    }
    for (let i = 0; i < last; i++) {
      const attribute = this.attributes[i];
      const name = attribute.name;
      if (rendered.size(i) == 0 && !attribute.isRemoved) continue;
      setCookie.begin(line.start, line.size);
      if (attribute.isRemoved) setCookie.writeWithout(line.to, name.start, <i32>name.size);
      else setCookie.writeWith(line.to, name.start, <i32>name.size, rendered.start(i), rendered.size(i));
      line.endStep();
    }
  }

  describe(to: Description): void {
    to.text("operation", "setCookie");
    to.bytesOf("name", this.name);
    if (this.value !== null) to.template("value", this.value!);
    to.key("attributes");
    to.array();
    for (let i = 0; i < this.attributes.length; i++) this.attributes[i].describe(to);
    to.endArray();
  }
}
