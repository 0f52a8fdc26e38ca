import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { RegexGuest, type Spans } from "./regex-guest.ts";
import { Oracle, withoutStrays } from "./regex-oracle.ts";
import { edit, edits, patterns, strayTexts, texts } from "./regex-patterns.ts";

let regex: RegexGuest;
beforeAll(async () => {
  regex = await RegexGuest.load();
});

describe("any pattern", () => {
  const seed = 20_240_611;

  test("finds the same groups in the same places", () => {
    let matched = 0;
    fc.assert(
      fc.property(
        patterns(false),
        fc.array(texts, { minLength: 1, maxLength: 4 }),
        fc.nat(),
        (pattern, all, offset) => {
          const oracle = Oracle.parse(pattern);
          const error = regex.parse(pattern);
          expect({ pattern, isGood: error === "" }).toEqual({ pattern, isGood: oracle !== null });
          if (oracle === null) return;
          for (const text of all) {
            const from = characterStart(text, offset % (text.length + 1));
            const seen = [regex.search(text), regex.search(text, from), regex.matches(text)];
            expect(seen).toEqual([oracle.search(text), oracle.search(text, from), oracle.matches(text)]);
            if (seen[0]) matched++;
          }
        },
      ),
      { seed, numRuns: 6000 },
    );
    expect(matched).toBeGreaterThan(6000);
  });

  test("takes a byte that is not UTF-8 for something that nothing matches", () => {
    let matched = 0;
    fc.assert(
      fc.property(patterns(true), fc.array(strayTexts, { minLength: 1, maxLength: 4 }), (pattern, all) => {
        const oracle = Oracle.parse(pattern);
        expect(regex.parse(pattern) === "").toBe(oracle !== null);
        for (const bytes of oracle === null ? [] : all) {
          const { text, offsets } = withoutStrays(bytes);
          const original = (spans: Spans) =>
            spans && spans.map((span) => span.map((at) => (at < 0 ? at : offsets[at])));
          const seen = [regex.search(bytes), regex.matches(bytes)];
          expect(seen).toEqual([original(oracle!.search(text)), original(oracle!.matches(text))]);
          if (seen[0]) matched++;
        }
      }),
      { seed, numRuns: 5000 },
    );
    expect(matched).toBeGreaterThan(5000);
  });

  test("is refused exactly where re2js refuses it, whatever was done to it", () => {
    fc.assert(
      fc.property(patterns(false), edits, texts, (original, changes, text) => {
        const pattern = edit(original, changes);
        const error = regex.parse(pattern);
        fc.pre(!/no Unicode class|at most (4096|63|250)/.test(error) && !pattern.includes("[:]"));
        const oracle = Oracle.parse(pattern);
        expect({ pattern, isGood: error === "" }).toEqual({ pattern, isGood: oracle !== null });
        if (oracle === null) return;
        expect([regex.search(text), regex.matches(text)]).toEqual([oracle.search(text), oracle.matches(text)]);
      }),
      { seed, numRuns: 8000 },
    );
  });
});

function characterStart(text: Uint8Array, at: number): number {
  while (at < text.length && (text[at]! & 0xc0) === 0x80) at++;
  return at;
}
