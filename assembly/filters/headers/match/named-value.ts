import { Description } from "filterwright/assembly/filters/headers/description";
import { Bytes } from "filterwright/assembly/filters/headers/bytes";
import { HeaderName } from "filterwright/assembly/filters/headers/header-name";
import { Condition } from "filterwright/assembly/filters/headers/match/condition";
import { Pass } from "filterwright/assembly/filters/headers/pass";
import { TextMatcher } from "filterwright/assembly/filters/headers/text-matcher";
import { COOKIE, PATH } from "filterwright/assembly/filters/headers/well-known";
import { Cookies } from "filterwright/assembly/http/cookie";
import { Parameters } from "filterwright/assembly/http/parameters";
import { Query } from "filterwright/assembly/http/query";
import { take } from "filterwright/assembly/runtime/arena";
import { ByteWriter } from "filterwright/assembly/text/byte-writer";
import { equalIgnoringCase } from "filterwright/assembly/text/slice";

const cookies = new Cookies();
const query = new Query();
const joined = new ByteWriter();

/** An entry of `headers`, `queryParams` or `cookies`. The values of several of one name are compared joined by commas. */
export abstract class NamedValue extends Condition {
  /** `invert`: it holds where it would not. */
  isInverted: bool = false;
  /** What the value must be. Null: that the name is there is enough (`Present`). */
  matcher: TextMatcher | null = null;
  /** How many values were found, and the only one or all of them joined. */
  private count: i32 = 0;
  private start: usize = 0;
  private size: i32 = 0;

  holds(pass: Pass): bool {
    this.count = 0;
    this.find(pass);
    const matcher = this.matcher;
    if (matcher === null || this.count == 0) return this.count > 0 != this.isInverted;
    if (this.count > 1) this.keepJoined();
    const holds =
      matcher.regex !== null
        ? pass.captured.match(matcher.regex!, this.start, this.size)
        : matcher.matches(this.start, this.size);
    return holds != this.isInverted;
  }

  protected describeValue(to: Description): void {
    const matcher = this.matcher;
    if (matcher !== null) to.matcher("value", matcher);
    to.flag("invert", this.isInverted);
  }

  /** Calls `found` for each value. */
  protected abstract find(pass: Pass): void;

  protected found(start: usize, size: i32): void {
    if (this.count++ == 0) {
      this.start = start;
      this.size = size;
      return;
    }
    if (this.count == 2) {
      joined.clear();
      joined.bytes(this.start, this.size);
    }
    joined.byte(0x2c);
    joined.bytes(start, size);
  }

  /** Where other values do not write: what a regular expression has captured is read later. */
  private keepJoined(): void {
    this.size = joined.size;
    this.start = take(joined.size);
    memory.copy(this.start, joined.start, joined.size);
  }

  protected findIn(parameters: Parameters, name: Bytes): void {
    while (parameters.next()) {
      if (equalIgnoringCase(parameters.nameStart, parameters.nameSize, name.start, <i32>name.size)) {
        this.found(parameters.valueStart, parameters.valueSize);
      }
    }
  }
}

export class HeaderValue extends NamedValue {
  constructor(private readonly name: HeaderName) {
    super();
  }

  protected find(pass: Pass): void {
    const name = this.name;
    const headers = pass.headers;
    for (let isAt = headers.has(name); isAt; isAt = headers.next(name)) {
      this.found(headers.valueStart, headers.valueSize);
    }
  }

  describe(to: Description): void {
    to.text("condition", "header");
    to.text("name", this.name.text);
    this.describeValue(to);
  }
}

export class QueryValue extends NamedValue {
  constructor(private readonly name: Bytes) {
    super();
  }

  protected find(pass: Pass): void {
    const headers = pass.headers;
    if (!headers.has(PATH)) return;
    query.begin(headers.valueStart, headers.valueSize);
    this.findIn(query, this.name);
  }

  describe(to: Description): void {
    to.text("condition", "queryParam");
    to.text("name", this.name.toString());
    this.describeValue(to);
  }
}

export class CookieValue extends NamedValue {
  constructor(private readonly name: Bytes) {
    super();
  }

  protected find(pass: Pass): void {
    const headers = pass.headers;
    for (let isAt = headers.has(COOKIE); isAt; isAt = headers.next(COOKIE)) {
      cookies.begin(headers.valueStart, headers.valueSize);
      this.findIn(cookies, this.name);
    }
  }

  describe(to: Description): void {
    to.text("condition", "cookie");
    to.text("name", this.name.toString());
    this.describeValue(to);
  }
}
