import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { RegexGuest, type Spans } from "./regex-guest.ts";
import { Oracle } from "./regex-oracle.ts";

let regex: RegexGuest;
beforeAll(async () => {
  regex = await RegexGuest.load();
});

/** What a search finds: the text of group 0, then of the others; null for a group that took no part. */
function found(pattern: string, text: string): (string | null)[] | null {
  expect(regex.parse(pattern)).toBe("");
  return strings(regex.search(Buffer.from(text)), Buffer.from(text));
}

function strings(spans: Spans, text: Buffer): (string | null)[] | null {
  return spans && spans.map(([start, end]) => (start < 0 ? null : text.toString("utf8", start, end)));
}

describe("RE2's syntax (https://github.com/google/re2/wiki/Syntax)", () => {
  test.for<[pattern: string, text: string, found: (string | null)[] | null]>([
    ["", "abc", [""]],
    ["b", "abc", ["b"]],
    ["a.c", "a\nc abc", ["abc"]],
    ["(?s)a.c", "a\nc abc", ["a\nc"]],
    [".", "日", ["日"]],
    ["[xyz]+", "axzb", ["xz"]],
    ["[^xyz]+", "xa\nby", ["a\nb"]],
    ["[a-c]+", "zbcad", ["bca"]],
    ["[a-]+", "b-a-", ["-a-"]],
    ["[-a]+", "b-a-", ["-a-"]],
    ["[]a]+", "b]a", ["]a"]],
    ["[^]a]+", "]ba", ["b"]],
    ["[\\d-z]+", "a1-zb", ["1-z"]],
    ["[à-ÿ日]+", "aé日z", ["é日"]],
    ["[^à-ÿ]+", "éa日é", ["a日"]],
    ["\\d+", "ab123c", ["123"]],
    ["\\D+", "12ab日3", ["ab日"]],
    ["\\s+", "a \t\n\f\r\vb", [" \t\n\f\r"]],
    ["\\S+", " a\vé ", ["a\vé"]],
    ["\\w+", "-aZ_9é", ["aZ_9"]],
    ["\\W+", "a-éb", ["-é"]],
    ["[[:alpha:]]+", "1aZ2", ["aZ"]],
    ["[[:^alpha:]]+", "a12é", ["12é"]],
    ["[^[:^digit:]]+", "a12é", ["12"]],
    ["[[:punct:]]+", "a!/:@[`{~b", ["!/:@[`{~"]],
    ["[[:xdigit:][:space:]]+", "xyAf 09\v!", ["Af 09\v"]],
    ["[[:alpha]+", "z[:ahp", ["[:ahp"]],
    ["xy", "axyb", ["xy"]],
    ["x|y", "ay", ["y"]],
    ["a|ab", "ab", ["a"]],
    ["|a", "a", [""]],
    ["(a|)b", "b", ["b", ""]],
    ["x*", "xxx", ["xxx"]],
    ["x+", "axxx", ["xxx"]],
    ["x?", "xx", ["x"]],
    ["x{2,3}", "xxxx", ["xxx"]],
    ["x{2,}", "xxxx", ["xxxx"]],
    ["x{2}", "xxxx", ["xx"]],
    ["x{0}y", "xy", ["y"]],
    ["(?:(?:x{1000}){0}y){2}", "yy", ["yy"]],
    ["x*?y", "xxy", ["xxy"]],
    ["x+?", "xxx", ["x"]],
    ["x??", "xx", [""]],
    ["x{2,3}?", "xxxx", ["xx"]],
    ["x{2,}?", "xxxx", ["xx"]],
    ["x{,2}", "x{,2}", ["x{,2}"]],
    ["x{01}", "x{01}", ["x{01}"]],
    ["{|}", "a}", ["}"]],
    ["^*a", "a", ["a"]],
    ["a(?i)*", "aaA", ["aa"]],
    ["(a)(b)?", "ac", ["a", "a", null]],
    ["(?P<first>a)(?<second>b)", "ab", ["ab", "a", "b"]],
    ["(?:ab)+", "ababa", ["abab"]],
    ["(?i)aB[c-d]", "AbD", ["AbD"]],
    ["(?i)[^a]", "Ab", ["b"]],
    ["(?i)[[:^upper:]]+", "aB1", ["1"]],
    ["(?i:a)b", "AB Ab", ["Ab"]],
    ["a(?i)b(?-i)c", "aBC aBc", ["aBc"]],
    ["(a(?i)b)B", "aBb aBB", ["aBB", "aB"]],
    ["(?m)^b$", "a\nb\nc", ["b"]],
    ["^b$", "a\nb\nc", null],
    ["b$", "ab\n", null],
    ["(?U)a+", "aaa", ["a"]],
    ["(?U)a+?", "aaa", ["aaa"]],
    ["(?i-s:A.)", "a\na.", ["a."]],
    ["\\Aa\\z", "a", ["a"]],
    ["\\bfoo\\b", "afoo foo", ["foo"]],
    ["\\Boo\\B", "oo foot", ["oo"]],
    ["\\a\\f\\t\\n\\r\\v", "\x07\f\t\n\r\v", ["\x07\f\t\n\r\v"]],
    ["\\123\\0\\07", "S\0\x07", ["S\0\x07"]],
    ["\\x7F\\x{e9}\\x{1F600}", "\x7fé😀", ["\x7fé😀"]],
    ["\\*\\_\\-\\]", "*_-]", ["*_-]"]],
    ["\\Q[a.]*\\E+", "[a.]**", ["[a.]**"]],
    ["\\Qa|b", "a|b", ["a|b"]],
    ["(|a)*", "aa", ["", ""]],
    ["(|a)+", "aa", ["", ""]],
    ["(a*)+", "aa", ["aa", "aa"]],
    ["(a|b)*", "abc", ["ab", "b"]],
    ["(a+)(b+)?|c", "aac", ["aa", "aa", null]],
    ["[^\\x00-\\x{10FFFF}]|b", "ab", ["b"]],
  ])("%j in %j", ([pattern, text, expected]) => {
    expect(found(pattern, text)).toEqual(expected);
    const bytes = Buffer.from(text);
    expect(strings(Oracle.parse(pattern)!.search(bytes), bytes)).toEqual(expected);
  });

  test("a group has a name, or none", () => {
    regex.parse("(a)(?P<year>b)(?<_1>c)");
    expect(["year", "_1", "yea", ""].map((name) => regex.groupIndex(name))).toEqual([2, 3, -1, -1]);
  });

  test("the groups are those of the last match, and there are no others", () => {
    regex.parse("(a)|b");
    expect(regex.search(Buffer.from("xa"))).toEqual([
      [1, 2],
      [1, 2],
    ]);
    expect(regex.search(Buffer.from("b"))).toEqual([
      [0, 1],
      [-1, -1],
    ]);
    expect(regex.group(2)).toEqual([-1, -1]);
    expect(regex.group(-1)).toEqual([-1, -1]);
  });

  test("a search begins where it is told to, and knows what stands before", () => {
    regex.parse("\\ba|^a");
    expect(regex.search(Buffer.from("aa a"), 1)).toEqual([[3, 4]]);
    expect(regex.search(Buffer.from("aa a"), 4)).toBe(null);
    expect(regex.search(Buffer.from("a"), 2)).toBe(null);
  });
});

