import {
  proxy_add_header_map_value,
  proxy_get_header_map_pairs,
  proxy_remove_header_map_value,
  proxy_replace_header_map_value,
} from "@solo-io/proxy-runtime/assembly/imports";
import { sizeSlot, startSlot } from "filterwright/assembly/runtime/bytes";
import { HeaderMapTypeValues, WasmResultValues } from "filterwright/assembly/runtime/enums";
import { HeaderList } from "filterwright/assembly/runtime/header-list";
import { decodePairs } from "filterwright/assembly/runtime/pairs";

/** Bytes that stay where they are: a name or a value of the configuration. */
export class Bytes {
  /** Keeps the memory. */
  private readonly buffer: ArrayBuffer;

  constructor(text: string) {
    this.buffer = String.UTF8.encode(text);
  }

  // @ts-ignore: decorator
  @inline
  get start(): usize {
    return changetype<usize>(this.buffer);
  }

  // @ts-ignore: decorator
  @inline
  get size(): usize {
    return <usize>this.buffer.byteLength;
  }
}

/**
 * The headers of the message at hand, as bytes. The first read fetches all lines; writes go to the host at once, and keep
 * what was fetched true. A rehearsal writes nothing: it changes only its own copy.
 */
export class HeaderLines {
  private readonly list: HeaderList = new HeaderList();
  private isFetched: bool = false;
  /** Writes are made in the copy alone. */
  isRehearsal: bool = false;
  /** How often lines were written or removed since `begin`. */
  changes: i32 = 0;

  constructor(readonly type: HeaderMapTypeValues) {}

  /** A callback begins: nothing is known. */
  begin(): void {
    this.isFetched = false;
    this.changes = 0;
  }

  get lines(): HeaderList {
    if (!this.isFetched) {
      this.isFetched = true;
      store<u32>(sizeSlot, 0);
      const result = proxy_get_header_map_pairs(this.type, startSlot, sizeSlot);
      if (result != WasmResultValues.Ok) this.list.reset(0);
      else decodePairs(load<usize>(startSlot), load<usize>(sizeSlot), this.list);
    }
    return this.list;
  }

  add(nameStart: usize, nameSize: usize, valueStart: usize, valueSize: usize): void {
    this.changes++;
    if (!this.isRehearsal) proxy_add_header_map_value(this.type, nameStart, nameSize, valueStart, valueSize);
    if (!this.isFetched) return;
    const isKnown = this.list.added(nameStart, nameSize, valueStart, valueSize);
    if (isKnown) return;
    // Envoy makes one line of both for some headers, which it alone knows.
    if (this.isRehearsal) this.list.push(nameStart, nameSize, valueStart, valueSize);
    else this.isFetched = false;
  }

  replace(nameStart: usize, nameSize: usize, valueStart: usize, valueSize: usize): void {
    this.changes++;
    if (!this.isRehearsal) proxy_replace_header_map_value(this.type, nameStart, nameSize, valueStart, valueSize);
    if (!this.isFetched) return;
    this.list.removed(nameStart, nameSize);
    this.list.added(nameStart, nameSize, valueStart, valueSize);
  }

  remove(nameStart: usize, nameSize: usize): void {
    this.changes++;
    if (!this.isRehearsal) proxy_remove_header_map_value(this.type, nameStart, nameSize);
    if (this.isFetched) this.list.removed(nameStart, nameSize);
  }
}
