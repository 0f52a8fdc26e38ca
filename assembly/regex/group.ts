import { isDigit, isLetter } from "filterwright/assembly/regex/escape";
import { Pattern } from "filterwright/assembly/regex/pattern";

/** A group that has begun and not ended; the whole pattern is the outermost. */
export class Group {
  readonly depth: i32;
  /** Where its current alternative begins. */
  branch: i32;
  /** The jump at the end of the alternative before; that one's x is the index of the one before it, and so on to -1. */
  jump: i32 = -1;
  /** Whether its current alternative can match without a character, as far as it goes; and whether one of those before can. */
  branchCanBeEmpty: bool = true;
  canBeEmpty: bool = false;
  /** The largest product of counts that stand inside one another in it. */
  weight: i32 = 1;

  /**
   * @param start index of its first instruction
   * @param flags to be restored behind it
   * @param number 0 for one that captures nothing
   */
  constructor(
    readonly outer: Group | null,
    readonly start: i32,
    readonly flags: i32,
    readonly number: i32,
  ) {
    this.depth = outer === null ? 0 : outer.depth + 1;
    this.branch = start;
  }
}

/** The name of a group, and those before it. */
export class GroupName {
  constructor(
    readonly text: string,
    readonly number: i32,
    readonly before: GroupName | null,
  ) {}
}

/** The number of the group that has a name, or -1. */
export function numberOf(names: GroupName | null, text: string): i32 {
  let name = names;
  while (name !== null && name.text != text) name = name.before;
  return name === null ? -1 : name.number;
}

/** Reads `<name>`. */
export function readName(pattern: Pattern, from: i32): string {
  const begin = pattern.at + 1;
  if (pattern.skip(0x3c)) while (isWordUnit(pattern.peek())) pattern.advance();
  const end = pattern.at;
  if (end <= begin || !pattern.skip(0x3e)) pattern.fail("a name of letters, digits and _, in < and >", from);
  return pattern.text.substring(begin, end);
}

function isWordUnit(unit: i32): bool {
  return isDigit(unit) || isLetter(unit) || unit == 0x5f;
}
