import { ByteWriter } from "filterwright/assembly/text/byte-writer";

// A time format as Envoy's `%START_TIME(FORMAT)%` takes it (source/common/common/utility.cc, DateFormatter; absl::FormatTime;
// behind them strftime of glibc in the C locale), always in UTC. It is planned once; its many conversions come down to few,
// each a percent sign and one byte:
//
//     Y G C y g  years      d e j  days       H I k l M S p P  time of day
//     m b B      months     a A u w  weekdays  U W V  weeks    s  seconds since 1970
//     1 to 9  so many digits of the fraction, * as many as it needs, . the same behind a point unless it is 0
//     %  a percent sign
//
// Not taken, though glibc does: flags and widths (`%-d`, `%10Y`), the `E` and `O` of other locales, more than nine digits. What
// Envoy passes on as it stands because nobody knows it, is a mistake here.

/** Those that are in a plan as they are in a format. */
const KEPT = "YGCygdejHIklMSpPmbBaAuwUWVs";

/** The others, behind their percent sign, and what they are in a plan. # is a digit from 1 to 9. */
const PLANNED = `F %Y-%m-%d
T %H:%M:%S
X %H:%M:%S
R %H:%M
r %I:%M:%S %p
D %m/%d/%y
x %m/%d/%y
c %a %b %e %H:%M:%S %Y
h %b
z +0000
:z +00:00
::z +00:00:00
:::z +00
Z UTC
t \t
% %%
f %9
#f %#
ET T
Ez +00:00
E*z +00:00:00
E4Y %Y
E0S %S
E#S %S.%#
E*S %S%.
E#f %#
E*f %*
`;

/** Writes the plan of a format. @returns false, and nothing is written, where it has an unknown conversion or a control character */
export function planTime(to: ByteWriter, start: usize, size: i32): bool {
  const before = to.size;
  const end = start + size;
  let planned = 0;
  for (; start < end; start += planned) {
    planned = planNext(to, start, end);
    if (planned > 0) continue;
    to.truncate(before);
    return false;
  }
  return true;
}

/** @returns the size of what was planned, 0 for a mistake */
function planNext(to: ByteWriter, at: usize, end: usize): i32 {
  const byte = byteAt(at, end);
  if (byte != 0x25) {
    to.byte(<u8>byte);
    return i32(byte >= 0x20 || byte == 0x09);
  }
  const c = byteAt(at + 1, end);
  // Envoy looks for fractions and %s before all else: `%%f` is a percent sign and a fraction.
  if (c == 0x25 && isFraction(at + 2, end)) {
    to.text("%%");
    return 1;
  }
  for (let i = 0; i < KEPT.length; i++) {
    if (KEPT.charCodeAt(i) != c) continue;
    to.byte(0x25);
    to.byte(<u8>c);
    return 2;
  }
  return planOther(to, at + 1, end);
}

function planOther(to: ByteWriter, at: usize, end: usize): i32 {
  for (let i = 0; i < PLANNED.length; i++) {
    let key = at;
    let digit: i32 = 0;
    for (; PLANNED.charCodeAt(i) != 0x20; i++, key++) {
      const byte = byteAt(key, end);
      if (PLANNED.charCodeAt(i) == 0x23 && isDigit(byte)) digit = byte;
      else if (PLANNED.charCodeAt(i) != byte) break;
    }
    const isIt = PLANNED.charCodeAt(i++) == 0x20;
    for (; PLANNED.charCodeAt(i) != 0x0a; i++) {
      const unit = PLANNED.charCodeAt(i);
      if (isIt) to.byte(<u8>(unit == 0x23 ? digit : unit));
    }
    if (isIt) return 1 + <i32>(key - at);
  }
  return 0;
}

/** True for `s`, `f`, and a digit with `f`. */
function isFraction(at: usize, end: usize): bool {
  const c = byteAt(at, end);
  return c == 0x73 || c == 0x66 || (isDigit(c) && byteAt(at + 1, end) == 0x66);
}

/** From 1 to 9. */
function isDigit(c: i32): bool {
  return <u32>(c - 0x31) < 9;
}

/** 0 behind the end. */
function byteAt(at: usize, end: usize): i32 {
  return at < end ? load<u8>(at) : 0;
}
