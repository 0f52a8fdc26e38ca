import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { pack } from "../../src/build/pack.ts";
import { instantiateGuest } from "../guest-module.ts";

const FROM = 0x30000;
const TO = 0x10000;

let memory: WebAssembly.Memory;
let unpack: (from: number, end: number, to: number) => void;
beforeAll(async () => {
  const guest = await instantiateGuest("unpack");
  memory = guest["memory"] as WebAssembly.Memory;
  memory.grow(4);
  unpack = guest["unpack"] as typeof unpack;
});

/** What the guest makes of packed bytes, and whether it cleared them. */
function unpacked(bytes: Uint8Array): { bytes: Uint8Array; isCleared: boolean } {
  const packed = pack(bytes);
  const all = new Uint8Array(memory.buffer);
  all.fill(0, TO, TO + bytes.length);
  all.set(packed, FROM);
  unpack(FROM, FROM + packed.length, TO);
  return {
    bytes: all.slice(TO, TO + bytes.length),
    isCleared: all.subarray(FROM, FROM + packed.length).every((byte) => byte === 0),
  };
}

const text = fc.string({ unit: "grapheme", maxLength: 200 }).map((value) => Buffer.from(value, "utf16le"));
const zeros = fc.nat(300).map((count) => Buffer.alloc(count));
const bytes = fc
  .array(fc.oneof(fc.uint8Array({ maxLength: 200 }), text, zeros), { maxLength: 8 })
  .chain((parts) =>
    fc.shuffledSubarray([...parts, ...parts]).map((shuffled) => new Uint8Array(Buffer.concat(shuffled))),
  );

test("what is packed is unpacked as it was, and nothing is left of the packed bytes", () => {
  fc.assert(
    fc.property(bytes, (value) => {
      expect(unpacked(value)).toEqual({ bytes: value, isCleared: true });
    }),
    { numRuns: 500 },
  );
});

test("texts take less than a third", () => {
  const value = Buffer.from(
    "expected a header name, found a number; expected a header value, found a list".repeat(2),
    "utf16le",
  );
  expect(pack(value).length).toBeLessThan(value.length / 3);
});
