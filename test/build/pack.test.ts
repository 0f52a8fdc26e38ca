import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { PROBABILITIES_SIZE, pack } from "../../src/build/pack.ts";
import { toRecords } from "../../src/build/records.ts";
import { instantiateGuest } from "../guest-module.ts";

const FROM = 0x30000;
const TO = 0x10000;

let memory: WebAssembly.Memory;
let unpack: (packed: number, records: number, recordsEnd: number, to: number) => void;
beforeAll(async () => {
  const guest = await instantiateGuest("unpack");
  memory = guest["memory"] as WebAssembly.Memory;
  memory.grow(4);
  unpack = guest["unpack"] as typeof unpack;
});

const packedAt = (bytes: Uint8Array, address: number) => pack(toRecords(bytes, address));

/** What the guest makes of packed bytes, and whether it cleared them. */
function unpacked(bytes: Uint8Array): { bytes: Uint8Array; isCleared: boolean } {
  const records = toRecords(bytes, TO);
  const packed = pack(records);
  const at = FROM + packed.length + PROBABILITIES_SIZE + (packed.length & 1);
  const all = new Uint8Array(memory.buffer);
  all.fill(0, TO, TO + bytes.length);
  all.set(packed, FROM);
  unpack(FROM, at, at + records.length, TO);
  return {
    bytes: all.slice(TO, TO + bytes.length),
    isCleared: all.subarray(FROM).every((byte) => byte === 0),
  };
}

/** An object as AssemblyScript lays it out, at the next address where one may stand: 12 and a multiple of 16. */
const objectOf = (classId: number, content: Uint8Array) => (address: number) => {
  const size = 20 + content.length;
  const object = Buffer.alloc(((12 - address) & 15) + ((size + 15) & ~15));
  const at = (12 - address) & 15;
  object.writeUInt32LE(object.length - at - 4, at);
  object.writeUInt32LE(classId, at + 12);
  object.writeUInt32LE(content.length, at + 16);
  object.set(content, at + 20);
  return object;
};
const textOf = (text: string) => objectOf(2, Buffer.from(text, "utf16le"));

const text = fc.string({ unit: "grapheme", maxLength: 300 }).map(textOf);
const ascii = fc.string({ unit: "grapheme-ascii", maxLength: 600 }).map(textOf);
const other = fc.tuple(fc.nat(300), fc.uint8Array({ maxLength: 300 })).map(([id, bytes]) => objectOf(id, bytes));
const zeros = fc.nat(700).map((count) => () => Buffer.alloc(count));
const plain = fc.uint8Array({ maxLength: 600 }).map((value) => () => Buffer.from(value));
/** Bytes that begin at `TO`, in which parts stand twice. */
const bytes = fc
  .array(fc.oneof(text, ascii, other, zeros, plain), { maxLength: 8 })
  .chain((parts) => fc.shuffledSubarray([...parts, ...parts]))
  .map(
    (parts) =>
      new Uint8Array(parts.reduce((all, part) => Buffer.concat([all, part(TO + all.length)]), Buffer.alloc(0))),
  );

test("what is packed is unpacked as it was, and nothing is left of the packed bytes", () => {
  fc.assert(
    fc.property(bytes, (value) => {
      expect(unpacked(value)).toEqual({ bytes: value, isCleared: true });
    }),
    { numRuns: 500 },
  );
});

test("a text takes a byte for each character, and one more; half of that where it repeats", () => {
  const object = textOf("expected a header name, found a number");
  expect(packedAt(object(12), 12).length).toBeLessThanOrEqual(39);
  const similar = textOf("expected a header value, found a list");
  const both = Buffer.concat([object(12), similar(12 + object(12).length)]);
  expect(packedAt(both, 12).length).toBeLessThan(39 + 19);
});
