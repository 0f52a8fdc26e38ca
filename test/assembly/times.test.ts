import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { type BytesGuest, bytesGuest } from "../bytes-guest.ts";

let guest: BytesGuest;
beforeAll(async () => {
  guest = await bytesGuest("times");
});

const isFormat = (format: string) => guest.call("setFormat", format) === 1;
const format = (text: string, nanoseconds: bigint) => {
  expect({ text, isFormat: isFormat(text) }).toEqual({ text, isFormat: true });
  return guest.write("write", nanoseconds).bytes.toString();
};

/** All that 64 bits have: 1677 to 2262. */
const moment = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.bigInt({ min: 0n, max: 4_000_000_000n }).map((seconds) => seconds * 1_000_000_000n),
);
const SECOND = 1_000_000_000n;
const floor = (nanoseconds: bigint, unit: bigint) => (nanoseconds - (((nanoseconds % unit) + unit) % unit)) / unit;
const dateOf = (nanoseconds: bigint) => new Date(Number(floor(nanoseconds, 1_000_000n)));
const pad = (number: number, width = 2) => String(number).padStart(width, "0");

describe("a format", () => {
  const intl = (options: Intl.DateTimeFormatOptions) => {
    const formatter = new Intl.DateTimeFormat("en-US", { timeZone: "UTC", ...options });
    return (date: Date) => formatter.format(date);
  };
  const yearday = (date: Date) =>
    (Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()) - Date.UTC(date.getUTCFullYear(), 0, 1)) /
    864e5;
  /** Days of this year up to this one that are the first of a week. */
  const weeksBegun = (date: Date, first: number) => {
    let count = 0;
    for (let day = 0; day <= yearday(date); day++) {
      if (new Date(Date.UTC(date.getUTCFullYear(), 0, 1 + day)).getUTCDay() === first) count++;
    }
    return count;
  };
  /** The Thursday of the same week, which decides the ISO year. */
  const thursday = (date: Date) => new Date(date.getTime() + (4 - (date.getUTCDay() || 7)) * 864e5);
  const hour12 = (date: Date) => date.getUTCHours() % 12 || 12;

  const oracles: Record<string, (date: Date) => string | number> = {
    Y: (date) => date.getUTCFullYear(),
    C: (date) => pad(Math.floor(date.getUTCFullYear() / 100)),
    y: (date) => pad(date.getUTCFullYear() % 100),
    G: (date) => thursday(date).getUTCFullYear(),
    g: (date) => pad(thursday(date).getUTCFullYear() % 100),
    m: (date) => pad(date.getUTCMonth() + 1),
    b: intl({ month: "short" }),
    h: intl({ month: "short" }),
    B: intl({ month: "long" }),
    d: (date) => pad(date.getUTCDate()),
    e: (date) => String(date.getUTCDate()).padStart(2, " "),
    j: (date) => pad(yearday(date) + 1, 3),
    a: intl({ weekday: "short" }),
    A: intl({ weekday: "long" }),
    u: (date) => date.getUTCDay() || 7,
    w: (date) => date.getUTCDay(),
    U: (date) => pad(weeksBegun(date, 0)),
    W: (date) => pad(weeksBegun(date, 1)),
    V: (date) => pad(Math.floor(yearday(thursday(date)) / 7) + 1),
    H: (date) => pad(date.getUTCHours()),
    k: (date) => String(date.getUTCHours()).padStart(2, " "),
    I: (date) => pad(hour12(date)),
    l: (date) => String(hour12(date)).padStart(2, " "),
    M: (date) => pad(date.getUTCMinutes()),
    S: (date) => pad(date.getUTCSeconds()),
    p: (date) => (date.getUTCHours() < 12 ? "AM" : "PM"),
    P: (date) => (date.getUTCHours() < 12 ? "am" : "pm"),
    F: (date) => date.toISOString().slice(0, 10),
    T: (date) => date.toISOString().slice(11, 19),
    X: (date) => date.toISOString().slice(11, 19),
    R: (date) => date.toISOString().slice(11, 16),
    E3S: (date) => date.toISOString().slice(17, 23),
    E3f: (date) => date.toISOString().slice(20, 23),
    "3f": (date) => date.toISOString().slice(20, 23),
    E4Y: (date) => date.getUTCFullYear(),
    E0S: (date) => pad(date.getUTCSeconds()),
    z: () => "+0000",
    ":z": () => "+00:00",
    "::z": () => "+00:00:00",
    ":::z": () => "+00",
    Ez: () => "+00:00",
    "E*z": () => "+00:00:00",
    Z: () => "UTC",
    ET: () => "T",
    t: () => "\t",
    "%": () => "%",
  };

  test("says of any moment what Node says of it", () => {
    const names = Object.keys(oracles);
    const text = names.map((name) => `%${name}`).join("|");
    fc.assert(
      fc.property(moment, (nanoseconds) => {
        const parts = format(text, nanoseconds).split("|");
        expect(Object.fromEntries(names.map((name, i) => [name, parts[i]]))).toEqual(
          Object.fromEntries(names.map((name) => [name, String(oracles[name]!(dateOf(nanoseconds)))])),
        );
      }),
      { numRuns: 1000 },
    );
  });

  test("has the year's last and first days right, with their weeks, in every kind of year", () => {
    for (let year = 1880; year < 2120; year++) {
      for (const [month, day] of [
        [11, 29],
        [11, 31],
        [0, 1],
        [0, 4],
        [1, 28],
        [1, 29],
        [2, 1],
      ] as const) {
        const date = new Date(Date.UTC(year, month, day, 23, 59, 59));
        const names = ["Y", "m", "d", "j", "a", "G", "V", "U", "W"];
        const expected = names.map((name) => String(oracles[name]!(date))).join(" ");
        expect(format(names.map((name) => `%${name}`).join(" "), BigInt(date.getTime()) * 1_000_000n)).toBe(expected);
      }
    }
  });

  test("counts seconds and their fractions", () => {
    const nanoseconds = 1_795_275_862_130_800_007n;
    const cases: Record<string, string> = {
      "%s": "1795275862",
      "%s.%3f": "1795275862.130",
      "%f": "130800007",
      "%1f %2f %4f %6f %9f": "1 13 1308 130800 130800007",
      "%E1S %E9S %E*S": "22.1 22.130800007 22.130800007",
      "%E1f %E9f %E*f": "1 130800007 130800007",
      "%D %r": "11/21/26 03:44:22 PM",
      "%c": "Sat Nov 21 15:44:22 2026",
      "%x": "11/21/26",
      "%Y-%m-%dT%H:%M:%E3SZ": "2026-11-21T15:44:22.130Z",
      "100%%, é": "100%, é",
      "": "",
      "%%Y": "%Y",
      // Envoy finds these two conversions before it pairs percent signs.
      "%%f|%%3f|%%s|%%%f": "%130800007|%130|%1795275862|%130800007",
    };
    for (const [text, expected] of Object.entries(cases)) expect(format(text, nanoseconds)).toBe(expected);
    expect(format("%E*S %E*f", 1_795_275_862n * SECOND)).toBe("22 0");
    expect(format("%E*S %E*f", 1_795_275_862n * SECOND + 1000n)).toBe("22.000001 000001");
    expect(format("%s %f", -1n)).toBe("-1 999999999");
  });

  test.for([
    "%",
    "a%",
    "%q",
    "%E",
    "%ES",
    "%E10S",
    "%EY",
    "%Od",
    "%-d",
    "%_d",
    "%^a",
    "%10Y",
    "%0f",
    "%10f",
    "%E0f",
    "%n",
    "a\nb",
    "a\0b",
    "%N",
    "%:",
    "%::::z",
    "%i",
    "%\u00e9",
  ])("%j is refused", (text) => {
    expect(isFormat(text)).toBe(false);
    expect(guest.write("planTime", text)).toEqual({ result: 0, bytes: Buffer.alloc(0) });
  });

  test("is planned or refused, whatever it is, and never traps", () => {
    const piece = fc.constantFrom(..."%%%%%EfsYzS:*3419Td \n", "é");
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(piece).map((all) => all.join("")),
          fc.uint8Array(),
        ),
        moment,
        (text, nanoseconds) => {
          const results = Array.from({ length: 4 }, () => guest.call("setFormat", text));
          expect(new Set(results).size).toBe(1);
          if (results[0] === 1) guest.write("write", nanoseconds);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

test("RFC 3339 has as many digits of the fraction as it needs, in threes", () => {
  const rfc3339 = (nanoseconds: bigint) => guest.write("writeRfc3339", nanoseconds).bytes.toString();
  const start = 1_795_275_862n * SECOND;
  expect([0n, 130_000_000n, 130_800_000n, 7n, 1000n].map((rest) => rfc3339(start + rest))).toEqual([
    "2026-11-21T15:44:22Z",
    "2026-11-21T15:44:22.130Z",
    "2026-11-21T15:44:22.130800Z",
    "2026-11-21T15:44:22.000000007Z",
    "2026-11-21T15:44:22.000001Z",
  ]);
  fc.assert(
    fc.property(moment, (nanoseconds) => {
      const text = rfc3339(nanoseconds);
      expect(text).toMatch(
        /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.(?!000)\d{3}|\.\d{3}(?!000)\d{3}|\.\d{6}(?!000)\d{3})?Z$/,
      );
      expect(new Date(text)).toEqual(dateOf(nanoseconds));
    }),
  );
});

test("a date in HTTP is what Node writes", () => {
  fc.assert(
    fc.property(moment, (nanoseconds) => {
      const text = guest.write("writeHttpDate", nanoseconds).bytes.toString();
      expect(text).toBe(dateOf(nanoseconds).toUTCString());
    }),
  );
});
