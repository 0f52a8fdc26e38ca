import { Regex } from "filterwright/assembly/regex";

/** What the last regular expression of a rule's match that held has matched. */
export class Captured {
  regex: Regex | null = null;
  /** The whole text that it matched. */
  private text: usize = 0;

  clear(): void {
    this.regex = null;
  }

  /** @param text stays where it is as long as the callback runs */
  set(regex: Regex, text: usize): void {
    this.regex = regex;
    this.text = text;
  }

  /** Where a group of a regex, which must be that one, begins; a group that took no part has no bytes. */
  start(regex: Regex, group: i32): usize {
    return this.text + max(regex.groupStart(group), 0);
  }

  size(regex: Regex, group: i32): i32 {
    return regex.groupEnd(group) - regex.groupStart(group);
  }
}
