import { Regex } from "filterwright/assembly/regex";

/** What the last regular expression of a rule's match that held has matched. */
export class Captured {
  regex: Regex | null = null;
  /** The whole text that it matched. */
  text: usize = 0;
  textSize: i32 = 0;

  clear(): void {
    this.regex = null;
  }

  /**
   * Whether the whole of a text matches, which is noted then.
   *
   * @param start the text stays there as long as the callback runs
   */
  match(regex: Regex, start: usize, size: i32): bool {
    if (!regex.matches(start, size)) return false;
    this.regex = regex;
    this.text = start;
    this.textSize = size;
    return true;
  }

  /** Where a group of a regex, which must be that one, begins; a group that took no part has no bytes. */
  start(regex: Regex, group: i32): usize {
    return this.text + max(regex.groupStart(group), 0);
  }

  size(regex: Regex, group: i32): i32 {
    return regex.groupEnd(group) - regex.groupStart(group);
  }
}