describe("what is wrong", () => {
  test.for([
    ["a(b", "expected ')', found the end at 3"],
    ["a)b", "expected no ')' without '(', found \")\" at 1"],
    ["*", 'expected something to repeat, found "*" at 0'],
    ["a|+?", 'expected something to repeat, found "+?" at 2'],
    ["({2})", 'expected something to repeat, found "{2}" at 1'],
    ["a**", 'expected no second repetition, found "*" at 2'],
    ["a{1}{2}", 'expected no second repetition, found "{2}" at 4'],
    ["a{2,1}", 'expected counts in order, up to 1000, found "{2,1}" at 1'],
    ["a{1001}", 'expected counts in order, up to 1000, found "{1001}" at 1'],
    ["(a{40}b){30}", 'expected a product of counts up to 1000, found "{30}" at 8'],
    ["[a", "expected ']' for the class at 0, found the end at 2"],
    ["[z-a]", 'expected a range in order, found "z-a" at 1'],
    ["[[:foo:]]", 'expected a class such as [:alpha:], found "[:foo:]" at 1'],
    ["[[:d:]]", 'expected a class such as [:alpha:], found "[:d:]" at 1'],
    ["[[:punct:!/:]]", 'expected a class such as [:alpha:], found "[:punct:!/:]" at 1'],
    ["[a-\\d]", 'expected an escape of RE2, found "\\\\d" at 3'],
    ["\\y", 'expected an escape of RE2, found "\\\\y" at 0'],
    ["é\\é", 'expected an escape of RE2, found "\\\\é" at 1'],
    ["a\\", "expected an escape of RE2, found the end at 2"],
    ["\\x{}", 'expected \\xHH or \\x{H...}, up to 10FFFF, found "\\\\x{" at 0'],
    ["\\x{110000}", 'expected \\xHH or \\x{H...}, up to 10FFFF, found "\\\\x{110000" at 0'],
    ["\\x4", 'expected \\xHH or \\x{H...}, up to 10FFFF, found "\\\\x4" at 0'],
    ["(a)\\1", 'expected what needs no backtracking, found "\\\\1" at 3'],
    ["\\9", 'expected what needs no backtracking, found "\\\\9" at 0'],
    ["a(?=b)", 'expected what needs no backtracking, found "(?=" at 1'],
    ["a(?!b)", 'expected what needs no backtracking, found "(?!" at 1'],
    ["(?<=a)b", 'expected what needs no backtracking, found "(?<=" at 0'],
    ["(?<!a)b", 'expected what needs no backtracking, found "(?<!" at 0'],
    ["(?P=a)", 'expected what needs no backtracking, found "(?P=" at 0'],
    ["(?>a)", "expected flags of imsU, then ':' or ')', found \"(?\" at 0"],
    ["(?i-)", "expected flags of imsU, then ':' or ')', found \"(?i-\" at 0"],
    ["(?i", "expected flags of imsU, then ':' or ')', found \"(?i\" at 0"],
    ["(?P<a-b>c)", 'expected a name of letters, digits and _, in < and >, found "(?P<a" at 0'],
    ["(?<>c)", 'expected a name of letters, digits and _, in < and >, found "(?<" at 0'],
    ["(?<a>b)(?<a>c)", 'expected a new name, found "(?<a>" at 7'],
    ["(?<y>".repeat(40), 'expected a new name, found "(?<y>" at 5'],
  ])("%j: %s", ([pattern, error]) => {
    expect(regex.parse(pattern!)).toBe(error);
    expect(Oracle.parse(pattern!)).toBe(null);
    expect(regex.matches(Buffer.from(""))).toBe(null);
  });
});

