import { BlockList, isIPv4, isIPv6 } from "node:net";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { type BytesGuest, bytesGuest } from "../bytes-guest.ts";

let guest: BytesGuest;
beforeAll(async () => {
  guest = await bytesGuest("addresses");
});

/** The 16 bytes of an address, in hexadecimal digits; null for none. */
const read = (text: string | Uint8Array) => {
  const { result, bytes } = guest.write("read", text);
  return result === 0 ? null : bytes.toString("hex");
};
const contains = (range: string, address: string) => {
  expect({ range, isRange: guest.call("setRange", range) }).toEqual({ range, isRange: 1 });
  return [false, true, "no address"].at(guest.call("contains", address));
};

describe("the address of source.address", () => {
  test.for([
    ["1.2.3.4:56", "00000000000000000000ffff01020304"],
    ["1.2.3.4", "00000000000000000000ffff01020304"],
    ["[::1]:56", `${"0".repeat(31)}1`],
    ["[::1]", `${"0".repeat(31)}1`],
    ["::1", `${"0".repeat(31)}1`],
    ["::", "0".repeat(32)],
    ["1::", "00010000000000000000000000000000"],
    ["[2001:DB8::a:0:0:1]:443", "20010db80000000000000000000a0000".slice(0, 16) + "000a000000000001"],
    ["1:2:3:4:5:6:7:8", "00010002000300040005000600070008"],
    ["1:2:3:4:5:6:7::", "00010002000300040005000600070000"],
    ["::ffff:192.0.2.128", "00000000000000000000ffffc0000280"],
    ["64:ff9b::192.0.2.33", "0064ff9b0000000000000000c0000221"],
    ["[fe80::1%eth0]:80", "fe800000000000000000000000000001"],
    ["fe80::1%2", "fe800000000000000000000000000001"],
  ])("%s is read", ([text, bytes]) => {
    expect(read(text!)).toBe(bytes);
  });

  test.for([
    "",
    ":",
    "1.2.3",
    "1.2.3.4.5",
    "1.2.3.256",
    "01.2.3.4",
    "1.2.3.4:x",
    "1.2.3.4 ",
    "a.b.c.d",
    "1..3.4",
    "1.2.3.1000",
    "[::1",
    "[::1]x",
    "[::1]80",
    "[]",
    "[1.2.3",
    ":::",
    "::1::",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1:2:3:4:5:6:7::8",
    ":1",
    "1:",
    "::12345",
    "::1.2.3",
    "1.2.3.4::",
    "::1.2.3.4:5",
    "1:2:3:4:5:6:7:1.2.3.4",
    "::1:2:3:4:5:6:7:1.2.3.4",
    "::2:3:4:5:6:7:1.2.3.4",
    "/var/run/pipe",
    "envoy://internal/1",
    "%",
    "[::g]:1",
  ])("%j is none", (text) => {
    expect(read(text)).toBeNull();
  });

  test("whatever Node takes for an address is one, and nothing else", () => {
    const piece = fc.constantFrom(
      "::",
      ":",
      ".",
      "1",
      "0",
      "00",
      "ffff",
      "12345",
      "255",
      "256",
      "1.2.3.4",
      "g",
      "a:b",
      "0:0:0",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(piece, { maxLength: 9 }).map((all) => all.join("")),
          fc.ipV4(),
          fc.ipV6(),
        ),
        (text) => {
          const hasPort = /^[^:]*:\d*$/.test(text) && isIPv4(text.split(":")[0]!);
          expect({ text, isAddress: read(text) !== null }).toEqual({
            text,
            isAddress: isIPv4(text) || isIPv6(text) || hasPort,
          });
          expect(read(`[${text}]:1`) !== null).toBe(isIPv6(text) || isIPv4(text));
        },
      ),
      { numRuns: 4000 },
    );
  });
});

