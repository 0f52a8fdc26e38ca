import { Fields } from "filterwright/assembly/document/fields";
import { Problems } from "filterwright/assembly/document/problems";
import { Value, ValueKind } from "filterwright/assembly/document/value";
import { Bytes } from "filterwright/assembly/filters/headers/bytes";
import {
  AttributeIsOneOf,
  MutualTls,
  Range,
  ServerNameIs,
  SourceIsIn,
} from "filterwright/assembly/filters/headers/match/connection";
import { Entry } from "filterwright/assembly/filters/headers/match/entry";
import { HostIsOneOf, HostMatches, Hostname } from "filterwright/assembly/filters/headers/match/host";
import { Match } from "filterwright/assembly/filters/headers/match/match";
import { MethodIs } from "filterwright/assembly/filters/headers/match/method";
import { PathIs, PathMatches, PathStartsWith } from "filterwright/assembly/filters/headers/match/path";
import {
  ContentTypeIs,
  IsLocalReply,
  StatusIsIn,
  StatusRange,
} from "filterwright/assembly/filters/headers/match/response";
import { Needs } from "filterwright/assembly/filters/headers/needs";
import { ValueOf, readNamedValues } from "filterwright/assembly/filters/headers/read/named-values";
import { readEndpoint } from "filterwright/assembly/net/address";
import { Cidr } from "filterwright/assembly/net/cidr";
import { Regex } from "filterwright/assembly/regex";
import { isFieldName } from "filterwright/assembly/http/field";
import { quote, textFrom, toLowerCase } from "filterwright/assembly/text/format";
import { parseSize } from "filterwright/assembly/text/parse-size";

const ENTRY_KEYS =
  "hostnames, hostRegex, method, path, headers, queryParams, cookies, sourceCIDRs, routeNames, virtualHosts, tls, response, not";

/** Reads `matches`. */
export class MatchReader {
  /** The regular expressions that conditions on the request have, and those on the response: what `%CAPTURE(n)%` may refer to. */
  requestRegexes: Regex[] = [];
  responseRegexes: Regex[] = [];

  constructor(
    private readonly problems: Problems,
    private readonly needs: Needs,
  ) {}

  /** @param values the entries */
  read(values: Value[]): Match {
    const entries: Entry[] = [];
    for (let i = 0; i < values.length; i++) entries.push(this.entry(values[i]));
    return new Match(entries);
  }

  private entry(value: Value): Entry {
    const entry = new Entry();
    const request = entry.request;
    const fields = new Fields(value, this.problems, ENTRY_KEYS);
    const hostnames = fields.get("hostnames");
    if (hostnames !== null) request.push(new HostIsOneOf(this.hostnames(hostnames)));
    const hostRegex = fields.get("hostRegex");
    if (hostRegex !== null) request.push(new HostMatches(this.regex(hostRegex, true)));
    const method = fields.get("method");
    if (method !== null) request.push(new MethodIs(this.method(method)));
    const path = fields.get("path");
    if (path !== null) this.path(path, entry);
    readNamedValues(fields, "headers", ValueOf.RequestHeader, request, this.requestRegexes, this.problems);
    readNamedValues(fields, "queryParams", ValueOf.Query, request, this.requestRegexes, this.problems);
    readNamedValues(fields, "cookies", ValueOf.Cookie, request, this.requestRegexes, this.problems);
    const ranges = fields.get("sourceCIDRs");
    if (ranges !== null) request.push(new SourceIsIn(this.ranges(ranges)));
    this.names(fields, "routeNames", "xds.route_name", entry);
    this.names(fields, "virtualHosts", "xds.virtual_host_name", entry);
    const tls = fields.get("tls");
    if (tls !== null) this.tls(tls, entry);
    const response = fields.get("response");
    if (response !== null) this.response(response, entry);
    const not = fields.get("not");
    if (not !== null) entry.not = this.not(not);
    return entry;
  }

  /** What its regular expressions match is no capture. */
  private not(value: Value): Entry {
    const requestRegexes = this.requestRegexes;
    const responseRegexes = this.responseRegexes;
    this.requestRegexes = [];
    this.responseRegexes = [];
    const entry = this.entry(value);
    this.requestRegexes = requestRegexes;
    this.responseRegexes = responseRegexes;
    return entry;
  }

  private path(value: Value, entry: Entry): void {
    const fields = new Fields(value, this.problems, "type, value");
    const type = fields.choice("type", "PathPrefix, Exact, RegularExpression");
    const text = fields.required("value", "a path");
    if (text === null) return;
    if (type == 2) {
      entry.request.push(new PathMatches(this.regex(text)));
      return;
    }
    if (!this.isText(text) || text.text.startsWith("/")) {
      entry.request.push(type == 1 ? new PathIs(text.text) : new PathStartsWith(text.text));
    } else this.problems.addExpected(text, "a path, which begins with a slash");
  }

  private tls(value: Value, entry: Entry): void {
    const fields = new Fields(value, this.problems, "sni, mtls");
    fields.expectSome();
    this.needs.property = true;
    const sni = fields.get("sni");
    if (sni !== null) entry.request.push(new ServerNameIs([this.hostname(sni)]));
    if (fields.has("mtls")) entry.request.push(new MutualTls(fields.boolean("mtls", true)));
  }

