import fc from "fast-check";

/**
 * A character that patterns for texts with bytes that are not UTF-8 exclude from every negated set: those texts are given to
 * re2js with this character for each such byte. It takes them for U+FFFD, which `.` matches, and we for nothing.
 */
export const STRAY = "\u{10ffff}";

/**
 * Characters of patterns and texts. Not k and s, to which letters beyond ASCII fold, nor two of which one is the other's
 * capital beyond ASCII: `(?i)` is ours for ASCII only.
 */
const characters = [..."abcABxz01_-/ é日😀ÿ\n"];

const number = fc.constantFrom("0", "1", "2", "3");
const repetition = fc
  .tuple(
    fc.oneof(
      fc.constantFrom("*", "+", "?"),
      number.map((n) => `{${n}}`),
      number.map((n) => `{${n},}`),
      fc.tuple(fc.nat(2), fc.nat(2)).map(([least, more]) => `{${least},${least + more}}`),
    ),
    fc.constantFrom("", "?"),
  )
  .map((parts) => parts.join(""));

const literal = fc.oneof(
  { arbitrary: fc.constantFrom(...characters), weight: 4 },
  fc.constantFrom(
    "\\.",
    "\\x61",
    "\\x{65e5}",
    "\\x{1F600}",
    "\\141",
    "\\0",
    "\\n",
    "\\-",
    "\\Qa.b\\E",
    "{",
    "]",
    "a{,2}",
  ),
);
const places = fc.constantFrom("^", "$", "\\A", "\\z", "\\b", "\\B");

/** Sets outside of a class. The second of each is for texts with stray bytes. */
const sets = (isStray: boolean) =>
  fc.constantFrom(
    isStray ? `[^\\n${STRAY}]` : ".",
    "\\d",
    "\\s",
    "\\w",
    ...["d", "s", "w"].map((name) => (isStray ? `[^\\${name}${STRAY}]` : `\\${name.toUpperCase()}`)),
  );

const names = "alnum alpha ascii blank cntrl digit graph lower print punct space upper word xdigit".split(" ");
const classCharacter = fc.constantFrom(
  ...characters.filter((c) => c !== "-"),
  "\\-",
  "\\]",
  "\\^",
  "\\\\",
  "\\x62",
  "\\n",
);
const classItem = (isStray: boolean) =>
  fc.oneof(
    { arbitrary: classCharacter, weight: 3 },
    fc
      .tuple(fc.constantFrom(...characters), fc.constantFrom(...characters))
      .map((ends) => ends.sort((a, b) => a.codePointAt(0)! - b.codePointAt(0)!))
      .map(([first, last]) => `${first}-${last}`),
    fc.constantFrom(...names).map((name) => `[:${name}:]`),
    fc.constantFrom("\\d", "\\s", "\\w"),
    // Negated ones would have a stray byte in them.
    ...(isStray ? [] : [fc.constantFrom(...names).map((name) => `[:^${name}:]`), fc.constantFrom("\\D", "\\S", "\\W")]),
  );
const classes = (isStray: boolean) =>
  fc
    .tuple(
      fc.constantFrom("", "", "]", "-"),
      fc.array(classItem(isStray), { minLength: 1, maxLength: 4 }),
      fc.boolean(),
    )
    .map(([first, items, isNegated]) =>
      isNegated ? `[^${first}${items.join("")}${isStray ? STRAY : ""}]` : `[${first}${items.join("")}]`,
    );

/** Patterns that are good. @param isStray for texts with stray bytes */
export function patterns(isStray: boolean): fc.Arbitrary<string> {
  const { pattern } = fc.letrec<{ pattern: string; sequence: string; piece: string; atom: string; group: string }>(
    (tie) => ({
      pattern: fc.array(tie("sequence"), { minLength: 1, maxLength: 3 }).map((parts) => parts.join("|")),
      sequence: fc.array(tie("piece"), { maxLength: 4 }).map((parts) => parts.join("")),
      piece: fc
        .tuple(tie("atom"), fc.option(repetition, { nil: "", freq: 2 }))
        // A flag has nothing to repeat, or what stands before it, which may be repeated.
        .map(([atom, repeated]) => (/^\(\?[imU]+\)$/.test(atom) ? atom : atom + repeated)),
      atom: fc.oneof(
        { maxDepth: 4 },
        { arbitrary: literal, weight: 5 },
        { arbitrary: sets(isStray), weight: 2 },
        { arbitrary: classes(isStray), weight: 2 },
        places,
        fc.constantFrom("(?i)", "(?m)", "(?U)"),
        { arbitrary: tie("group"), weight: 5 },
      ),
      group: fc
        .tuple(
          fc.constantFrom(
            "(",
            "(",
            "(",
            "(?:",
            "(?i:",
            "(?m:",
            "(?U:",
            "(?-i:",
            "(?im-U:",
            ...(isStray ? [] : ["(?s:"]),
          ),
          tie("pattern"),
        )
        .map(([open, inner]) => `${open}${inner})`),
    }),
  );
  return pattern;
}

/** Changes to a pattern, after which it may be bad. */
export const edits = fc.array(
  fc.record({
    at: fc.nat(),
    cut: fc.nat(2),
    insert: fc.constantFrom(
      ..."()[]{}|*+?^$\\.-:,=!<>PiQE019az",
      ..."(? (?P<a> (?<b> (?i) (?s-m: (?-) (?= (?<! (?P=a) {2} {,1} {01} {2,1} {1001} **".split(" "),
      ..."[^ [: :] [[:alpha:]] [a-\\d] \\x{ \\8 \\C \\Z \\Q \\E".split(" "),
      "",
    ),
  }),
  { minLength: 1, maxLength: 3 },
);

export function edit(pattern: string, changes: { at: number; cut: number; insert: string }[]): string {
  for (const { at, cut, insert } of changes) {
    const from = at % (pattern.length + 1);
    pattern = pattern.slice(0, from) + insert + pattern.slice(from + cut);
  }
  return pattern;
}

/** Texts that are UTF-8. */
export const texts = fc
  .array(fc.constantFrom(...characters), { maxLength: 14 })
  .map((parts) => Buffer.from(parts.join("")));

/** Texts with pieces of UTF-8, and with bytes that look like it. */
export const strayTexts = fc
  .array(
    fc.oneof(
      fc.constantFrom(...characters).map((character) => Buffer.from(character)),
      fc
        .constantFrom("ff", "80", "a5", "e6", "e697", "c0af", "e08080", "eda080", "f09f98", "f4908080", "f8", "c3")
        .map((hex) => Buffer.from(hex, "hex")),
    ),
    { maxLength: 12 },
  )
  .map((parts) => Buffer.concat(parts));
