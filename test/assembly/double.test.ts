import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { type BytesGuest, bytesGuest } from "../bytes-guest.ts";

let guest: BytesGuest;
beforeAll(async () => {
  guest = await bytesGuest("byte-writer");
});

/** @returns null where it is refused */
function written(value: number): string | null {
  guest.call("clear");
  const { result, bytes } = guest.write("double", value);
  return result === 1 ? bytes.toString() : null;
}

test.for([
  [0, "0"],
  [-0, "0"],
  [3, "3"],
  [-42, "-42"],
  [0.1, "0.1"],
  [99.95, "99.95"],
  [1 / 3, "0.3333333333333333"],
  [-1e-7, "-0.0000001"],
  [2 ** 53 + 2, "9007199254740994"],
  [2 ** 62, "4611686018427387904"],
  [2 ** 63, null],
  [-(2 ** 63), null],
  [Infinity, null],
  [NaN, null],
] as [number, string | null][])("%d is written as %j", ([value, expected]) => expect(written(value)).toBe(expected));

test("a number of up to 15 digits reads back as the same, and is as short as JavaScript has it", () => {
  fc.assert(
    fc.property(fc.integer({ min: -(10 ** 15) + 1, max: 10 ** 15 - 1 }), fc.nat(6), (digits, places) => {
      const value = Number(`${digits}e-${places}`);
      expect(written(value)).toBe(String(value === 0 ? 0 : value).replace(/^(-?)(\d)(?:\.(\d+))?e-(\d+)$/, plain));
    }),
    { numRuns: 5000 },
  );
});

/** `1.5e-7` without its exponent. */
function plain(_: string, sign: string, first: string, rest = "", exponent: string): string {
  return `${sign}0.${"0".repeat(Number(exponent) - 1)}${first}${rest}`;
}

test("any other is right to fifteen digits", () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-3, max: 1e15, noNaN: true }), (value) => {
      expect(Math.abs(Number(written(value)) / value - 1)).toBeLessThan(1e-15 * 5);
    }),
    { numRuns: 5000 },
  );
});

test.for([0n, -1n, 42n, -(2n ** 63n), 2n ** 63n - 1n])("the integer %s is written with its sign", (value) => {
  guest.call("clear");
  expect(guest.write("integer", value).bytes.toString()).toBe(String(value));
});
