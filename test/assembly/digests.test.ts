import { createHash, createHmac } from "node:crypto";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { type BytesGuest, bytesGuest } from "../bytes-guest.ts";

let guest: BytesGuest;
beforeAll(async () => {
  guest = await bytesGuest("digests");
});

const sha256 = (bytes: Uint8Array | string) => guest.write("sha256", bytes).bytes.toString("hex");
const hmac = (key: Uint8Array | string, bytes: Uint8Array | string) => {
  guest.call("setKey", key);
  return guest.write("sign", bytes).bytes.toString("hex");
};

test("SHA-256 of FIPS 180-4's examples", () => {
  expect(sha256("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  expect(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")).toBe(
    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
  );
  expect(sha256("a".repeat(1_000_000))).toBe("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
});

test("SHA-256 of every length around the ends of blocks, as Node computes it", () => {
  for (let length = 0; length < 300; length++) {
    const bytes = Buffer.from(Array.from({ length }, (_, i) => (i * 7 + length) & 255));
    expect(sha256(bytes)).toBe(createHash("sha256").update(bytes).digest("hex"));
  }
});

/** RFC 4231 §4, but for the truncated one. */
const RFC_4231: [key: string, data: string, code: string][] = [
  ["0b".repeat(20), "4869205468657265", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"],
  [
    "4a656665",
    "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
  ],
  ["aa".repeat(20), "dd".repeat(50), "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"],
  [
    "0102030405060708090a0b0c0d0e0f10111213141516171819",
    "cd".repeat(50),
    "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
  ],
  [
    "aa".repeat(131),
    Buffer.from("Test Using Larger Than Block-Size Key - Hash Key First").toString("hex"),
    "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
  ],
  [
    "aa".repeat(131),
    Buffer.from(
      "This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.",
    ).toString("hex"),
    "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
  ],
];

test("HMAC-SHA-256 of RFC 4231's examples", () => {
  for (const [key, data, code] of RFC_4231) {
    expect(hmac(Buffer.from(key, "hex"), Buffer.from(data, "hex"))).toBe(code);
  }
});

test("HMAC-SHA-256 of any key and message, as Node computes it; a key signs many", () => {
  const bytes = fc.uint8Array({ maxLength: 200 });
  fc.assert(
    fc.property(bytes, fc.array(bytes, { minLength: 1, maxLength: 3 }), (key, messages) => {
      guest.call("setKey", key);
      for (const message of messages) {
        expect(guest.write("sign", message).bytes).toEqual(createHmac("sha256", key).update(message).digest());
      }
    }),
    { numRuns: 500 },
  );
});

test("a key of exactly one block is used as it is, a longer one by its digest", () => {
  for (const length of [63, 64, 65]) {
    const key = Buffer.alloc(length, "k");
    expect(hmac(key, "message")).toBe(createHmac("sha256", key).update("message").digest("hex"));
  }
});

test("FNV-1a of the examples of its authors, and of a text in pieces", () => {
  const hash = (text: string) => guest.call("hash", text) >>> 0;
  expect([hash(""), hash("a"), hash("foobar")]).toEqual([0x811c9dc5, 0xe40c292c, 0xbf9cf968]);
  expect(guest.call("hashOn", guest.call("hash", "foo"), "bar") >>> 0).toBe(0xbf9cf968);
});

test("a UUID has the random bytes, its version and its variant", () => {
  const uuid = (bytes: Uint8Array) => guest.write("uuid", bytes).bytes.toString();
  expect(uuid(Buffer.alloc(16, 0xff))).toBe("ffffffff-ffff-4fff-bfff-ffffffffffff");
  expect(uuid(Buffer.alloc(16))).toBe("00000000-0000-4000-8000-000000000000");
  expect(uuid(Buffer.from("0123456789abcdef0123456789abcdef", "hex"))).toBe("01234567-89ab-4def-8123-456789abcdef");
});
