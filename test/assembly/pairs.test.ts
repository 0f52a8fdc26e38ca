import { readFileSync } from "node:fs";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { compiledGuest } from "../guest-module.ts";

type Line = [name: string, value: string];
const PARSE_FAILURE = 4;

/** What the guest makes of a header map that the host gives as these bytes. */
let read: (bytes: Uint8Array) => { status: number; lines: Line[] };
beforeAll(async () => {
  let given: Uint8Array = new Uint8Array();
  const guest = {} as { memory: WebAssembly.Memory; malloc(size: number): number; read(): number; readSize(): number };
  const give = (_type: number, start: number, size: number) => {
    const at = given.length === 0 ? 0 : guest.malloc(given.length) >>> 0;
    new Uint8Array(guest.memory.buffer).set(given, at);
    new DataView(guest.memory.buffer).setUint32(start, at, true);
    new DataView(guest.memory.buffer).setUint32(size, given.length, true);
    return 0;
  };
  const { instance } = await WebAssembly.instantiate(readFileSync(await compiledGuest("header-reader")), {
    env: { proxy_get_header_map_pairs: give, proxy_get_header_map_value: () => 1, proxy_log: () => 0 },
  });
  Object.assign(guest, instance.exports);
  (instance.exports["_initialize"] as () => void)();
  read = (bytes) => {
    given = bytes;
    const at = guest.read() >>> 0;
    const [status, ...texts] = Buffer.from(guest.memory.buffer, at, guest.readSize()).toString().split("\0");
    const lines = texts.slice(0, -1).flatMap((text, i, all): Line[] => (i % 2 ? [] : [[text, all[i + 1]!]]));
    return { status: Number(status), lines };
  };
});

function encode(lines: Line[]): Buffer {
  const parts = lines.map((line) => line.map((text) => Buffer.from(text)));
  const sizes = parts.flatMap((line) => line.map(({ length }) => length));
  const head = Buffer.alloc(4 + 4 * sizes.length);
  [lines.length, ...sizes].forEach((number, i) => head.writeUInt32LE(number, 4 * i));
  return Buffer.concat([head, ...parts.flatMap((line) => line.flatMap((bytes) => [bytes, Buffer.from([0])]))]);
}

const text = fc.string({ unit: "grapheme", maxLength: 40 }).filter((value) => !value.includes("\0"));

test("lines are read as the host wrote them, in order, however many there are", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(text, text), { maxLength: 200 }), (lines) => {
      expect(read(encode(lines))).toEqual({ status: 0, lines });
    }),
    { numRuns: 300 },
  );
  const many: Line[] = Array.from({ length: 5000 }, (_, i) => [`x-${i}`, "v".repeat(50)]);
  expect(read(encode(many)).lines).toEqual(many);
  expect(read(Buffer.alloc(0))).toEqual({ status: 0, lines: [] });
});

test("what is cut off, or claims more than there is, is an error and not a read beyond it", () => {
  const whole = encode([
    ["x-a", "1"],
    ["x-b", "22"],
  ]);
  for (let length = 1; length < whole.length; length++) {
    expect(read(whole.subarray(0, length))).toEqual({ status: PARSE_FAILURE, lines: [] });
  }
  for (const at of [0, 4, 8, 12, 16]) {
    for (const number of [3, 0x7fffffff, 0x80000000, 0xffffffff]) {
      const claims = Buffer.from(whole);
      claims.writeUInt32LE(number, at);
      if (number === 3 && at > 0) continue; // still inside
      expect(read(claims)).toEqual({ status: PARSE_FAILURE, lines: [] });
    }
  }
});

test("no bytes make it trap", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 0, max: 40 }), (bytes, count) => {
      if (bytes.length >= 4) new DataView(bytes.buffer, bytes.byteOffset).setUint32(0, count, true);
      expect([0, PARSE_FAILURE]).toContain(read(bytes).status);
    }),
    { numRuns: 3000 },
  );
});
