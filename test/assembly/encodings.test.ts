import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { type BytesGuest, bytesGuest } from "../bytes-guest.ts";

let guest: BytesGuest;
beforeAll(async () => {
  guest = await bytesGuest("encodings");
});

const encode = (name: string, bytes: Uint8Array | string) => guest.write(name, bytes).bytes.toString("latin1");
/** What is decoded; null where it is refused, and then nothing may be written. */
const decode = (name: string, text: Uint8Array | string) => {
  const { result, bytes } = guest.write(name, text);
  if (result === 0) expect(bytes).toEqual(Buffer.alloc(0));
  return result === 0 ? null : bytes;
};
const anyBytes = fc.uint8Array({ maxLength: 200 });
const runs = { numRuns: 500 };

describe("base 64", () => {
  test("the examples of RFC 4648 §10", () => {
    const examples = {
      "": "",
      f: "Zg==",
      fo: "Zm8=",
      foo: "Zm9v",
      foob: "Zm9vYg==",
      fooba: "Zm9vYmE=",
      foobar: "Zm9vYmFy",
    };
    for (const [bytes, text] of Object.entries(examples)) {
      expect(encode("encodeBase64", bytes)).toBe(text);
      expect(decode("decodeBase64", text)?.toString()).toBe(bytes);
    }
  });

  test("any bytes are encoded as Node does it, and decoded again", () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        const standard = encode("encodeBase64", bytes);
        const url = encode("encodeBase64Url", bytes);
        expect([standard, url]).toEqual([
          Buffer.from(bytes).toString("base64"),
          Buffer.from(bytes).toString("base64url"),
        ]);
        expect(decode("decodeBase64", standard)).toEqual(Buffer.from(bytes));
        expect(decode("decodeBase64Url", url)).toEqual(Buffer.from(bytes));
      }),
      runs,
    );
  });

  test("a text is taken only where encoding gives it back", () => {
    const text = fc.string({ unit: fc.constantFrom(..."AQgwZz09+/-_=\n é"), maxLength: 12 });
    fc.assert(
      fc.property(fc.oneof(text, fc.base64String()), (candidate) => {
        for (const kind of ["base64", "base64url"] as const) {
          const bytes = Buffer.from(candidate, kind);
          const isCanonical = bytes.toString(kind) === candidate;
          const decoded = decode(kind === "base64" ? "decodeBase64" : "decodeBase64Url", candidate);
          expect(decoded).toEqual(isCanonical ? bytes : null);
        }
      }),
      { numRuns: 3000 },
    );
  });

  test.for(["Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "====", "A===", "=", "Zg==Zg==", " Zg==", "Zm-v", "Zm\u00009v"])(
    "%j is refused",
    (text) => {
      expect(decode("decodeBase64", text)).toBeNull();
    },
  );
});

describe("percent-encoding", () => {
  test("all but RFC 3986's unreserved bytes are escaped, in upper case", () => {
    const every = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const expected = [...every]
      .map((byte) => {
        const character = String.fromCharCode(byte);
        return /[A-Za-z0-9\-._~]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
      })
      .join("");
    expect(encode("percentEncode", every)).toBe(expected);
  });

  test("any bytes come back", () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        expect(decode("percentDecode", encode("percentEncode", bytes))).toEqual(Buffer.from(bytes));
      }),
      runs,
    );
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(decode("percentDecode", encodeURIComponent(text))?.toString()).toBe(text);
      }),
    );
  });

  test("digits of either case are taken, a plus sign is none of its business, half an escape is refused", () => {
    expect(decode("percentDecode", "%2f%2F+a%00")).toEqual(Buffer.from("//+a\0"));
    for (const text of ["%", "a%4", "%4", "%g0", "%0g", "%%41", "%-1"])
      expect(decode("percentDecode", text)).toBeNull();
  });
});

describe("forms", () => {
  test("texts are encoded as URLSearchParams does it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(`x=${encode("formEncode", text)}`).toBe(new URLSearchParams({ x: text }).toString());
      }),
      runs,
    );
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        expect(guest.write("formDecode", encode("formEncode", bytes)).bytes).toEqual(Buffer.from(bytes));
      }),
    );
  });

  const encoded = fc.string({ unit: fc.constantFrom(..."%%41fzZ+ ~*\n"), maxLength: 12 });

  test("texts are decoded as URLSearchParams does it, half an escape stays", () => {
    fc.assert(
      fc.property(encoded, (text) => {
        const { bytes } = guest.write("formDecode", text);
        expect(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes)).toBe(
          [...new URLSearchParams(`x=${text}`)][0]![1],
        );
      }),
      { numRuns: 1000 },
    );
  });

  test("an encoded text is compared as if it were decoded", () => {
    fc.assert(
      fc.property(encoded, encoded, (one, other) => {
        const decoded = guest.write("formDecode", one).bytes;
        expect(guest.call("formEquals", one, decoded)).toBe(1);
        expect(guest.call("formEquals", one, other)).toBe(Number(decoded.equals(Buffer.from(other))));
      }),
      { numRuns: 1000 },
    );
    expect(guest.call("formEquals", "a+%62", "a b")).toBe(1);
    expect(guest.call("formEquals", "ab", "a")).toBe(0);
    expect(guest.call("formEquals", "a", "ab")).toBe(0);
  });
});

test("hexadecimal digits are in lower case", () => {
  fc.assert(
    fc.property(anyBytes, (bytes) => {
      expect(encode("encodeHex", bytes)).toBe(Buffer.from(bytes).toString("hex"));
    }),
  );
});

test("no bytes make a decoder trap, and each reads its own bytes only", () => {
  fc.assert(
    fc.property(anyBytes, (bytes) => {
      for (const name of ["decodeBase64", "decodeBase64Url", "percentDecode", "formDecode"]) {
        expect(guest.isSteady(name, bytes)).toBe(true);
      }
    }),
    runs,
  );
});
