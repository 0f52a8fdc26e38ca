import { Description } from "filterwright/assembly/filters/headers/description";
import { Property } from "filterwright/assembly/filters/headers/property";
import { Bytes } from "filterwright/assembly/filters/headers/bytes";
import { Condition } from "filterwright/assembly/filters/headers/match/condition";
import { Hostname, anyHostname, describeHostnames } from "filterwright/assembly/filters/headers/match/host";
import { Pass } from "filterwright/assembly/filters/headers/pass";
import { readEndpoint } from "filterwright/assembly/net/address";
import { Cidr } from "filterwright/assembly/net/cidr";
import { equalBytes } from "filterwright/assembly/text/slice";

const address: usize = memory.data(16, 8);

/** A range of addresses, as it is written too. */
export class Range {
  constructor(
    readonly text: string,
    readonly cidr: Cidr,
  ) {}
}

/** `sourceCIDRs`: the client's address is in one of these ranges. */
export class SourceIsIn extends Condition {
  private readonly source: Property = new Property("source.address");

  constructor(private readonly ranges: Range[]) {
    super();
  }

  holds(pass: Pass): bool {
    const source = this.source;
    if (!source.fetch() || !readEndpoint(source.start, source.size, address)) return false;
    for (let i = 0; i < this.ranges.length; i++) if (this.ranges[i].cidr.contains(address)) return true;
    return false;
  }

  describe(to: Description): void {
    to.text("condition", "sourceCIDRs");
    to.key("ranges");
    to.array();
    for (let i = 0; i < this.ranges.length; i++) to.string(this.ranges[i].text);
    to.endArray();
  }
}

/** `routeNames`, `virtualHosts`: an attribute is one of these. */
export class AttributeIsOneOf extends Condition {
  private readonly attribute: Property;

  constructor(
    private readonly key: string,
    path: string,
    private readonly texts: Bytes[],
  ) {
    super();
    this.attribute = new Property(path);
  }

  holds(pass: Pass): bool {
    const attribute = this.attribute;
    if (!attribute.fetch()) return false;
    for (let i = 0; i < this.texts.length; i++) {
      const text = this.texts[i];
      if (equalBytes(attribute.start, attribute.size, text.start, <i32>text.size)) return true;
    }
    return false;
  }

  describe(to: Description): void {
    to.text("condition", this.key);
    to.texts("names", this.texts);
  }
}

/** `tls: {sni}`. */
export class ServerNameIs extends Condition {
  private readonly serverName: Property = new Property("connection.requested_server_name");

  constructor(private readonly hostnames: Hostname[]) {
    super();
  }

  holds(pass: Pass): bool {
    return this.serverName.fetch() && anyHostname(this.hostnames, this.serverName.start, this.serverName.size);
  }

  describe(to: Description): void {
    to.text("condition", "sni");
    describeHostnames(to, this.hostnames);
  }
}

/** `tls: {mtls}`: whether the client has shown a certificate. */
export class MutualTls extends Condition {
  private readonly mtls: Property = new Property("connection.mtls");

  constructor(private readonly isWanted: bool) {
    super();
  }

  holds(pass: Pass): bool {
    const isMutual = this.mtls.fetch() && this.mtls.size == 1 && load<u8>(this.mtls.start) != 0;
    return isMutual == this.isWanted;
  }

  describe(to: Description): void {
    to.text("condition", "mtls");
    to.flag("mtls", this.isWanted);
  }
}
