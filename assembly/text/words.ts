// A list of words that is one text, in the form in which messages show it: `a, b, c`. An array of texts takes more room.

const BETWEEN = ", ";
const COMMA = 0x2c;

/** @returns where in a list a word is, counted from 0; -1 for none */
export function indexOfWord(list: string, word: string): i32 {
  let index = 0;
  for (let start = 0; start < list.length; index++) {
    const end = endOfWord(list, start);
    if (list.substring(start, end) == word) return index;
    start = end + BETWEEN.length;
  }
  return -1;
}

/** @returns the word at an index; empty behind the last */
export function wordAt(list: string, index: i32): string {
  let start = 0;
  for (let i = 0; i < index; i++) start = endOfWord(list, start) + BETWEEN.length;
  return list.substring(start, endOfWord(list, start));
}

function endOfWord(list: string, start: i32): i32 {
  let end = start;
  while (end < list.length && list.charCodeAt(end) != COMMA) end++;
  return end;
}
