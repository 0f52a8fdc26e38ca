import { beforeAll, expect, test } from "vitest";
import { instantiateGuest } from "../guest-module.ts";

let isName: (text: string) => boolean;
let isValue: (text: string) => boolean;
beforeAll(async () => {
  const guest = (await instantiateGuest("http-fields")) as unknown as {
    memory: WebAssembly.Memory;
    allocate(size: number): number;
    isName(): number;
    isValue(): number;
  };
  const ask = (question: "isName" | "isValue") => (text: string) => {
    const bytes = Buffer.from(text);
    const at = guest.allocate(bytes.length) >>> 0;
    new Uint8Array(guest.memory.buffer).set(bytes, at);
    return guest[question]() !== 0;
  };
  isName = ask("isName");
  isValue = ask("isValue");
});

const characters = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code));

test("the characters of a header name are those of an RFC 9110 token", () => {
  const tokens = characters.filter((c) => /[!#$%&'*+\-.^_`|~0-9A-Za-z]/.test(c));
  expect(characters.filter((c) => isName(`x${c}`))).toEqual(tokens);
  expect(isName("")).toBe(false);
  expect(isName(":path")).toBe(false);
});

test("a header value has no control characters but the tab", () => {
  const allowed = characters.filter((c) => c === "\t" || (c >= " " && c !== "\x7f"));
  expect(characters.filter((c) => isValue(`a${c}b`))).toEqual(allowed);
  expect(isValue("")).toBe(true);
});
