import { Description } from "filterwright/assembly/filters/headers/description";
import { HeaderList } from "filterwright/assembly/runtime/header-list";

/** `limits`: how much a request may have. 0 is no limit. Pseudo-headers count: they are sent, too. */
export class Limits {
  constructor(
    /** Bytes of one line: its name and its value. */
    readonly maxHeaderBytes: i32,
    /** Lines. */
    readonly maxHeaders: i32,
    /** Bytes of all lines. */
    readonly maxTotalBytes: i32,
  ) {}

  /** Which limit is exceeded; empty where none is. */
  exceeded(headers: HeaderList): string {
    if (this.maxHeaders > 0 && headers.length > this.maxHeaders) return "maxHeaders";
    let total = 0;
    for (let i = 0; i < headers.length; i++) {
      const size = <i32>(headers.nameSize(i) + headers.valueSize(i));
      if (this.maxHeaderBytes > 0 && size > this.maxHeaderBytes) return "maxHeaderBytes";
      total += size;
    }
    return this.maxTotalBytes > 0 && total > this.maxTotalBytes ? "maxTotalBytes" : "";
  }

  describe(to: Description): void {
    to.object();
    to.count("maxHeaderBytes", this.maxHeaderBytes);
    to.count("maxHeaders", this.maxHeaders);
    to.count("maxTotalBytes", this.maxTotalBytes);
    to.endObject();
  }
}
