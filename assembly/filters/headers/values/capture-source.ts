import { Pass } from "filterwright/assembly/filters/headers/pass";
import { Source } from "filterwright/assembly/filters/headers/values/source";
import { Regex } from "filterwright/assembly/regex";
import { ByteWriter } from "filterwright/assembly/text/byte-writer";
import { parseSize } from "filterwright/assembly/text/parse-size";

/** `%CAPTURE(1)%`, `%CAPTURE(name)%`: what a group of the rule's last regular expression that held has matched. */
export class CaptureSource extends Source {
  /** The number of the group in each of the regular expressions; -1 where it has none. */
  private readonly groups: i32[] = [];
  /** Whether one has it. */
  isKnown: bool = false;

  /** @param group its number, or its name */
  constructor(
    private readonly regexes: Regex[],
    group: string,
  ) {
    super();
    const number = parseSize(group);
    for (let i = 0; i < regexes.length; i++) {
      const regex = regexes[i];
      const known = number < 0 ? regex.groupIndex(group) : number > regex.groupCount ? -1 : number;
      this.groups.push(known);
      if (known >= 0) this.isKnown = true;
    }
  }

  write(pass: Pass, to: ByteWriter): bool {
    const captured = pass.captured;
    const regexes = this.regexes;
    for (let i = 0; i < regexes.length; i++) {
      const regex = regexes[i];
      const group = this.groups[i];
      if (captured.regex === regex && group >= 0) to.bytes(captured.start(regex, group), captured.size(regex, group));
    }
    return true;
  }
}
