import { Bytes } from "filterwright/assembly/filters/headers/bytes";
import { HeaderName } from "filterwright/assembly/filters/headers/header-name";
import { Moment } from "filterwright/assembly/filters/headers/moment";
import { Pass } from "filterwright/assembly/filters/headers/pass";
import { Source } from "filterwright/assembly/filters/headers/values/source";
import { Cookies } from "filterwright/assembly/http/cookie";
import { Parameters } from "filterwright/assembly/http/parameters";
import { Query } from "filterwright/assembly/http/query";
import { ByteWriter } from "filterwright/assembly/text/byte-writer";
import { findLine } from "filterwright/assembly/filters/headers/find-line";

const query = new Query();
const cookies = new Cookies();

/** `%QUERY_PARAM(X)%`, `%COOKIE(X)%`: the first of the name, as it is written; and `%PATH(NQ)%`. */
export class ParameterSource extends Source {
  /** @param header `:path` or `cookie` @param name null for the path itself */
  constructor(
    private readonly moment: Moment,
    private readonly header: HeaderName,
    private readonly name: Bytes | null,
  ) {
    super();
  }

  write(pass: Pass, to: ByteWriter): bool {
    const header = this.header;
    const name = this.name;
    const lines = pass.lines(this.moment);
    const isQuery = load<u8>(header.start) == 0x3a;
    const list: Parameters = isQuery ? query : cookies;
    for (let at = findLine(lines, header, 0); at >= 0; at = findLine(lines, header, at + 1)) {
      const start = lines.valueStart(at);
      const size = <i32>lines.valueSize(at);
      if (isQuery) query.begin(start, size);
      else cookies.begin(start, size);
      if (name === null) to.bytes(start, query.pathSize);
      else if (list.find(name.start, <i32>name.size)) to.bytes(list.valueStart, list.valueSize);
      else continue;
      break;
    }
    return true;
  }
}
