import { escapedCharacter } from "filterwright/assembly/regex/escape";
import { findSet, foundHigh, foundLow } from "filterwright/assembly/regex/named-sets";
import { Pattern } from "filterwright/assembly/regex/pattern";
import { SetWriter } from "filterwright/assembly/regex/sets";
import { char, decimal } from "filterwright/assembly/text/format";

/** Reads a class, whose opening bracket stands here, up to its end. */
export function readClass(pattern: Pattern, set: SetWriter, ignoresCase: bool): void {
  const from = pattern.advance();
  const isNegated = pattern.skip(0x5e);
  // A closing bracket that comes first stands for itself.
  for (let isFirst = true; isFirst || !pattern.skip(0x5d); isFirst = false) {
    if (pattern.atEnd) pattern.fail("']' for the class at " + decimal(from), pattern.at);
    if (pattern.failed) return;
    if (readNamedSet(pattern, set, ignoresCase) || readPerlSet(pattern, set, ignoresCase)) continue;
    readRange(pattern, set);
  }
  set.finish(ignoresCase, isNegated);
}

/** Reads `\d`, `\D` and the like. @returns false where none stands here */
export function readPerlSet(pattern: Pattern, set: SetWriter, ignoresCase: bool): bool {
  const letter = pattern.peek(1) | 0x20;
  if (pattern.peek() != 0x5c || (letter != 0x64 && letter != 0x73 && letter != 0x77)) return false;
  findSet(char(letter), 0, 1, ignoresCase);
  set.addBits(foundLow, foundHigh, pattern.peek(1) != letter);
  pattern.at += 2;
  return true;
}

/** Reads `[:alpha:]`, `[:^alpha:]` and the like. @returns false where none stands here: a bracket that stands for itself */
function readNamedSet(pattern: Pattern, set: SetWriter, ignoresCase: bool): bool {
  if (pattern.peek() != 0x5b || pattern.peek(1) != 0x3a) return false;
  const text = pattern.text;
  const begin = pattern.at + 2;
  let end = begin;
  while (end + 1 < text.length && (text.charCodeAt(end) != 0x3a || text.charCodeAt(end + 1) != 0x5d)) end++;
  if (end + 1 >= text.length) return false;
  const isNegated = text.charCodeAt(begin) == 0x5e;
  const name = isNegated ? begin + 1 : begin;
  pattern.at = end + 2;
  // Names of one letter are Perl's.
  if (end - name > 1 && findSet(text, name, end, ignoresCase)) set.addBits(foundLow, foundHigh, isNegated);
  else pattern.fail("a class such as [:alpha:]", begin - 2);
  return true;
}

/** Reads a character, or two with a hyphen between them. */
function readRange(pattern: Pattern, set: SetWriter): void {
  const from = pattern.at;
  const first = readCharacter(pattern);
  let last = first;
  // A hyphen that comes last stands for itself.
  if (pattern.peek() == 0x2d && pattern.peek(1) != 0x5d && pattern.peek(1) >= 0) {
    pattern.advance();
    last = readCharacter(pattern);
  }
  if (last < first) pattern.fail("a range in order", from);
  if (!pattern.failed) set.add(first, last);
}

function readCharacter(pattern: Pattern): i32 {
  return pattern.peek() == 0x5c ? escapedCharacter(pattern) : pattern.take();
}
