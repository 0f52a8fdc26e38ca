import fc from "fast-check";
import { beforeEach, expect, test } from "vitest";
import { type BytesGuest, bytesGuest } from "../bytes-guest.ts";

let guest: BytesGuest;
beforeEach(async () => {
  guest = await bytesGuest("byte-writer");
});

const step = fc.oneof(
  fc.record({ name: fc.constant("byte" as const), value: fc.nat(255) }),
  fc.record({ name: fc.constant("bytes" as const), value: fc.uint8Array({ maxLength: 300 }) }),
  fc.record({ name: fc.constant("text" as const), value: fc.string({ unit: "binary", maxLength: 100 }) }),
  fc.record({ name: fc.constant("digits" as const), value: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) }),
  fc.record({ name: fc.constant("truncate" as const), value: fc.nat(400) }),
  fc.record({ name: fc.constant("repeat" as const), value: fc.nat(), size: fc.nat() }),
  fc.record({ name: fc.constant("copy" as const) }),
  fc.record({ name: fc.constant("clear" as const) }),
);

test("what was written is there, in order, through any growth, also a part of the writer itself", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      guest.call("clear");
      let expected = Buffer.alloc(0);
      for (const one of steps) {
        if (one.name === "byte") {
          guest.call("byte", one.value);
          expected = Buffer.concat([expected, Buffer.from([one.value])]);
        } else if (one.name === "bytes") {
          expect(guest.write("bytes", one.value).bytes).toEqual(Buffer.from(one.value));
          expected = Buffer.concat([expected, one.value]);
        } else if (one.name === "text") {
          guest.write("text", Buffer.from(one.value, "utf16le"));
          expected = Buffer.concat([expected, Buffer.from(one.value)]);
        } else if (one.name === "digits") {
          guest.call("digits", one.value);
          expected = Buffer.concat([expected, Buffer.from(String(one.value))]);
        } else if (one.name === "truncate") {
          guest.call("truncate", one.value);
          expected = expected.subarray(0, one.value);
        } else if (one.name === "repeat") {
          const from = one.value % (expected.length + 1);
          const size = Math.min(one.size, expected.length - from, 2000);
          guest.call("repeat", from, size);
          expected = Buffer.concat([expected, expected.subarray(from, from + size)]);
        } else {
          guest.call(one.name);
          if (one.name === "clear") expected = Buffer.alloc(0);
        }
        expect(guest.output()).toEqual(expected);
        expect(guest.call("fits")).toBe(1);
      }
    }),
    { numRuns: 500 },
  );
});

test("a surrogate that stands alone is written as U+FFFD", () => {
  const units = Buffer.from("a\ud800b\udc00\ud83d\ude00\ud83d", "utf16le");
  expect(guest.write("text", units).bytes.toString()).toBe("a\ufffdb\ufffd😀\ufffd");
});

test("a number is padded in front to its width, and never cut", () => {
  const cases: [bigint, number, string, string][] = [
    [7n, 1, "0", "7"],
    [7n, 2, "0", "07"],
    [7n, 2, " ", " 7"],
    [0n, 3, "0", "000"],
    [1234n, 2, "0", "1234"],
    [2n ** 64n - 1n, 22, " ", "  18446744073709551615"],
  ];
  for (const [number, width, padding, text] of cases) {
    guest.call("clear");
    guest.call("decimal", number, width, padding.charCodeAt(0));
    expect(guest.output().toString()).toBe(text);
  }
});

test("a writer that is cleared again and again takes no more memory than the first time", () => {
  const work = () => {
    guest.call("clear");
    guest.write("bytes", Buffer.alloc(50_000, "x"));
    return guest.memorySize();
  };
  const before = work();
  for (let i = 0; i < 2000; i++) work();
  expect(guest.memorySize()).toBe(before);
});