describe("a range", () => {
  const family = (text: string) => (isIPv4(text) ? "ipv4" : "ipv6");

  test("has the addresses that Node's BlockList says it has", () => {
    const range = fc.oneof(fc.tuple(fc.ipV4(), fc.nat(32)), fc.tuple(fc.ipV6(), fc.nat(128)));
    fc.assert(
      fc.property(range, fc.oneof(fc.ipV4(), fc.ipV6()), fc.nat(127), ([first, prefix], other, bit) => {
        const list = new BlockList();
        list.addSubnet(first, prefix, family(first));
        const asked = [first, other, flip(first, bit)];
        for (const address of asked) {
          const seen = contains(`${first}/${prefix}`, address);
          const isIn = family(first) === family(address) && list.check(address, family(address));
          // For Node an IPv4 address is in some IPv6 ranges, and what is written as an IPv6 one is in ranges of both.
          const isMapped = [first, address].some(
            (text) => isIPv6(text) && read(text)!.startsWith(`${"0".repeat(20)}ffff`),
          );
          if (!isMapped)
            expect({ address, in: `${first}/${prefix}`, isIn: seen }).toEqual({
              address,
              in: `${first}/${prefix}`,
              isIn,
            });
        }
      }),
      { numRuns: 1000 },
    );
  });

  test.for<[string, string, boolean | "no address"]>([
    ["10.0.0.0/8", "10.255.0.1:1234", true],
    ["10.0.0.0/8", "11.0.0.0:1234", false],
    ["10.1.2.3/8", "10.0.0.0", true],
    ["10.0.0.1", "10.0.0.1:1", true],
    ["10.0.0.1", "10.0.0.2:1", false],
    ["0.0.0.0/0", "255.1.1.1", true],
    ["0.0.0.0/0", "[2001:db8::1]:1", false],
    ["::/0", "[2001:db8::1]:1", true],
    ["::/0", "1.2.3.4:1", false],
    ["::/0", "[::ffff:1.2.3.4]:1", false],
    ["10.0.0.0/8", "[::ffff:10.1.2.3]:1", true],
    ["::ffff:10.0.0.0/104", "10.1.2.3", true],
    ["::ffff:10.0.0.0/104", "11.1.2.3", false],
    ["2001:db8::/32", "[2001:db8:ffff::1]:443", true],
    ["2001:db8::/32", "[2001:db9::1]:443", false],
    ["2001:db8::1", "2001:db8:0:0:0:0:0:1", true],
    ["fe80::/10", "[fe80::1%eth0]:80", true],
    ["2001:db8::/65", "2001:db8::8000:0:0:0", false],
    ["2001:db8::/64", "2001:db8::8000:0:0:0", true],
    ["10.0.0.0/8", "/var/run/pipe", "no address"],
  ])("%s and %s", ([range, address, isIn]) => {
    expect(contains(range, address)).toBe(isIn);
  });

  test.for([
    "",
    "/",
    "/8",
    "10.0.0.0/",
    "10.0.0.0/33",
    "10.0.0.0/08",
    "10.0.0.0/-1",
    "10.0.0.0/8/8",
    "10.0/8",
    "::/129",
    "::/1000",
    "10.0.0.0/a",
    "10.0.0.0:80/8",
    "[::]/0",
    "fe80::1%eth0/64",
    "example.com",
    " 10.0.0.0/8",
    "10.0.0.0/8 ",
  ])("%j is none", (text) => {
    expect(guest.call("setRange", text)).toBe(0);
  });

  test("says whether its address has bits behind the prefix", () => {
    const has = (range: string) => guest.call("setRange", range) === 1 && guest.call("hasHostBits") === 1;
    expect(["10.0.0.0/8", "10.0.0.1", "::/0", "2001:db8::/32", "::1", "0.0.0.0/0"].filter(has)).toEqual([]);
    const with1 = ["10.0.0.1/8", "0.0.0.1/0", "2001:db8::1/32", "::1/0", "::ffff:1.2.3.4/96", "8000::/0"];
    expect(with1.filter(has)).toEqual(with1);
  });
});

test("no bytes make it trap", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      expect(guest.isSteady("read", bytes)).toBe(true);
      guest.call("setRange", bytes);
    }),
    { numRuns: 1000 },
  );
});

/** An address with one bit changed. */
function flip(text: string, bit: number): string {
  const bytes = Buffer.from(read(text)!, "hex");
  const at = isIPv4(text) ? 96 + (bit % 32) : bit;
  bytes[at >> 3]! ^= 0x80 >> (at & 7);
  if (isIPv4(text)) return [...bytes.subarray(12)].join(".");
  return bytes.toString("hex").replace(/(.{4})(?!$)/g, "$1:");
}
