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
import { HeaderList, HeaderView } from "filterwright/assembly/runtime/header-list";
import {
  HeaderPair,
  Headers,
  decodePairs,
  encodePairs,
  pairsSize,
  pairsStart,
} from "filterwright/assembly/runtime/pairs";

import { decode, encode, encodeName, textSize, textStart } from "filterwright/assembly/runtime/text";

/** The value that was found last. */
let foundStart: usize = 0;
let foundSize: usize = 0;

/**
 * The headers, or trailers, of one message. Names are the same in any case; on requests `host` is `:authority`.
 *
 * The first read in a callback fetches all lines at once (one host call for a single header costs nearly as much),
 * later reads are served from that, and the filter's own writes keep it true. Every host call answers with a status;
 * none traps. A map that this callback does not have (`BadArgument`) reads as empty: `status` tells the two apart.
 */
export class HeaderStreamManipulator {
  /** The `HeaderList` that was fetched; null before the first read. By its base class, so that a filter which only writes does without. */
  private view: HeaderView | null = null;
  /** The epoch in which `view` was true; another means that it is stale. */
  private epoch: u64 = 0;
  private fetched: WasmResultValues = WasmResultValues.Ok;

  constructor(readonly typ: HeaderMapTypeValues) {}

  /** Whether this callback has the map: `Ok`, or why not (`BadArgument` in the wrong callback, `ParseFailure`). */
  get status(): WasmResultValues {
    const lines = this.fetch();
    if (this.fetched != WasmResultValues.Ok || lines.length > 0) return this.fetched;
    // The host answers alike for a map that is empty and for one that is not there; a single read tells.
    encodeName("x");
    const result = proxy_get_header_map_value(this.typ, textStart, textSize, startSlot, sizeSlot);
    return result == WasmResultValues.NotFound ? WasmResultValues.Ok : result;
  }

  /** Lines, those of one name counted each. */
  get length(): i32 {
    return this.fetch().length;
  }

  /** The first value of a header; empty where it is missing. */
  get(name: string): string {
    return this.find(name) ? decode(foundStart, foundSize) : "";
  }

  /** The first value of a header, or null where it is missing. Bytes, for those that are not UTF-8. */
  getBytes(name: string): ArrayBuffer | null {
    return this.find(name) ? copyOut(foundStart, foundSize) : null;
  }

  /** Every value of a header, in order; empty where it is missing. */
  getAll(name: string): string[] {
    const values: string[] = [];
    const lines = this.fetch();
    this.encodeName(name);
    const nameStart = textStart;
    const nameSize = textSize;
    for (let i = lines.find(nameStart, nameSize); i >= 0; i = lines.find(nameStart, nameSize, i + 1)) {
      values.push(this.value(i));
    }
    return values;
  }

  /** True where the header is there, be it empty. */
  has(name: string): bool {
    return this.find(name);
  }

  /** The name of the nth line, in lower case; empty where there is none. */
  name(index: i32): string {
    const lines = this.fetch();
    return !lines.has(index) ? "" : decode(lines.nameStart(index), lines.nameSize(index));
  }

  /** The value of the nth line; empty where there is none. */
  value(index: i32): string {
    const lines = this.fetch();
    return !lines.has(index) ? "" : decode(lines.valueStart(index), lines.valueSize(index));
  }

  /** The bytes of the value of the nth line; none where there is none. */
  valueBytes(index: i32): ArrayBuffer {
    const lines = this.fetch();
    return !lines.has(index) ? copyOut(0, 0) : copyOut(lines.valueStart(index), lines.valueSize(index));
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
    const view = this.trueView();
    if (status == WasmResultValues.Ok && view !== null) view.removed(textStart, textSize);
    return status;
  }

  /** All lines, in order, as bytes. */
  get_headers(): Headers {
    const lines = this.fetch();
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

  /** Looks for the first line of that name. Where it is there, `foundStart` and `foundSize` are its value. */
  private find(name: string): bool {
    const lines = this.fetch();
    this.encodeName(name);
    const index = lines.find(textStart, textSize);
    if (index < 0) return false;
    foundStart = lines.valueStart(index);
    foundSize = lines.valueSize(index);
    return true;
  }

  private encodeName(name: string): void {
    encodeName(name);
    // "host", read as one number.
    if (textSize == 4 && load<u32>(textStart) == 0x74736f68 && this.typ == HeaderMapTypeValues.RequestHeaders) {
      encode(":authority");
    }
  }

  private fetch(): HeaderList {
    let lines = changetype<HeaderList | null>(this.view);
    if (lines === null) this.view = lines = new HeaderList();
    if (this.epoch == headersEpoch) return lines;
    this.epoch = headersEpoch;
    store<u32>(sizeSlot, 0);
    this.fetched = proxy_get_header_map_pairs(this.typ, startSlot, sizeSlot);
    if (this.fetched != WasmResultValues.Ok) lines.reset(0);
    else if (!decodePairs(load<usize>(startSlot), load<usize>(sizeSlot), lines)) {
      this.fetched = WasmResultValues.ParseFailure;
    }
    return lines;
  }

  /** What a write must change; null where nothing was fetched, or is stale. */
  private trueView(): HeaderView | null {
    return this.epoch == headersEpoch ? this.view : null;
  }

  private addRaw(nameStart: usize, nameSize: usize, valueStart: usize, valueSize: usize): WasmResultValues {
    const status = proxy_add_header_map_value(this.typ, nameStart, nameSize, valueStart, valueSize);
    const view = this.trueView();
    if (status == WasmResultValues.Ok && view !== null) {
      if (!view.added(nameStart, nameSize, valueStart, valueSize)) this.epoch = 0;
    }
    return status;
  }

  private replaceRaw(nameStart: usize, nameSize: usize, valueStart: usize, valueSize: usize): WasmResultValues {
    const status = proxy_replace_header_map_value(this.typ, nameStart, nameSize, valueStart, valueSize);
    const view = this.trueView();
    if (status == WasmResultValues.Ok && view !== null) {
      view.removed(nameStart, nameSize);
      view.added(nameStart, nameSize, valueStart, valueSize);
    }
    return status;
  }
}
