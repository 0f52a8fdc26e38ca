import { Description } from "filterwright/assembly/filters/headers/description";
import { Property } from "filterwright/assembly/filters/headers/property";
import { Bytes } from "filterwright/assembly/filters/headers/bytes";
import { Condition } from "filterwright/assembly/filters/headers/match/condition";
import { Pass } from "filterwright/assembly/filters/headers/pass";
import { CONTENT_TYPE, STATUS } from "filterwright/assembly/filters/headers/well-known";
import { dropBlanks, equalBytes, equalIgnoringCase, findByte, skipBlanks } from "filterwright/assembly/text/slice";

/** Statuses from one to another, both included. */
export class StatusRange {
  constructor(
    readonly first: i32,
    readonly last: i32,
  ) {}
}

/** `response: {status}`. */
export class StatusIsIn extends Condition {
  constructor(private readonly ranges: StatusRange[]) {
    super();
  }

  holds(pass: Pass): bool {
    const headers = pass.headers;
    if (!headers.has(STATUS) || headers.valueSize != 3) return false;
    const digits = headers.valueStart;
    const status = 100 * load<u8>(digits) + 10 * load<u8>(digits, 1) + load<u8>(digits, 2) - 111 * 0x30;
    for (let i = 0; i < this.ranges.length; i++) {
      if (status >= this.ranges[i].first && status <= this.ranges[i].last) return true;
    }
    return false;
  }

  describe(to: Description): void {
    to.text("condition", "status");
    to.key("ranges");
    to.array();
    for (let i = 0; i < this.ranges.length; i++) {
      to.array();
      to.number(this.ranges[i].first);
      to.number(this.ranges[i].last);
      to.endArray();
    }
    to.endArray();
  }
}

/** `response: {contentTypes}`: media types without their parameters; case does not count (RFC 9110 §8.3.1). */
export class ContentTypeIs extends Condition {
  constructor(private readonly types: Bytes[]) {
    super();
  }

  holds(pass: Pass): bool {
    const headers = pass.headers;
    if (!headers.has(CONTENT_TYPE)) return false;
    const end = headers.valueStart + headers.valueSize;
    const start = skipBlanks(headers.valueStart, end);
    const size = <i32>(dropBlanks(start, findByte(0x3b, start, end)) - start);
    for (let i = 0; i < this.types.length; i++) {
      if (equalIgnoringCase(start, size, this.types[i].start, <i32>this.types[i].size)) return true;
    }
    return false;
  }

  describe(to: Description): void {
    to.text("condition", "contentTypes");
    to.texts("types", this.types);
  }
}

/** What `response.code_details` is of a response that came from the upstream (Envoy's source/common/stream_info, ViaUpstream). */
const FROM_UPSTREAM = new Bytes("via_upstream");

/** `response: {localReply}`: whether Envoy, and not the upstream, has answered. */
export class IsLocalReply extends Condition {
  private readonly details: Property = new Property("response.code_details");

  constructor(private readonly isWanted: bool) {
    super();
  }

  holds(pass: Pass): bool {
    const details = this.details;
    details.fetch();
    const isUpstreams = equalBytes(details.start, details.size, FROM_UPSTREAM.start, <i32>FROM_UPSTREAM.size);
    return isUpstreams != this.isWanted;
  }

  describe(to: Description): void {
    to.text("condition", "localReply");
    to.flag("localReply", this.isWanted);
  }
}
