import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { instantiateGuest } from "../guest-module.ts";
import { struct } from "../struct-bytes.ts";
import { hasLoneSurrogate, isJson, mutatedJson } from "./json-texts.ts";

type Entry = "walk" | "paths" | "person";
let run: (entry: Entry, bytes: Uint8Array | string) => string;

beforeAll(async () => {
  const { memory, allocate, resultSize, ...entries } = (await instantiateGuest("document-walk")) as unknown as {
    memory: WebAssembly.Memory;
    allocate(size: number): number;
    resultSize(): number;
  } & Record<Entry, () => number>;
  run = (entry, bytes) => {
    const input = Buffer.from(bytes as string);
    new Uint8Array(memory.buffer).set(input, allocate(input.length) >>> 0);
    const from = entries[entry]() >>> 0;
    return Buffer.from(memory.buffer, from, resultSize()).toString("utf8");
  };
});

const text = fc.string({ unit: "grapheme", maxLength: 9 });
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, false),
    fc.integer(),
    text,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(text, tie("value"), { maxKeys: 4 }),
  ),
}));
/** With a key at least: an empty Struct has no bytes, and is no document. */
const document = fc.dictionary(text, value, { minKeys: 1, maxKeys: 5 });

test("JSON and a Struct of the same read alike", () => {
  fc.assert(
    fc.property(document, (written) => {
      const fromJson = run("walk", JSON.stringify(written));
      expect(JSON.parse(fromJson.slice(1))).toEqual(JSON.parse(JSON.stringify(written)));
      expect(run("walk", struct(written))).toBe(fromJson);
    }),
    { numRuns: 2000, seed: 1 },
  );
});

test("JSON is told from a Struct whatever white space is in front of it", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(" ", "\n", "\r", "\t"), maxLength: 40 }), (space) => {
      expect(run("walk", `${space}{"a": 1}`)).toBe('={"\\u0061":1.0}');
    }),
    { seed: 1 },
  );
});

test("every value has its path", () => {
  expect(run("paths", '{"rules": [{"set": {"x y": 1}}, []], "a-b_1": null, "": 0}').split("\n")).toEqual([
    "=$",
    "rules",
    "rules[0]",
    "rules[0].set",
    'rules[0].set["x y"]',
    "rules[1]",
    "a-b_1",
    '[""]',
  ]);
});

describe("what is wrong with the form is said with its place", () => {
  test.for([
    ["", "!$ (offset 0): expected a value, found the end"],
    ["[1, 2", "![1] (offset 5): expected ',' or ']', found the end"],
    ['{"a": 01}', "!a (offset 6): expected a number as JSON writes it, found 01"],
    ['{"a": nul}', "!a (offset 6): expected null, found nul"],
    ['{"a": [1,]}', "!a[1] (offset 9): expected a value, found ']'"],
    ['{"a": 1, }', "!a (offset 9): expected a quoted key, found '}'"],
    ['{"a" 1}', "!a (offset 5): expected ':', found a number"],
    ['{"a": "\\x"}', "!a (offset 7): expected an escape such as \\n, found '\\'"],
    ['{"a": {"\\x": 1}}', "!a (offset 8): expected an escape such as \\n, found '\\'"],
    ['{"a": 1} 2', "!$ (offset 9): expected the end, found a number"],
    ["[".repeat(65), `!${"[0]".repeat(64)} (offset 64): expected at most 64 levels, found an array`],
    ['{"a": 1, "a": 2}', '!a (offset 9): expected a new key, found "a"'],
  ] as const)("%j", ([json, problem]) => expect(run("walk", json)).toBe(problem));

  test.for<[string, Buffer, string]>([
    ["cut off", struct({ a: "text" }).subarray(0, -1), "expected as many bytes as were announced"],
    ["a key twice", Buffer.concat([struct({ a: 1 }), struct({ a: 2 })]), "expected a new key"],
    [
      "a text that is no UTF-8",
      Buffer.from(struct({ a: "xy" }).map((byte) => (byte === 0x78 ? 0xff : byte))),
      "expected UTF-8",
    ],
    ["too deep", struct(JSON.parse(`{"a":${'{"a":'.repeat(70)}1${"}".repeat(70)}}`) as object), "at most 64 levels"],
  ])("a Struct: %s", ([, bytes, problem]) => {
    expect(run("walk", bytes)).toMatch(new RegExp(`^!\\$ \\(offset \\d+ of the Struct\\): .*${problem}$`));
  });
});

test("a text is taken exactly where JSON.parse takes it, whatever was done to it", () => {
  fc.assert(
    fc.property(mutatedJson, (json) => {
      const seen = run("walk", json);
      fc.pre(!seen.includes("expected a new key") && !hasLoneSurrogate(json));
      expect({ json, taken: seen.startsWith("=") }).toEqual({ json, taken: isJson(json) });
    }),
    { numRuns: 5000 },
  );
});

test("no bytes make the reader trap", () => {
  const mutated = fc
    .tuple(document, fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 4 }), fc.boolean())
    .map(([written, changes, isStruct]) => {
      const bytes = isStruct ? struct(written) : Buffer.from(JSON.stringify(written));
      for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
      return bytes;
    });
  fc.assert(
    fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 60 })), (bytes) => {
      expect(run("walk", bytes)).toMatch(/^[=!]/);
    }),
    { numRuns: 5000, seed: 1 },
  );
});

test("all that is wrong with an object is told, each with its path", () => {
  expect(run("person", '{"name": "Ann", "age": 150, "kind": "b", "alive": false, "friends": ["x"]}')).toBe(
    "=Ann 150 1 false 1",
  );
  expect(run("person", "{}")).toBe("=nobody 1 0 true 0");
  expect(run("person", "[]")).toBe("=$: expected an object, found an array");
  expect(run("person", '{"nme": 1, "name": 2, "age": 1e99, "kind": "c", "alive": "no", "friends": {}}')).toBe(
    '=$: expected one of name, age, kind, alive, friends, found the key "nme"; ' +
      "name: expected a string, found 2; age: expected a whole number from 0 to 150, found 1e99; " +
      'kind: expected one of a, b, found "c"; alive: expected true or false, found "no"; ' +
      "friends: expected an array, found an object",
  );
});