describe("where we differ from RE2, or re2js does", () => {
  test.for([
    ["\\pN", 'expected no Unicode class, found "\\\\p" at 0'],
    ["[\\P{Greek}]", 'expected no Unicode class, found "\\\\P" at 1'],
    ["(?:abcde){1000}", "expected a program of at most 4096 instructions, found more at 15"],
    ["a".repeat(4096), "expected a program of at most 4096 instructions, found more at 4096"],
    ["(?:a?){1000}b{1000}(?:a?){1000}", "expected a program of at most 4096 instructions, found more at 31"],
    ["()".repeat(64), "expected at most 63 groups that capture, found more at 127"],
    ["(?:".repeat(251) + ")".repeat(251), "expected at most 250 groups inside one another, found more at 753"],
  ])("%j is refused: %s", ([pattern, error]) => {
    expect(regex.parse(pattern!)).toBe(error);
    expect(Oracle.parse(pattern!)).not.toBe(null);
  });

  test("what is as large as it may be is taken", () => {
    expect(regex.parse("a".repeat(4095))).toBe("");
    expect(regex.programSize).toBe(4096);
    expect(regex.parse("(?:a?){1000}b{1000}(?:a?){547}b")).toBe("");
    expect(regex.programSize).toBe(4096);
    expect(regex.parse("()".repeat(63))).toBe("");
    expect(regex.parse(`${"(?:".repeat(250)}a${")".repeat(250)}`)).toBe("");
    expect(regex.matches(Buffer.from("a"))).toEqual([[0, 1]]);
  });

  test.for<[what: string, pattern: string, text: string | Buffer, ours: Spans, re2js: Spans]>([
    ["(?i) knows the case of ASCII letters only", "(?i)k", "\u212a", null, [[0, 3]]],
    ["(?i) knows the case of ASCII letters only", "(?i)[é]", "É", null, [[0, 2]]],
    ["(?i) knows the case of ASCII letters only", "(?i)\\W", "\u017f", [[0, 2]], null],
    ["a byte that is not UTF-8 matches no set (RE2: so do we)", ".", Buffer.from("ff61", "hex"), [[1, 2]], [[0, 1]]],
    ["nor a negated one", "[^b]", Buffer.from("ff61", "hex"), [[1, 2]], [[0, 1]]],
    ["nor does an overlong character (RE2: it does)", ".", Buffer.from("e08080", "hex"), null, [[0, 1]]],
    ["nor does a surrogate (RE2: it does)", "\\W", Buffer.from("eda080", "hex"), null, [[0, 1]]],
  ])("%s: %j", ([, pattern, text, ours, re2js]) => {
    expect(regex.parse(pattern)).toBe("");
    expect(regex.search(Buffer.from(text))).toEqual(ours);
    expect(Oracle.parse(pattern)!.search(Buffer.from(text))).toEqual(re2js);
  });

  test("[:] in a class is two characters, for RE2 too; re2js finds a name in it", () => {
    expect(found("[[:]+", "a[:")).toEqual(["[:"]);
    expect(found("[[:]a]", ":a]")).toEqual([":a]"]);
    expect(Oracle.parse("[[:]a]")).toBe(null);
  });
});