  private response(value: Value, entry: Entry): void {
    const fields = new Fields(value, this.problems, "status, headers, contentTypes, localReply");
    fields.expectSome();
    const response = entry.response;
    const statuses = fields.get("status");
    if (statuses !== null) response.push(new StatusIsIn(this.statuses(statuses)));
    readNamedValues(fields, "headers", ValueOf.ResponseHeader, response, this.responseRegexes, this.problems);
    const types = fields.get("contentTypes");
    if (types !== null) response.push(new ContentTypeIs(this.contentTypes(types)));
    if (fields.has("localReply")) {
      this.needs.property = true;
      response.push(new IsLocalReply(fields.boolean("localReply", true)));
    }
  }

  private hostnames(value: Value): Hostname[] {
    const hostnames: Hostname[] = [];
    const items = this.items(value, "hostnames");
    for (let i = 0; i < items.length; i++) hostnames.push(this.hostname(items[i]));
    return hostnames;
  }

  private hostname(value: Value): Hostname {
    if (this.isText(value)) {
      const name = value.text;
      const rest = name.startsWith("*.") ? textFrom(name, 2) : name;
      if (rest.includes("*") || !(isFieldName(rest) || isBracketed(rest))) {
        this.problems.addExpected(value, "a host without port, such as example.com or *.example.com");
      }
    }
    return new Hostname(value.text);
  }

  private method(value: Value): Bytes {
    if (this.isText(value) && (!isFieldName(value.text) || hasLowerCase(value.text))) {
      this.problems.addExpected(value, "a method in upper case, such as GET");
    }
    return new Bytes(value.text);
  }

  private ranges(value: Value): Range[] {
    this.needs.property = true;
    const ranges: Range[] = [];
    const items = this.items(value, "ranges of addresses");
    for (let i = 0; i < items.length; i++) {
      if (!this.isText(items[i])) continue;
      const bytes = new Bytes(items[i].text);
      const range = Cidr.parse(bytes.start, <i32>bytes.size);
      if (range === null) this.problems.addExpected(items[i], "a range of addresses, such as 10.0.0.0/8");
      else ranges.push(new Range(items[i].text, range));
    }
    return ranges;
  }

  private names(fields: Fields, key: string, attribute: string, entry: Entry): void {
    const value = fields.get(key);
    if (value === null) return;
    this.needs.property = true;
    const texts: Bytes[] = [];
    const items = this.items(value, "names");
    for (let i = 0; i < items.length; i++) if (this.isText(items[i])) texts.push(new Bytes(items[i].text));
    entry.request.push(new AttributeIsOneOf(key, attribute, texts));
  }

  private statuses(value: Value): StatusRange[] {
    const ranges: StatusRange[] = [];
    const items = this.items(value, "statuses");
    for (let i = 0; i < items.length; i++) {
      const range = statusRange(items[i]);
      if (range === null) this.problems.addExpected(items[i], "a status, such as 503, 5xx or 500-599");
      else ranges.push(range);
    }
    return ranges;
  }

  private contentTypes(value: Value): Bytes[] {
    const types: Bytes[] = [];
    const items = this.items(value, "media types");
    for (let i = 0; i < items.length; i++) {
      if (!this.isText(items[i])) continue;
      const text = items[i].text;
      if (!text.includes("/") || text.includes(";") || text.includes("*")) {
        this.problems.addExpected(items[i], "a media type without parameters, such as text/html");
      }
      types.push(new Bytes(text));
    }
    return types;
  }

  /** @param hasNoCase as hosts have none (RFC 9110 §4.2.3) */
  private regex(value: Value, hasNoCase: bool = false): Regex {
    const text = this.isText(value) ? value.text : "";
    const regex = Regex.parse(hasNoCase ? "(?i:" + text + ")" : text);
    if (regex.error.length > 0) this.problems.add(value, "not a regular expression: " + regex.error);
    this.requestRegexes.push(regex);
    return regex;
  }

  /** The elements of an array that has some. */
  private items(value: Value, expected: string): Value[] {
    if (value.kind == ValueKind.Array && value.items.length > 0) return value.items;
    this.problems.addExpected(value, "an array of " + expected);
    return [];
  }

  private isText(value: Value): bool {
    if (value.isText) return true;
    this.problems.addExpected(value, "a text");
    return false;
  }
}

/** An IPv6 address as hosts have it (RFC 3986 §3.2.2). */
function isBracketed(text: string): bool {
  const bytes = new Bytes(text);
  return (
    text.charCodeAt(0) == 0x5b &&
    text.charCodeAt(text.length - 1) == 0x5d &&
    readEndpoint(bytes.start, <i32>bytes.size, address)
  );
}

const address: usize = memory.data(16, 8);

function hasLowerCase(text: string): bool {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) >= 0x61 && text.charCodeAt(i) <= 0x7a) return true;
  return false;
}

/** @returns null for what is none */
function statusRange(value: Value): StatusRange | null {
  if (value.kind != ValueKind.Number && value.kind != ValueKind.String) return null;
  const text = toLowerCase(value.text);
  if (text.length == 3 && textFrom(text, 1) == "xx") {
    const hundreds = parseSize(text.substring(0, 1));
    return hundreds < 1 || hundreds > 5 ? null : new StatusRange(100 * hundreds, 100 * hundreds + 99);
  }
  const hyphen = text.indexOf("-");
  const first = status(hyphen < 0 ? text : text.substring(0, hyphen));
  const last = hyphen < 0 ? first : status(textFrom(text, hyphen + 1));
  return first < 0 || last < first ? null : new StatusRange(first, last);
}

function status(text: string): i32 {
  const status = parseSize(text);
  return text.length == 3 && status >= 100 && status <= 599 ? status : -1;
}
