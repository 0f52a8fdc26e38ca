import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { type Argument, type BytesGuest, bytesGuest } from "../bytes-guest.ts";

let guest: BytesGuest;
beforeAll(async () => {
  guest = await bytesGuest("field-lists");
});

const list = (name: string, ...args: Argument[]) =>
  guest
    .write(name, ...args)
    .bytes.toString("latin1")
    .split("\0")
    .slice(0, -1);
/** Parts as name, value (with its `=`) and span. */
const parts = (name: string, line: string) => {
  const texts = list(name, line);
  return Array.from({ length: texts.length / 3 }, (_, i) => texts.slice(3 * i, 3 * i + 3));
};
const edit = (name: string, ...args: Argument[]) => guest.write(name, ...args).bytes.toString("latin1");

describe("cookies", () => {
  test.for<[string, string[][]]>([
    [
      "a=1; b=2",
      [
        ["a", "=1", "a=1"],
        ["b", "=2", " b=2"],
      ],
    ],
    [
      "a=1;b=2;",
      [
        ["a", "=1", "a=1"],
        ["b", "=2", "b=2"],
      ],
    ],
    [
      "sid = x y ; junk; ;a==1",
      [
        ["sid", "=x y", "sid = x y "],
        ["a", "==1", "a==1"],
      ],
    ],
    [
      'a="1"; b="; c=""; d="x',
      [
        ["a", "=1", 'a="1"'],
        ["b", '="', ' b="'],
        ["c", "=", ' c=""'],
        ["d", '="x', ' d="x'],
      ],
    ],
    [
      "a=; =b",
      [
        ["a", "=", "a="],
        ["", "=b", " =b"],
      ],
    ],
    ["", []],
    [";", []],
    ["=", [["", "=", "="]]],
  ])("of %j", ([line, expected]) => {
    expect(parts("listCookies", line)).toEqual(expected);
  });

  test.for([
    ["a=1; b=2; c=3", "a", "b=2; c=3"],
    ["a=1; b=2; c=3", "b", "a=1; c=3"],
    ["a=1; b=2; c=3", "c", "a=1; b=2"],
    ["a=1", "a", ""],
    ["a=1;a=2; a=3", "a", ""],
    ["a=1; b=2; a=3; c", "a", "b=2; c"],
    ["b=2;a=1;a=2;c=3", "a", "b=2;c=3"],
    ["a=1; x; b=2", "a", "x; b=2"],
    ['b = "2" ;  a=1 ;c', "a", 'b = "2" ;c'],
  ])("%j without %s is %j", ([line, name, expected]) => {
    expect(guest.write("removeCookie", line!, name!)).toEqual({ result: 1, bytes: Buffer.from(expected!) });
  });

  test("a line without the cookie stays as it is, names have a case", () => {
    for (const line of ["", "A=1; b", "a; b=a=1", ";;"]) {
      expect(guest.write("removeCookie", line, "a")).toEqual({ result: 0, bytes: Buffer.from(line) });
    }
  });

  test.for([
    ["a=1; b=2", "a", "a=9; b=2"],
    ["b=2; a = 1 ; c=3", "a", "b=2; a=9 ; c=3"],
    ["b=2", "a", "b=2; a=9"],
    ["", "a", "a=9"],
    ['a="1"', "a", "a=9"],
    ["a=1;a=2; b=2; a=3", "a", "a=9; b=2"],
    ["a=1;a=2;b=2", "a", "a=9;b=2"],
  ])("%j with another %s is %j", ([line, name, expected]) => {
    expect(edit("putCookie", line!, name!, `${name}=9`)).toBe(expected);
  });
});

describe("a set-cookie line", () => {
  test("has a cookie and attributes", () => {
    expect(parts("listSetCookie", 'sid="a=b"; Path=/;HttpOnly ; max-age = 5;;')).toEqual([
      ["sid", '="a=b"', 'sid="a=b"'],
      ["Path", "=/", " Path=/"],
      ["HttpOnly", "", "HttpOnly "],
      ["max-age", "=5", " max-age = 5"],
    ]);
  });

  test.for(["", "junk", "junk; a=b", "=1", ";a=1", " ; a=1"])("%j sets no cookie", (line) => {
    expect(guest.write("listSetCookie", line)).toEqual({ result: 0, bytes: Buffer.alloc(0) });
  });

  test.for([
    ["sid=1; Path=/; Secure", "path", "Path=/x", "sid=1; Path=/x; Secure"],
    ["sid=1; Secure", "samesite", "SameSite=Lax", "sid=1; Secure; SameSite=Lax"],
    ["sid=1", "secure", "Secure", "sid=1; Secure"],
    ["sid=1;SECURE;path=/a; secure=x", "secure", "Secure", "sid=1;Secure;path=/a"],
    ["path=1; Path=/", "path", "Path=/x", "path=1; Path=/x"],
  ])("%j with another %s", ([line, name, attribute, expected]) => {
    expect(edit("putAttribute", line!, name!, attribute!)).toBe(expected);
  });

  test.for([
    ["sid=1; Path=/; Secure", "secure", "sid=1; Path=/"],
    ["sid=1; Domain=a;Secure", "DOMAIN", "sid=1;Secure"],
    ["secure=1; Secure; secure", "secure", "secure=1"],
  ])("%j without %s", ([line, name, expected]) => {
    expect(guest.write("removeAttribute", line!, name!)).toEqual({ result: 1, bytes: Buffer.from(expected!) });
  });

  test("takes another value, and keeps the rest", () => {
    expect(edit("putValue", "sid = 1 ; Path=/", "2")).toBe("sid = 2 ; Path=/");
    expect(edit("putValue", 'sid="1"', "2")).toBe("sid=2");
    expect(edit("putValue", "sid=; Secure", "2")).toBe("sid=2; Secure");
  });
});

