import { ByteWriter } from "filterwright/assembly/text/byte-writer";
import { TimeFormat } from "filterwright/assembly/time/time-format";

// @ts-ignore: decorator
@lazy const second: TimeFormat = TimeFormat.of("%FT%T");
// @ts-ignore: decorator
@lazy const httpDate: TimeFormat = TimeFormat.of("%a, %d %b %Y %T GMT");

/**
 * A time as RFC 3339 §5.6 writes it, in UTC, with as many digits of the fraction as it needs in threes: none, 3, 6 or 9, as
 * protobuf's JSON has it: `2026-11-21T15:44:22.130Z`.
 *
 * @param nanoseconds since 1970
 */
export function writeRfc3339(to: ByteWriter, nanoseconds: i64): void {
  second.write(to, nanoseconds);
  let fraction = <i32>(((nanoseconds % 1_000_000_000) + 1_000_000_000) % 1_000_000_000);
  if (fraction > 0) {
    let width = 9;
    for (; fraction % 1000 == 0; fraction /= 1000) width -= 3;
    to.byte(0x2e);
    to.decimal(fraction, width);
  }
  to.byte(0x5a);
}

/** A time as HTTP and cookies have it (IMF-fixdate, RFC 9110 §5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`. */
export function writeHttpDate(to: ByteWriter, nanoseconds: i64): void {
  httpDate.write(to, nanoseconds);
}
