import { Description } from "filterwright/assembly/filters/headers/description";
import { Bytes } from "filterwright/assembly/filters/headers/bytes";
import { HeaderLines } from "filterwright/assembly/filters/headers/header-lines";
import { Condition } from "filterwright/assembly/filters/headers/match/condition";
import { Pass } from "filterwright/assembly/filters/headers/pass";
import { AUTHORITY } from "filterwright/assembly/filters/headers/well-known";
import { Regex } from "filterwright/assembly/regex";
import { equalIgnoringCase, findByte } from "filterwright/assembly/text/slice";
import { textFrom } from "filterwright/assembly/text/format";

/** A name of a host: exact, or `*.x` for one or more labels before `x`. Case does not count (RFC 9110 §4.2.3). */
export class Hostname {
  private readonly isWildcard: bool;
  /** Without the star: `.x`. */
  private readonly bytes: Bytes;

  constructor(readonly text: string) {
    const isWildcard = text.startsWith("*");
    this.isWildcard = isWildcard;
    this.bytes = new Bytes(isWildcard ? textFrom(text, 1) : text);
  }

  matches(start: usize, size: i32): bool {
    const wanted = <i32>this.bytes.size;
    if (!this.isWildcard) return equalIgnoringCase(start, size, this.bytes.start, wanted);
    return size > wanted && equalIgnoringCase(start + size - wanted, wanted, this.bytes.start, wanted);
  }
}

/** Whether any of them is the name. */
export function anyHostname(hostnames: Hostname[], start: usize, size: i32): bool {
  for (let i = 0; i < hostnames.length; i++) if (hostnames[i].matches(start, size)) return true;
  return false;
}

export function describeHostnames(to: Description, hostnames: Hostname[]): void {
  to.key("hostnames");
  to.array();
  for (let i = 0; i < hostnames.length; i++) to.string(hostnames[i].text);
  to.endArray();
}

/** `hostnames`: the host of the request is one of these. */
export class HostIsOneOf extends Condition {
  constructor(private readonly hostnames: Hostname[]) {
    super();
  }

  holds(pass: Pass): bool {
    const headers = pass.headers;
    return headers.has(AUTHORITY) && anyHostname(this.hostnames, headers.valueStart, hostSize(headers));
  }

  describe(to: Description): void {
    to.text("condition", "host");
    describeHostnames(to, this.hostnames);
  }
}

/** `hostRegex`. */
export class HostMatches extends Condition {
  constructor(private readonly regex: Regex) {
    super();
  }

  holds(pass: Pass): bool {
    const headers = pass.headers;
    return headers.has(AUTHORITY) && pass.captured.match(this.regex, headers.valueStart, hostSize(headers));
  }

  describe(to: Description): void {
    to.text("condition", "hostRegex");
    to.text("regex", this.regex.pattern);
  }
}

/** Bytes of the host that was found, without its port. The colons of an IPv6 address stand in brackets (RFC 3986 §3.2.2). */
function hostSize(headers: HeaderLines): i32 {
  const start = headers.valueStart;
  const end = start + headers.valueSize;
  const bracket = start < end && load<u8>(start) == 0x5b ? findByte(0x5d, start, end) : start;
  return <i32>(findByte(0x3a, bracket, end) - start);
}