describe("a query", () => {
  test.for<[string, number, string[][]]>([
    [
      "/p?a=1&b=2",
      2,
      [
        ["a", "=1", "a=1"],
        ["b", "=2", "b=2"],
      ],
    ],
    ["/p", 2, []],
    ["/p?", 2, []],
    ["", 0, []],
    ["?a", 0, [["a", "", "a"]]],
    [
      "/p?&a=%41+b&&c==&?=x?y",
      2,
      [
        ["a", "=%41+b", "a=%41+b"],
        ["c", "==", "c=="],
        ["?", "=x?y", "?=x?y"],
      ],
    ],
  ])("of %j", ([path, pathSize, expected]) => {
    expect(guest.write("listQuery", path).result).toBe(pathSize);
    expect(parts("listQuery", path)).toEqual(expected);
  });

  test("has the parameters that URLSearchParams has", () => {
    const query = fc.string({ unit: fc.constantFrom(..."ab=&&+%41?"), maxLength: 20 });
    fc.assert(
      fc.property(query, (text) => {
        const decode = (encoded: string) => [...new URLSearchParams(`x=${encoded}`)][0]![1];
        const seen = parts("listQuery", `/?${text}`).map(([name, value]) => [decode(name!), decode(value!.slice(1))]);
        // URLSearchParams would leave out a question mark in front.
        expect(seen).toEqual([...new URLSearchParams(`?${text}`)]);
      }),
      { numRuns: 1000 },
    );
  });

  test.for([
    ["/p?a=1&b=2&a=3", "a", "/p?b=2"],
    ["/p?a=1&b=2&c", "b", "/p?a=1&c"],
    ["/p?x&a", "a", "/p?x"],
    ["/p?a", "a", "/p"],
    ["/p?%61=1&&b=%zz", "a", "/p?&b=%zz"],
    ["/p?a+b=1&c", "a b", "/p?c"],
    ["?a=1", "a", ""],
    ["/p?&a&", "a", "/p?&"],
  ])("%j without %s is %j", ([path, name, expected]) => {
    expect(guest.write("removeParameter", path!, name!)).toEqual({ result: 1, bytes: Buffer.from(expected!) });
  });

  test("a path without the parameter stays as it is", () => {
    for (const path of ["", "/", "/p?", "/p?b=a&aa=1&A", "/a?&&"]) {
      expect(guest.write("removeParameter", path, "a")).toEqual({ result: 0, bytes: Buffer.from(path) });
    }
  });

  test.for([
    ["/p", "/p?a+b=%26"],
    ["/p?", "/p?a+b=%26"],
    ["/p?x=1", "/p?x=1&a+b=%26"],
    ["/p?x=1&", "/p?x=1&a+b=%26"],
    ["", "?a+b=%26"],
  ])("%j gets a parameter: %j", ([path, expected]) => {
    expect(edit("addParameter", path!, "a b", "&")).toBe(expected);
  });
});

describe("whatever a line is", () => {
  const line = fc.string({ unit: fc.constantFrom(...'ab=;;&&? \t"%61'), maxLength: 24 });
  const segments = (text: string, separator: string) => text.split(separator).map((part) => part.trim());

  test("removing leaves the other parts, in order", () => {
    const isCookie = (part: string) => /^a[ \t]*=/.test(part);
    const isAttribute = (part: string) => /^a[ \t]*(=|$)/i.test(part);
    fc.assert(
      fc.property(line, (text) => {
        const rest = segments(edit("removeCookie", text, "a"), ";").filter((part) => part !== "");
        expect(rest).toEqual(segments(text, ";").filter((part) => part !== "" && !isCookie(part)));
        const attributes = segments(edit("removeAttribute", `s=1;${text}`, "a"), ";").filter((part) => part !== "");
        expect(attributes).toEqual(segments(`s=1;${text}`, ";").filter((part) => part !== "" && !isAttribute(part)));
        const query = text.replaceAll(/[?\s]/g, "");
        const name = (part: string) => [...new URLSearchParams(`x=${part.split("=")[0]}`)][0]![1];
        const kept = query.split("&").filter((part) => part === "" || name(part) !== "a");
        const expected = kept.join("&");
        const isEmptied = expected === "" && query !== "";
        expect(edit("removeParameter", `/p?${query}`, "a")).toBe(isEmptied ? "/p" : `/p?${expected}`);
      }),
      { numRuns: 1000 },
    );
  });

  test("no bytes make anything trap, and each reads its own bytes only", () => {
    const names = ["listCookies", "listSetCookie", "listQuery"];
    const edits = [
      "removeCookie",
      "putCookie",
      "removeAttribute",
      "putAttribute",
      "removeParameter",
      "addParameter",
      "putValue",
    ];
    fc.assert(
      fc.property(fc.oneof(line, fc.uint8Array({ maxLength: 60 })), line, (text, other) => {
        for (const name of [...names, ...edits]) {
          const args = [
            text,
            ...(names.includes(name) ? [] : name.startsWith("remove") || name === "putValue" ? [other] : ["a", other]),
          ];
          expect({ name, isSteady: guest.isSteady(name, ...args) }).toEqual({ name, isSteady: true });
        }
      }),
      { numRuns: 300 },
    );
  });
});
