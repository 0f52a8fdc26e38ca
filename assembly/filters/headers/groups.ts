import { Regex } from "filterwright/assembly/regex";

/** A place in a text that a pattern has matched, and the groups of a regular expression there. */
export class Groups {
  private text: usize = 0;
  private matchStart: i32 = 0;
  private matchEnd: i32 = 0;
  private regex: Regex | null = null;

  /** @param start of the match, in bytes from the text's start @param regex null for a match without groups */
  set(text: usize, start: i32, end: i32, regex: Regex | null): void {
    this.text = text;
    this.matchStart = start;
    this.matchEnd = end;
    this.regex = regex;
  }

  /** Where a group begins; 0 is the match. A group that took no part has no bytes. */
  start(group: i32): usize {
    const regex = this.regex;
    if (group == 0 || regex === null) return this.text + this.matchStart;
    return this.text + max(regex.groupStart(group), 0);
  }

  size(group: i32): i32 {
    const regex = this.regex;
    if (group == 0 || regex === null) return this.matchEnd - this.matchStart;
    return regex.groupEnd(group) - regex.groupStart(group);
  }
}
