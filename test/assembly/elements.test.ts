import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { type BytesGuest, bytesGuest } from "../bytes-guest.ts";

let guest: BytesGuest;
beforeAll(async () => {
  guest = await bytesGuest("elements");
});

const elements = (line: string, separator = ",") =>
  guest.write("list", line, separator).bytes.toString("latin1").split("\0").slice(0, -1);

test.for<[string, string[]]>([
  ["a, b,c", ["a", "b", "c"]],
  ["", [""]],
  [",", ["", ""]],
  [" a ,\t,b\t", ["a", "", "b"]],
  ['a="x, y", b', ['a="x, y"', "b"]],
  ['"\\",", b', ['"\\","', "b"]],
  ['"\\\\", b', ['"\\\\"', "b"]],
  ['a, "b, c', ["a", '"b, c']],
  ['"\\', ['"\\']],
  ["a\\, b", ["a\\", "b"]],
  ['x;q="a" , y', ['x;q="a"', "y"]],
])("the elements of %j", ([line, expected]) => {
  expect(elements(line)).toEqual(expected);
});

test("elements may be parted by another text", () => {
  expect(elements('a;b, c; "d;e"', ";")).toEqual(["a", "b, c", '"d;e"']);
  expect(elements("a || b|c||", "||")).toEqual(["a", "b|c", ""]);
  expect(elements("a,b", "")).toEqual(["a,b"]);
});

test("elements are those of any line without quotes that split finds", () => {
  const line = fc.string({ unit: fc.constantFrom(..."ab,, \t\\="), maxLength: 30 });
  fc.assert(
    fc.property(line, (text) => {
      expect(elements(text)).toEqual(text.split(",").map((part) => part.replace(/^[ \t]+|[ \t]+$/g, "")));
    }),
    { numRuns: 1000 },
  );
});

test("elements come back joined, quoted whatever they have", () => {
  const quoted = fc.string().map((text) => `"${text.replace(/["\\]/g, "\\$&").replaceAll("\0", "")}"`);
  const element = fc.oneof(quoted, fc.string({ unit: fc.constantFrom(..."ab=/") }));
  fc.assert(
    fc.property(fc.array(element, { minLength: 1, maxLength: 6 }), (all) => {
      expect(elements(all.join(" , "))).toEqual(all);
    }),
    { numRuns: 500 },
  );
});

test("no bytes make it trap, and it reads its own bytes only", () => {
  const line = fc.oneof(fc.uint8Array(), fc.string({ unit: fc.constantFrom(...'a,,=" \\') }));
  fc.assert(
    fc.property(line, fc.constantFrom(",", "", ";", "=="), (text, separator) => {
      expect(guest.isSteady("list", text, separator)).toBe(true);
    }),
    { numRuns: 1000 },
  );
});
