import fc from "fast-check";
import { expect, test } from "vitest";
import { trial, tryOut } from "./robust.ts";

test("no configuration and no headers make the filter trap, or send a control character; each refusal has a path", () => {
  const seen = { taken: 0, refused: 0 };
  fc.assert(
    fc.property(trial, (one) => {
      const outcome = tryOut(one);
      expect(typeof outcome === "string" ? "" : outcome.problem).toBe("");
      seen[outcome as keyof typeof seen]++;
    }),
    { numRuns: 3000, seed: Number(process.env["SEED"] ?? 7) },
  );
  expect(seen.taken).toBeGreaterThan(300);
  expect(seen.refused).toBeGreaterThan(1000);
});
