const NANOSECONDS: i64 = 1_000_000_000;
const SECONDS_OF_DAY: i64 = 86_400;

/**
 * A moment in UTC, taken apart by `set`, again and again. Leap seconds do not exist, as in Unix time.
 */
export class CivilTime {
  /** Since 1970. */
  seconds: i64 = 0;
  /** Of the second. */
  nanosecond: u32 = 0;
  year: i32 = 0;
  /** 1 to 12. */
  month: i32 = 0;
  /** 1 to 31. */
  day: i32 = 0;
  hour: i32 = 0;
  minute: i32 = 0;
  second: i32 = 0;
  /** 0 for Sunday. */
  weekday: i32 = 0;
  /** 0 for the first of January. */
  yearday: i32 = 0;

  /** 0 for Monday. */
  get daysSinceMonday(): i32 {
    return (this.weekday + 6) % 7;
  }

  /** Of ISO 8601: 1 to 53. A week belongs to the year of its Thursday. */
  get week(): i32 {
    const thursday = this.thursday;
    if (thursday < 0) return (thursday + daysOf(this.year - 1)) / 7 + 1;
    return thursday < daysOf(this.year) ? thursday / 7 + 1 : 1;
  }

  /** The year that the ISO week belongs to. */
  get weekYear(): i32 {
    const thursday = this.thursday;
    return this.year + i32(thursday >= daysOf(this.year)) - i32(thursday < 0);
  }

  /** The day of this year on which this week's Thursday falls: negative in the year before. */
  private get thursday(): i32 {
    return this.yearday - this.daysSinceMonday + 3;
  }

  /** @param nanoseconds since 1970, negative before: 1677 to 2262 */
  set(nanoseconds: i64): void {
    this.seconds = floorDivide(nanoseconds, NANOSECONDS);
    this.nanosecond = <u32>(nanoseconds - this.seconds * NANOSECONDS);
    const days = <i32>floorDivide(this.seconds, SECONDS_OF_DAY);
    const second = <i32>(this.seconds - <i64>days * SECONDS_OF_DAY);
    this.hour = second / 3600;
    this.minute = (second / 60) % 60;
    this.second = second % 60;
    this.setDate(days + 719_468);
  }

  /**
   * Howard Hinnant's civil_from_days (howardhinnant.github.io/date_algorithms.html): the leap day is the last of a year that
   * begins in March, and 400 years have always the same number of days.
   *
   * @param days since the first of March of the year 0
   */
  private setDate(days: i32): void {
    this.weekday = (days + 3) % 7;
    const era = days / 146_097;
    const dayOfEra = days % 146_097;
    const yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
    const dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    const month = (5 * dayOfYear + 2) / 153;
    const isNextYear = month >= 10;
    this.day = dayOfYear - (153 * month + 2) / 5 + 1;
    this.month = isNextYear ? month - 9 : month + 3;
    this.year = yearOfEra + era * 400 + i32(isNextYear);
    // January and February end the year that began in March; the others have them, and the leap day, in front.
    this.yearday = isNextYear ? dayOfYear - 306 : dayOfYear + 59 + daysOf(this.year) - 365;
  }
}

function daysOf(year: i32): i32 {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 366 : 365;
}

function floorDivide(a: i64, b: i64): i64 {
  const quotient = a / b;
  return a % b < 0 ? quotient - 1 : quotient;
}
