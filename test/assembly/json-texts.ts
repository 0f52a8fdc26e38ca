import fc from "fast-check";

const alphabet = [
  '"',
  "\\",
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  "0",
  "1",
  "-",
  ".",
  "e",
  "+",
  "t",
  "true",
  "null",
  "u",
  "\\u00",
  " ",
  "\n",
  "\0",
  "é",
  "a",
];
const edit = fc.record({ at: fc.nat(), cut: fc.nat(2), insert: fc.constantFrom(...alphabet, "") });

/** JSON with something cut out of it, or put into it; some of it is JSON still. */
export const mutatedJson = fc
  .tuple(fc.jsonValue({ maxDepth: 4 }), fc.array(edit, { minLength: 1, maxLength: 3 }))
  .map(([value, edits]) => {
    let text = JSON.stringify(value);
    for (const { at, cut, insert } of edits) {
      const from = at % (text.length + 1);
      text = text.slice(0, from) + insert + text.slice(from + cut);
    }
    return Buffer.from(text).toString(); // a surrogate that was cut from its pair cannot be UTF-8
  });

export function hasLoneSurrogate(text: string): boolean {
  return isJson(text) && JSON.stringify(JSON.parse(text)).includes("\\ud");
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
