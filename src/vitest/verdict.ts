/** What a matcher answers to vitest. */
export interface Verdict {
  pass: boolean;
  message: () => string;
  actual?: unknown;
  expected?: unknown;
}

/** What it says where it fails: `expected EXPECTED, found FOUND`. */
export interface Words {
  expected: string;
  /** Under `.not`. */
  notExpected: string;
  found: string;
  /** What there was and what was wanted, for vitest to show side by side. */
  diff?: readonly [actual: unknown, expected: unknown];
}

/** A matcher's message is asked for where it passes under `.not`, and where it does not pass otherwise. */
export function verdict(pass: boolean, { expected, notExpected, found, diff }: Words): Verdict {
  return {
    pass,
    message: () => `expected ${pass ? notExpected : expected}, found ${found}`,
    ...(diff && !pass && { actual: diff[0], expected: diff[1] }),
  };
}
