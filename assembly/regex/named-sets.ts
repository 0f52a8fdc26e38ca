import { bothCases } from "filterwright/assembly/regex/sets";

// The sets that have a name: those of Perl (`\d`) and of POSIX (`[:alpha:]`). All are ASCII, as in RE2.

/** A line for each: the name, a colon, and the first and last character of each range. */
const SETS = `d:09
s:\t\n\f\r\x20\x20
w:09AZ__az
alnum:09AZaz
alpha:AZaz
ascii:\x00\x7f
blank:\t\t\x20\x20
cntrl:\x00\x1f\x7f\x7f
digit:09
graph:!~
lower:az
print:\x20~
punct:!/:@[\`{~
space:\t\r\x20\x20
upper:AZ
word:09AZ__az
xdigit:09AFaf
`;

/** Bits of the set that was found last: of 0 to 63, and of 64 to 127. */
export let foundLow: u64 = 0;
export let foundHigh: u64 = 0;

/** Finds the set whose name is a part of a text. @returns whether there is one */
export function findSet(text: string, from: i32, to: i32, ignoresCase: bool): bool {
  for (let at = 0; at < SETS.length;) {
    let i = from;
    while (i < to && SETS.charCodeAt(at) != 0x3a && SETS.charCodeAt(at) == text.charCodeAt(i)) {
      i++;
      at++;
    }
    if (i == to && SETS.charCodeAt(at) == 0x3a) {
      readRanges(at + 1);
      if (ignoresCase) foundHigh = bothCases(foundHigh);
      return true;
    }
    // The next line's name stands behind this one's ranges, which come in pairs.
    while (SETS.charCodeAt(at++) != 0x3a);
    while (SETS.charCodeAt(at) != 0x0a) at += 2;
    at++;
  }
  return false;
}

function readRanges(at: i32): void {
  foundLow = 0;
  foundHigh = 0;
  for (; SETS.charCodeAt(at) != 0x0a; at += 2) {
    for (let c = SETS.charCodeAt(at); c <= SETS.charCodeAt(at + 1); c++) {
      if (c < 64) foundLow |= (<u64>1) << c;
      else foundHigh |= (<u64>1) << (c - 64);
    }
  }
}
