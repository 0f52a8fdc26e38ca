import {
  proxy_add_header_map_value,
  proxy_get_header_map_pairs,
  proxy_get_header_map_size,
  proxy_get_header_map_value,
  proxy_remove_header_map_value,
  proxy_replace_header_map_value,
  proxy_set_header_map_pairs,
} from "@solo-io/proxy-runtime/assembly/imports";
import { copyIn, copyOut, numberSlot, sizeSlot, startSlot } from "filterwright/assembly/runtime/bytes";
import { headersEpoch } from "filterwright/assembly/runtime/callback";
import { HeaderMapTypeValues, WasmResultValues } from "filterwright/assembly/runtime/enums";
import { HeaderList } from "filterwright/assembly/runtime/header-list";
import {
  HeaderPair,
  Headers,
  decodePairs,
  encodePairs,
  pairsSize,
  pairsStart,
} from "filterwright/assembly/runtime/pairs";
import { encode, encodeName, textSize, textStart } from "filterwright/assembly/runtime/text";

/**
 * The headers, or trailers, of one message. Names are the same in any case; on requests `host` is `:authority`.
 *
 * The first read in a callback fetches all lines at once (one host call for a single header costs nearly as much),
 * later reads are served from that, and the filter's own writes keep it true. Every host call answers with a status;
 * none traps. A map that this callback does not have (`BadArgument`) reads as empty: `status` tells the two apart.
 */
export class HeaderStreamManipulator {
  private readonly lines: HeaderList = new HeaderList();
  /** The epoch in which `lines` was true; another means that it is stale. */
  private epoch: u64 = 0;
  private fetched: WasmResultValues = WasmResultValues.Ok;

  constructor(readonly typ: HeaderMapTypeValues) {}

  /** Whether this callback has the map: `Ok`, or why not (`BadArgument` in the wrong callback, `ParseFailure`). */
  get status(): WasmResultValues {
    this.fetch();
    if (this.fetched != WasmResultValues.Ok || this.lines.length > 0) return this.fetched;
    // The host answers alike for a map that is empty and for one that is not there; a single read tells.
    encodeName("x");
    const result = proxy_get_header_map_value(this.typ, textStart, textSize, startSlot, sizeSlot);
    return result == WasmResultValues.NotFound ? WasmResultValues.Ok : result;
  }

  /** Lines, those of one name counted each. */
  get length(): i32 {
    this.fetch();
    return this.lines.length;
  }

  /** The first value of a header; empty where it is missing. */
  get(name: string): string {
    const index = this.find(name);
    return index < 0 ? "" : this.value(index);
  }

  /** The first value of a header, or null where it is missing. Bytes, for those that are not UTF-8. */
  getBytes(name: string): ArrayBuffer | null {
    const index = this.find(name);
    return index < 0 ? null : this.valueBytes(index);
  }

  /** Every value of a header, in order; empty where it is missing. */
  getAll(name: string): string[] {
    const values: string[] = [];
    this.fetch();
    this.encodeName(name);
    const nameStart = textStart;
    const nameSize = textSize;
    for (let i = this.lines.find(nameStart, nameSize); i >= 0; i = this.lines.find(nameStart, nameSize, i + 1)) {
      values.push(this.value(i));
    }
    return values;
  }

  /** True where the header is there, be it empty. */
  has(name: string): bool {
    return this.find(name) >= 0;
  }

  /** The name of the nth line, in lower case. */
  name(index: i32): string {
    return String.UTF8.decodeUnsafe(this.lines.nameStart(index), this.lines.nameSize(index));
  }

  /** The value of the nth line. */
  value(index: i32): string {
    return String.UTF8.decodeUnsafe(this.lines.valueStart(index), this.lines.valueSize(index));
  }

  /** The bytes of the value of the nth line. */
  valueBytes(index: i32): ArrayBuffer {
    return copyOut(this.lines.valueStart(index), this.lines.valueSize(index));
  }

  /** Adds a line. For some headers that Envoy keeps once (via, x-forwarded-for, ...) it makes one line `old,new`. */
  add(name: string, value: string): WasmResultValues {
    this.encodeName(name);
    const nameStart = textStart;
    const nameSize = textSize;
    encode(value);
    return this.addRaw(nameStart, nameSize, textStart, textSize);
  }

