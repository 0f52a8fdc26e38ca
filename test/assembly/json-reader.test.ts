import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { instantiateGuest } from "../guest-module.ts";
import { hasLoneSurrogate, isJson, mutatedJson } from "./json-texts.ts";

type Result = { document: string } | { problem: string };
let run: (entry: "walk" | "skip" | "readOnlyA", text: Uint8Array) => Result;

beforeAll(async () => {
  const { memory, allocate, resultSize, ...entries } = (await instantiateGuest("json-walk")) as unknown as {
    memory: WebAssembly.Memory;
    allocate(size: number): number;
    walk(): number;
    skip(): number;
    readOnlyA(): number;
    resultSize(): number;
  };
  run = (entry, text) => {
    const at = allocate(text.length) >>> 0;
    new Uint8Array(memory.buffer).set(text, at);
    const from = entries[entry]() >>> 0;
    const result = Buffer.from(memory.buffer, from, resultSize()).toString("utf8");
    return result.startsWith("=") ? { document: result.slice(1) } : { problem: result.slice(1) };
  };
});

const read = (text: string) => run("walk", Buffer.from(text));

/** Numbers that the reader takes: at most fifteen digits, and within 10^22 when their trailing zeros are counted as powers of ten. */
const number = fc
  .tuple(fc.integer({ min: -999_999_999_999_999, max: 999_999_999_999_999 }), fc.integer({ min: -22, max: 7 }))
  .map(([digits, exponent]) => Number(`${digits}e${exponent}`));

describe("what is right", () => {
  test("a document of every kind of value is read as JSON.parse reads it", () => {
    const text =
      ' {"a": [1, -0.5e+2, true, false, null, "", {}], "b c": {"d": "\\u00e9\\ud83d\\ude00\\n\\"\\/"}}\r\n\t';
    const result = read(text) as { document: string };
    expect(JSON.parse(result.document)).toEqual(JSON.parse(text));
  });

  test("any value that JSON.stringify writes is read back", () => {
    const { value: document } = fc.letrec((tie) => ({
      value: fc.oneof(
        fc.constantFrom(null, true, false),
        number,
        fc.string({ unit: "binary" }),
        tie("array"),
        tie("object"),
      ),
      array: fc.array(tie("value"), { maxLength: 4 }),
      object: fc.dictionary(fc.string({ unit: "binary" }), tie("value"), { maxKeys: 4 }),
    }));
    fc.assert(
      fc.property(document, fc.constantFrom(undefined, 1, "\t"), (value, space) => {
        fc.pre(!JSON.stringify(value).includes("\\ud"));
        const result = read(JSON.stringify(value, null, space));
        expect(result).toHaveProperty("document");
        const { document: text } = result as { document: string };
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { numRuns: 2000 },
    );
  });
});

test("numbers are read exactly, or refused", () => {
  fc.assert(
    fc.property(number, fc.boolean(), (value, isLong) => {
      const text = isLong
        ? value.toLocaleString("en", { useGrouping: false, maximumFractionDigits: 37 })
        : String(value);
      expect(read(text)).toEqual({ document: expect.toSatisfy((seen: string) => Object.is(Number(seen), value + 0)) });
    }),
    { numRuns: 2000 },
  );
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const result = read(String(value));
      if ("document" in result) expect(Number(result.document)).toBe(value + 0);
      else expect(result.problem).toContain("expected a number of at most 15 digits, within 10^22");
    }),
    { numRuns: 5000 },
  );
});

describe("what is wrong", () => {
  test.for([
    ["", "$ (offset 0): expected a string, found the end"],
    ['{"a" 1}', "a (offset 5): expected ':', found a number"],
    ['{"a": 1 "b": 2}', "a (offset 8): expected ',' or '}', found a string"],
    ['{"a": 1,}', "a (offset 8): expected a quoted key, found '}'"],
    ["{'a': 1}", "$ (offset 1): expected a quoted key, found '''"],
    ['{"a": {"b": [0, {"c d": tru}]}}', 'a.b[1]["c d"] (offset 24): expected true or false, found tru'],
    ["[1, 02]", "[1] (offset 4): expected a number as JSON writes it, found 02"],
    ["[1, 2", "[1] (offset 5): expected ',' or ']', found the end"],
    ['["a\nb"]', "[0] (offset 3): expected an escape such as \\n, found byte 0x0a"],
    ['["a', "[0] (offset 3): expected '\"', found the end"],
    ['["\\x41"]', "[0] (offset 2): expected an escape such as \\n, found '\\'"],
    ['["\\udc00"]', "[0] (offset 2): expected an escape such as \\n, found '\\'"],
    ['{"\x7f": \x7f}', '["\\u007f"] (offset 6): expected a string, found byte 0x7f'],
    ["[é]", "[0] (offset 1): expected a string, found byte 0xc3"],
    ['["\\ud800"]', "[0] (offset 2): expected an escape such as \\n, found '\\'"],
    ["[nul]", "[0] (offset 1): expected null, found nul"],
    ["1 2", "$ (offset 2): expected the end, found a number"],
    ['{"a": 1, "a": 2}', 'a (offset 9): expected a new key, found "a"'],
    ['{"": {"x\\ny": ?}}', '[""]["x\\u000ay"] (offset 14): expected a string, found \'?\''],
    ["[".repeat(65), `${"[0]".repeat(64)} (offset 64): expected at most 64 levels, found an array`],
  ])("%j is refused with its place", ([text, problem]) => {
    expect(read(text!)).toEqual({ problem });
  });

  test.for([
    ['{"a": 1, "b": [2]}', "b (offset 14): expected no value, found an array"],
    ['{"a": 1, "b": [2', "b (offset 14): expected no value, found an array"],
    ['{"twice": 1}', "twice (offset 11): expected no value, found '}'"],
  ])("%j is refused where the caller reads only a, and what is called twice a second time", ([text, problem]) => {
    expect(run("readOnlyA", Buffer.from(text!))).toEqual({ problem });
  });

  test("bytes that are not UTF-8 are refused where they stand", () => {
    for (const bytes of [
      [0xc0, 0xaf],
      [0xe0, 0x80, 0x80],
      [0xed, 0xa0, 0x80],
      [0xf4, 0x90, 0x80, 0x80],
      [0xe4, 0xb8],
      [0xff],
    ]) {
      const text = Buffer.concat([Buffer.from('["é'), Buffer.from(bytes), Buffer.from('"]')]);
      expect(run("walk", text)).toEqual({
        problem: `[0] (offset 4): expected UTF-8, found byte 0x${bytes[0]!.toString(16)}`,
      });
    }
  });

  test("a text is taken exactly where JSON.parse takes it, whatever was done to it", () => {
    fc.assert(
      fc.property(mutatedJson, (text) => {
        const walked = read(text);
        const isStricter =
          "problem" in walked && (/a new key|at most 15 digits/.test(walked.problem) || hasLoneSurrogate(text));
        fc.pre(!isStricter);
        expect({ text, taken: "document" in walked }).toEqual({ text, taken: isJson(text) });
        expect("document" in run("skip", Buffer.from(text))).toBe(isJson(text));
      }),
      { numRuns: 5000 },
    );
  });
});
