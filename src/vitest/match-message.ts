import { messageIn, responseIn } from "./subject.ts";
import { verdict, type Verdict } from "./verdict.ts";
import { fits, list, show, type Wanted } from "./wanted.ts";

export const messageMatchers = {
  toHaveHeader(subject: unknown, name: string, value?: Wanted | readonly Wanted[]): Verdict {
    return allLines("header", messageIn(subject).headers, name, value);
  },
  toHaveTrailer(subject: unknown, name: string, value?: Wanted | readonly Wanted[]): Verdict {
    return allLines("trailer", messageIn(subject).trailers, name, value);
  },
  toHaveHeaderLine(subject: unknown, name: string, value: Wanted): Verdict {
    return oneLine("header", messageIn(subject).headers, name, value);
  },
  toHaveTrailerLine(subject: unknown, name: string, value: Wanted): Verdict {
    return oneLine("trailer", messageIn(subject).trailers, name, value);
  },
  toHaveStatus(subject: unknown, status: number): Verdict {
    const found = responseIn(subject).status;
    return verdict(found === status, {
      expected: `the status ${status}`,
      notExpected: `the status not to be ${status}`,
      found: String(found),
      diff: [found, status],
    });
  },
  toHaveBody(subject: unknown, body: Wanted): Verdict {
    const found = messageIn(subject).body;
    return verdict(fits(found, body), {
      expected: `the body ${show(body)}`,
      notExpected: `the body not to be ${show(body)}`,
      found: show(found),
      diff: [found, body],
    });
  },
};

type Lines = readonly (readonly [name: string, value: string])[];

const valuesOf = (lines: Lines, name: string): string[] =>
  lines.filter(([other]) => other === name.toLowerCase()).map(([, value]) => value);

/** What there is of the name; where there is nothing, what there is of others. */
function foundOf(seen: readonly string[], lines: Lines): string {
  if (seen.length > 0) return seen.map(show).join(", ");
  return `none; there are ${list(lines.map((line) => line.join(": ")))}`;
}

function allLines(what: string, lines: Lines, name: string, value: Wanted | readonly Wanted[] | undefined): Verdict {
  const seen = valuesOf(lines, name);
  const found = foundOf(seen, lines);
  if (value === undefined) {
    return verdict(seen.length > 0, {
      expected: `the ${what} ${name.toLowerCase()}`,
      notExpected: `no ${what} ${name.toLowerCase()}`,
      found,
    });
  }
  const wanted = [value].flat();
  const values = wanted.map(show).join(", ");
  return verdict(seen.length === wanted.length && seen.every((text, i) => fits(text, wanted[i]!)), {
    expected: `the ${what} ${name.toLowerCase()} to be ${values}`,
    notExpected: `the ${what} ${name.toLowerCase()} not to be ${values}`,
    found,
    ...(seen.length > 0 && { diff: [seen, wanted] as const }),
  });
}

function oneLine(what: string, lines: Lines, name: string, value: Wanted): Verdict {
  const seen = valuesOf(lines, name);
  return verdict(
    seen.some((text) => fits(text, value)),
    {
      expected: `a line of the ${what} ${name.toLowerCase()} that is ${show(value)}`,
      notExpected: `no line of the ${what} ${name.toLowerCase()} that is ${show(value)}`,
      found: foundOf(seen, lines),
    },
  );
}
