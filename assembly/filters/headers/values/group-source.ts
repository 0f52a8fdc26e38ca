import { Pass } from "filterwright/assembly/filters/headers/pass";
import { Source } from "filterwright/assembly/filters/headers/values/source";
import { ByteWriter } from "filterwright/assembly/text/byte-writer";

/** `\1` in a substitution: what a group has matched. */
export class GroupSource extends Source {
  constructor(private readonly group: i32) {
    super();
  }

  write(pass: Pass, to: ByteWriter): bool {
    to.bytes(pass.groups.start(this.group), pass.groups.size(this.group));
    return true;
  }
}
