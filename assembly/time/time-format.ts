import { ByteWriter } from "filterwright/assembly/text/byte-writer";
import { CivilTime } from "filterwright/assembly/time/civil";
import { setNumbers, writeConversion } from "filterwright/assembly/time/conversion";
import { planTime } from "filterwright/assembly/time/plan";

/** What Envoy's `%START_TIME%` has where no format is given (AccessLogDateTimeFormatter, source/common/common/utility.cc). */
export const DEFAULT_TIME_FORMAT = "%Y-%m-%dT%H:%M:%E3SZ";

const time = new CivilTime();

/** A format for times in UTC, made ready once: `plan.ts` says what it may have. Writing a time allocates nothing. */
export class TimeFormat {
  private constructor(private readonly plan: ByteWriter) {}

  /** @returns null for a format with a mistake */
  static parse(start: usize, size: i32): TimeFormat | null {
    const plan = new ByteWriter();
    return planTime(plan, start, size) ? new TimeFormat(plan) : null;
  }

  /** A format without mistakes. */
  static of(format: string): TimeFormat {
    const text = new ByteWriter();
    text.text(format);
    return TimeFormat.parse(text.start, text.size)!;
  }

  /** @param nanoseconds since 1970, as `request.time` has them */
  write(to: ByteWriter, nanoseconds: i64): void {
    time.set(nanoseconds);
    setNumbers(time);
    const end = this.plan.end;
    for (let at = this.plan.start; at < end; at++) {
      const byte = load<u8>(at);
      if (byte == 0x25) writeConversion(to, time, load<u8>(++at));
      else to.byte(byte);
    }
  }
}
