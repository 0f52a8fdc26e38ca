import { HeaderName } from "filterwright/assembly/filters/headers/header-name";
import { Moment } from "filterwright/assembly/filters/headers/moment";
import { Pass } from "filterwright/assembly/filters/headers/pass";
import { Source } from "filterwright/assembly/filters/headers/values/source";
import { HeaderList } from "filterwright/assembly/runtime/header-list";
import { ByteWriter } from "filterwright/assembly/text/byte-writer";
import { findLine } from "filterwright/assembly/filters/headers/find-line";

/** `[*]`: all lines, joined by commas. */
export const ALL_LINES = -1;

/** `%REQ(X)%`, `%RESP(X)%`, `%ORIG_REQ(X)%`, `%ORIG_RESP(X)%`: a header. */
export class HeaderSource extends Source {
  /** @param index of the line, from 0; or `ALL_LINES` @param otherwise a header that stands in where the first is missing */
  constructor(
    private readonly moment: Moment,
    private readonly name: HeaderName,
    private readonly index: i32,
    private readonly otherwise: HeaderName | null,
  ) {
    super();
  }

  write(pass: Pass, to: ByteWriter): bool {
    const lines = pass.lines(this.moment);
    const otherwise = this.otherwise;
    if (!writeLines(lines, this.name, this.index, to) && otherwise !== null) {
      writeLines(lines, otherwise, this.index, to);
    }
    return true;
  }
}

/** @returns false where there is no such line */
function writeLines(lines: HeaderList, name: HeaderName, index: i32, to: ByteWriter): bool {
  let count = 0;
  for (let at = findLine(lines, name, 0); at >= 0; at = findLine(lines, name, at + 1)) {
    if (index == ALL_LINES || index == count) {
      if (index == ALL_LINES && count > 0) to.byte(0x2c);
      to.bytes(lines.valueStart(at), <i32>lines.valueSize(at));
    }
    count++;
  }
  return index == ALL_LINES ? count > 0 : index < count;
}
