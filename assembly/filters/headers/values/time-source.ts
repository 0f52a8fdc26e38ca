import { Pass } from "filterwright/assembly/filters/headers/pass";
import { Property } from "filterwright/assembly/filters/headers/values/property";
import { Source } from "filterwright/assembly/filters/headers/values/source";
import { ByteWriter } from "filterwright/assembly/text/byte-writer";
import { TimeFormat } from "filterwright/assembly/time/time-format";

/** `%START_TIME(FORMAT)%`. */
export class TimeSource extends Source {
  private readonly time: Property = new Property("request.time");

  constructor(private readonly format: TimeFormat) {
    super();
  }

  write(pass: Pass, to: ByteWriter): bool {
    if (this.time.fetch() && this.time.size == 8) this.format.write(to, load<i64>(this.time.start));
    return true;
  }
}