describe("the price", () => {
  test.for<[pattern: string, text: string, whole: boolean]>([
    ["(a+)+$", "a", true],
    ["^(a+)+$", "a", false],
    ["(a|a)*b", "a", false],
    ["(a|aa)+$", "a", true],
    ["(.*a){20}", "a", true],
    ["(.*)*b", "ab", true],
    ["(a?){50}a{50}", "a", true],
    ["(x+x+)+y", "x", false],
    ["((((a*)*)*)*)*b", "a", false],
    ["[a-z]*?[a-z]*?[a-z]*?é", "a", false],
    ["(?:\\b|a)*$", "a ", false],
  ])("%s on %j, many times: twice the text takes twice the steps", ([pattern, unit, whole]) => {
    expect(regex.parse(pattern)).toBe("");
    const [once, twice] = [500, 1000].map((count) => regex.steps(Buffer.from(`${unit.repeat(count)}!`), whole));
    // The first characters take less: threads do not stand everywhere yet.
    expect(twice).toBeLessThanOrEqual(2 * once! + regex.programSize ** 2);
    // Of a character: every instruction is followed once, by one or two that lead to it, and its thread goes on once.
    expect(once).toBeLessThanOrEqual(4 * regex.programSize * (500 * unit.length + 2));
  });

  test("what may follow often is left at once where it does not", () => {
    regex.parse("a{1,1000}");
    expect(regex.steps(Buffer.from("ab"), false)).toBeLessThan(20);
  });

  test("a match takes nothing from the heap", () => {
    regex.parse("(?i)((a|b)*?[^c]+)+(\\w*)$|é");
    const text = Buffer.from("aBé!".repeat(300));
    regex.search(text);
    const before = regex.freeBlocks();
    for (let i = 0; i < 20; i++) regex.searchAgain();
    expect(regex.freeBlocks()).toEqual(before);
  });
});

test("20,000 texts that anyone could write are read as patterns without a trap, in bounded memory", () => {
  const piece = fc.oneof(
    fc.constantFrom(..."()[]{}|*+?^$\\.-:<>,=!PQEimsUxpdbz019a", "[[:", "{9,}", "(?<", "\\x{", "{1000}", "{1,99}"),
    fc.string({ unit: "binary", maxLength: 3 }),
    fc.nat(0xffff).map((unit) => String.fromCharCode(unit)),
  );
  let good = 0;
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (parts) => {
      const error = regex.parse(parts.join(""));
      if (error === "") {
        good++;
        regex.search(Buffer.from("ab(]\n0é\xff"));
      } else expect(error).toMatch(/^expected .+, found .+ at \d+$/);
    }),
    { seed: 1, numRuns: 20_000 },
  );
  expect(good).toBeGreaterThan(100);
  regex.parse(`${"(".repeat(63)}${"a".repeat(3900)}${")".repeat(63)}`);
  expect(regex.memorySize).toBeLessThan(32 * 1024 * 1024);
});