  addBytes(name: string, value: ArrayBuffer): WasmResultValues {
    this.encodeName(name);
    const size = <usize>value.byteLength;
    return this.addRaw(textStart, textSize, copyIn(changetype<usize>(value), size), size);
  }

  /** Puts one line in the place of all lines of that name; adds it where there was none. */
  replace(name: string, value: string): WasmResultValues {
    this.encodeName(name);
    const nameStart = textStart;
    const nameSize = textSize;
    encode(value);
    return this.replaceRaw(nameStart, nameSize, textStart, textSize);
  }

  replaceBytes(name: string, value: ArrayBuffer): WasmResultValues {
    this.encodeName(name);
    const size = <usize>value.byteLength;
    return this.replaceRaw(textStart, textSize, copyIn(changetype<usize>(value), size), size);
  }

  /** Puts a line for each value in the place of all lines of that name; no values remove it. */
  set(name: string, values: string[]): WasmResultValues {
    let status = values.length > 0 ? this.replace(name, values[0]) : this.remove(name);
    for (let i = 1; i < values.length && status == WasmResultValues.Ok; i++) status = this.add(name, values[i]);
    return status;
  }

  /** Removes every line of that name. `Ok` also where there was none. */
  remove(name: string): WasmResultValues {
    this.encodeName(name);
    const status = proxy_remove_header_map_value(this.typ, textStart, textSize);
    if (status == WasmResultValues.Ok && this.epoch == headersEpoch) this.lines.remove(textStart, textSize);
    return status;
  }

  /** All lines, in order, as bytes. */
  get_headers(): Headers {
    this.fetch();
    const lines = this.lines;
    const headers: Headers = [];
    for (let i = 0; i < lines.length; i++) {
      const key = copyOut(lines.nameStart(i), lines.nameSize(i));
      headers.push(new HeaderPair(key, copyOut(lines.valueStart(i), lines.valueSize(i))));
    }
    return headers;
  }

  /** Removes every header and adds these. */
  set_headers(headers: Headers): WasmResultValues {
    encodePairs(headers);
    this.epoch = 0;
    return proxy_set_header_map_pairs(this.typ, pairsStart, pairsSize);
  }

  /** Size in bytes: names and values. 0 where the map is not to be had. */
  get size(): u32 {
    store<u32>(numberSlot, 0);
    proxy_get_header_map_size(this.typ, numberSlot);
    return load<u32>(numberSlot);
  }

  private find(name: string): i32 {
    this.fetch();
    this.encodeName(name);
    return this.lines.find(textStart, textSize);
  }

  private encodeName(name: string): void {
    encodeName(name);
    // "host", read as one number.
    if (textSize == 4 && load<u32>(textStart) == 0x74736f68 && this.typ == HeaderMapTypeValues.RequestHeaders) {
      encode(":authority");
    }
  }

  private fetch(): void {
    if (this.epoch == headersEpoch) return;
    this.epoch = headersEpoch;
    store<u32>(sizeSlot, 0);
    this.fetched = proxy_get_header_map_pairs(this.typ, startSlot, sizeSlot);
    if (this.fetched != WasmResultValues.Ok) this.lines.reset(0);
    else if (!decodePairs(load<usize>(startSlot), load<usize>(sizeSlot), this.lines)) {
      this.fetched = WasmResultValues.ParseFailure;
    }
  }

  private addRaw(nameStart: usize, nameSize: usize, valueStart: usize, valueSize: usize): WasmResultValues {
    const status = proxy_add_header_map_value(this.typ, nameStart, nameSize, valueStart, valueSize);
    if (status == WasmResultValues.Ok && this.epoch == headersEpoch) {
      // What an add does to a header that is there is Envoy's to know.
      if (this.lines.find(nameStart, nameSize) >= 0) this.epoch = 0;
      else this.lines.insert(nameStart, nameSize, valueStart, valueSize);
    }
    return status;
  }

  private replaceRaw(nameStart: usize, nameSize: usize, valueStart: usize, valueSize: usize): WasmResultValues {
    const status = proxy_replace_header_map_value(this.typ, nameStart, nameSize, valueStart, valueSize);
    if (status == WasmResultValues.Ok && this.epoch == headersEpoch) {
      this.lines.remove(nameStart, nameSize);
      this.lines.insert(nameStart, nameSize, valueStart, valueSize);
    }
    return status;
  }
}
