import { Pattern } from "filterwright/assembly/regex/pattern";

/** What `(?imsU)` switches. */
export enum Flag {
  None = 0,
  /** i */
  IgnoreCase = 1,
  /** m: `^` and `$` also match at the lines' starts and ends. */
  Lines = 2,
  /** s: `.` also matches a newline. */
  DotNewline = 4,
  /** U: `*` is lazy and `*?` is not. */
  Lazy = 8,
}

/** Reads flags such as `i-s` up to the colon or bracket that ends them. @returns the flags that are then in force */
export function readFlags(pattern: Pattern, flags: i32, from: i32): i32 {
  let isNegated = false;
  let isComplete = true;
  while (true) {
    const unit = pattern.peek();
    const flag = flagOf(unit);
    if (flag != Flag.None) {
      flags = isNegated ? flags & ~flag : flags | flag;
      isComplete = true;
    } else if (unit == 0x2d && !isNegated) {
      isNegated = true;
      isComplete = false;
    } else {
      if (!isComplete || (unit != 0x3a && unit != 0x29)) pattern.fail("flags of imsU, then ':' or ')'", from);
      return flags;
    }
    pattern.advance();
  }
}

function flagOf(unit: i32): Flag {
  switch (unit) {
    case 0x69:
      return Flag.IgnoreCase;
    case 0x6d:
      return Flag.Lines;
    case 0x73:
      return Flag.DotNewline;
    case 0x55:
      return Flag.Lazy;
    default:
      return Flag.None;
  }
}
