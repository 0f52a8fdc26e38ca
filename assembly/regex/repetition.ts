import { isDigit } from "filterwright/assembly/regex/escape";
import { Pattern } from "filterwright/assembly/regex/pattern";
import { distance, MAX_PROGRAM, Op, Program } from "filterwright/assembly/regex/program";

/** The most that a count may be, and the product of counts that stand inside one another; as in RE2. */
export const MAX_COUNT: i32 = 1000;
/** As the largest count: any number of times. */
const UNLIMITED: i32 = -1;

/** The counts of the repetition that was read last. */
export let least: i32 = 0;
export let most: i32 = 0;

/** Reads `*`, `+`, `?` or counts. @returns false where none of them stands here */
export function readRepetition(pattern: Pattern): bool {
  const unit = pattern.peek();
  if (unit == 0x7b) return readCounts(pattern);
  if (unit != 0x2a && unit != 0x2b && unit != 0x3f) return false;
  pattern.advance();
  least = unit == 0x2b ? 1 : 0;
  most = unit == 0x3f ? 1 : UNLIMITED;
  return true;
}

/** Reads `{n}`, `{n,}` or `{n,m}`. @returns false where none stands here: a brace that stands for itself */
function readCounts(pattern: Pattern): bool {
  const from = pattern.advance();
  least = readCount(pattern);
  most = least;
  if (least >= 0 && pattern.skip(0x2c)) most = pattern.peek() == 0x7d ? UNLIMITED : readCount(pattern);
  if (least < 0 || most < UNLIMITED || !pattern.skip(0x7d)) {
    pattern.at = from;
    return false;
  }
  if (least > MAX_COUNT || most > MAX_COUNT || (most != UNLIMITED && most < least)) {
    pattern.fail("counts in order, up to 1000", from);
  }
  return true;
}

/** @returns the number that stands here, at most one above the largest; below -1 for none. With a leading zero it is none. */
function readCount(pattern: Pattern): i32 {
  const from = pattern.at;
  let count = 0;
  while (isDigit(pattern.peek())) count = min(count * 10 + pattern.take() - 0x30, MAX_COUNT + 1);
  const digits = pattern.at - from;
  return digits == 0 || (digits > 1 && pattern.text.charCodeAt(from) == 0x30) ? -2 : count;
}

/**
 * Repeats what was compiled last, as was read last. As in RE2 `e{2,}` is `ee+`, `e{2,4}` is `ee(e(e)?)?`, and `e*` is `(e+)?` where `e` can be
 * empty: with one split at both ends of it, what comes after would get its turn too early.
 *
 * @param start index of its first instruction
 * @param canBeEmpty whether it can match without a character
 * @returns false where the program would be too large
 */
export function repeat(program: Program, start: i32, isLazy: bool, canBeEmpty: bool): bool {
  const length = program.size - start;
  const copies = most == UNLIMITED ? max(least, 1) : most;
  if (length == 0) return true;
  if (copies == 0) program.cut(start);
  const splits = most != UNLIMITED ? copies - least : least == 0 ? 2 : 1;
  if (start + copies * length + splits >= MAX_PROGRAM) return false;

  for (let i = 1; i < least; i++) program.copy(start, length);
  if (most == UNLIMITED) {
    if (least == 0 && !canBeEmpty) program.emit(Op.Jump, distance(-1 - length), 0);
    else emitSplit(program, program.size, -length, 1, isLazy);
    if (least == 0) emitSplit(program, start, 1, length + 2, isLazy);
    return true;
  }
  let optional = copies - least;
  if (least == 0 && optional > 0) {
    emitSplit(program, start++, 1, optional-- * (length + 1), isLazy);
  }
  for (; optional > 0; optional--) {
    emitSplit(program, program.size, 1, optional * (length + 1), isLazy);
    program.copy(start, length);
  }
  return true;
}

/** Puts a split at an index: into the repeated part first, and out of it; the other way round where it is lazy. */
function emitSplit(program: Program, index: i32, into: i32, out: i32, isLazy: bool): void {
  program.insert(index, Op.Split, distance(isLazy ? out : into), distance(isLazy ? into : out));
}
