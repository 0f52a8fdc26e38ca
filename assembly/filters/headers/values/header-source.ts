import { HeaderLines } from "filterwright/assembly/filters/headers/header-lines";
import { HeaderName } from "filterwright/assembly/filters/headers/header-name";
import { Pass } from "filterwright/assembly/filters/headers/pass";
import { Source } from "filterwright/assembly/filters/headers/values/source";
import { ByteWriter } from "filterwright/assembly/text/byte-writer";

/** `[*]`: all lines, joined by commas. */
export const ALL_LINES = -1;

/** `%REQ(X)%` in the request's pass, `%RESP(X)%` in the response's: a header of the message at hand. */
export class HeaderSource extends Source {
  /** @param index of the line, from 0; or `ALL_LINES` @param otherwise a header that stands in where the first is missing */
  constructor(
    private readonly name: HeaderName,
    private readonly index: i32,
    private readonly otherwise: HeaderName | null,
  ) {
    super();
  }

  write(pass: Pass, to: ByteWriter): bool {
    const otherwise = this.otherwise;
    if (!writeLines(pass.headers, this.name, this.index, to) && otherwise !== null) {
      writeLines(pass.headers, otherwise, this.index, to);
    }
    return true;
  }
}

/** @returns false where there is no such line */
function writeLines(headers: HeaderLines, name: HeaderName, index: i32, to: ByteWriter): bool {
  const lines = headers.lines;
  let count = 0;
  for (let at = lines.find(name.start, name.size); at >= 0; at = lines.find(name.start, name.size, at + 1)) {
    if (index == ALL_LINES || index == count) {
      if (index == ALL_LINES && count > 0) to.byte(0x2c);
      to.bytes(lines.valueStart(at), <i32>lines.valueSize(at));
    }
    count++;
  }
  return index == ALL_LINES ? count > 0 : index < count;
}
