import { Description } from "filterwright/assembly/filters/headers/description";
import { Bytes } from "filterwright/assembly/filters/headers/bytes";
import { LineEdit } from "filterwright/assembly/filters/headers/operations/edit-line";
import { Operation } from "filterwright/assembly/filters/headers/operations/operation";
import { Outcome } from "filterwright/assembly/filters/headers/outcome";
import { Pass } from "filterwright/assembly/filters/headers/pass";
import { Template } from "filterwright/assembly/filters/headers/values/template";
import { COOKIE } from "filterwright/assembly/filters/headers/well-known";
import { Cookies } from "filterwright/assembly/http/cookie";
import { ByteWriter } from "filterwright/assembly/text/byte-writer";
import { findByte } from "filterwright/assembly/text/slice";

const SEMICOLON: u8 = 0x3b;

const cookies = new Cookies();
const line = new LineEdit();
/** `NAME=VALUE` of the cookie that is set. */
const pair = new ByteWriter();

/** `cookie: {set, remove}`: cookies of a request. */
export class EditCookies extends Operation {
  constructor(
    private readonly removed: Bytes[],
    private readonly name: Bytes | null,
    private readonly value: Template | null,
  ) {
    super();
  }

  run(pass: Pass): Outcome {
    const name = this.name;
    pair.clear();
    if (name !== null) {
      const outcome = writePair(pass, name, this.value!);
      if (outcome != Outcome.Applied) return outcome;
    }
    const headers = pass.headers;
    const lines = pass.newLines;
    lines.begin();
    let isThere = false;
    let count = 0;
    for (let isAt = headers.has(COOKIE); isAt; isAt = headers.next(COOKIE)) {
      count++;
      line.begin(headers.valueStart, headers.valueSize);
      for (let i = 0; i < this.removed.length; i++) this.without(this.removed[i]);
      if (name !== null) {
        cookies.begin(line.start, line.size);
        if (isThere) this.without(name);
        else if (cookies.find(name.start, <i32>name.size)) {
          isThere = true;
          cookies.begin(line.start, line.size);
          cookies.writeWith(line.to, name.start, <i32>name.size, pair.start, pair.size);
          line.endStep();
        }
      }
      if (line.size == 0) continue;
      if (lines.openSize > 0) lines.endLine();
      lines.writer.bytes(line.start, line.size);
    }
    if (name !== null && !isThere) {
      if (lines.openSize > 0) lines.writer.text("; ");
      lines.writer.bytes(pair.start, pair.size);
    }
    if (lines.openSize > 0) lines.endLine();
    if (lines.count > 0 || count == 0) return headers.update(COOKIE, lines);
    headers.remove(COOKIE.start, COOKIE.size);
    return Outcome.Applied;
  }

  private without(name: Bytes): void {
    cookies.begin(line.start, line.size);
    cookies.writeWithout(line.to, name.start, <i32>name.size);
    line.endStep();
  }

  describe(to: Description): void {
    to.text("operation", "cookie");
    to.texts("remove", this.removed);
    if (this.name === null) return;
    to.bytesOf("name", this.name!);
    to.template("value", this.value!);
  }
}

/** A semicolon in the value would begin another cookie. */
function writePair(pass: Pass, name: Bytes, value: Template): Outcome {
  name.writeTo(pair);
  pair.byte(0x3d);
  const start = pair.size;
  const outcome = value.write(pass, pair);
  if (outcome != Outcome.Applied) return outcome;
  if (pair.size == start) return Outcome.Skipped;
  return findByte(SEMICOLON, pair.start + start, pair.end) < pair.end ? Outcome.Rejected : Outcome.Applied;
}
