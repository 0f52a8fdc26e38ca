import {
  proxy_add_header_map_value,
  proxy_get_header_map_pairs,
  proxy_remove_header_map_value,
  proxy_replace_header_map_value,
} from "@solo-io/proxy-runtime/assembly/imports";
import { NewLines } from "filterwright/assembly/filters/headers/new-lines";
import { HeaderName } from "filterwright/assembly/filters/headers/header-name";
import { Outcome } from "filterwright/assembly/filters/headers/outcome";
import { take } from "filterwright/assembly/runtime/arena";
import { sizeSlot, startSlot } from "filterwright/assembly/runtime/bytes";
import { HeaderMapTypeValues, WasmResultValues } from "filterwright/assembly/runtime/enums";
import { HeaderList } from "filterwright/assembly/runtime/header-list";
import { decodePairs } from "filterwright/assembly/runtime/pairs";
import { equalBytes } from "filterwright/assembly/text/slice";

/**
 * The headers of the message at hand, as bytes. The first read fetches all lines; writes go to the host at once, and keep
 * what was fetched true. A rehearsal writes nothing: it changes only its own copy.
 */
export class HeaderLines {
  private readonly list: HeaderList = new HeaderList();
  private isFetched: bool = false;
  /** Where the value is of the line that was found last. */
  valueStart: usize = 0;
  valueSize: i32 = 0;
  private at: i32 = 0;

  /** @param isRehearsal writes are made in the copy alone */
  constructor(
    readonly type: HeaderMapTypeValues,
    readonly isRehearsal: bool = false,
  ) {}

  /** A callback begins: nothing is known. */
  begin(): void {
    this.isFetched = false;
  }

  /** A rehearsal begins with what is there. */
  beginWith(headers: HeaderList): void {
    this.isFetched = true;
    this.list.reset(headers.length);
    for (let i = 0; i < headers.length; i++) {
      this.list.push(headers.nameStart(i), headers.nameSize(i), headers.valueStart(i), headers.valueSize(i));
    }
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

  /**
   * Moves to the first line of a name.
   *
   *     for (let isThere = headers.has(name); isThere; isThere = headers.next(name)) ... // valueStart, valueSize
   *
   * @returns whether there is one
   */
  has(name: HeaderName): bool {
    return this.moveTo(this.lines.find(name.start, name.size));
  }

  /** Moves to the next line of that name. */
  next(name: HeaderName): bool {
    return this.moveTo(this.list.find(name.start, name.size, this.at + 1));
  }

  private moveTo(at: i32): bool {
    if (at < 0) return false;
    const lines = this.list;
    this.at = at;
    this.valueStart = lines.valueStart(at);
    this.valueSize = <i32>lines.valueSize(at);
    return true;
  }

  add(nameStart: usize, nameSize: usize, valueStart: usize, valueSize: usize): void {
    if (!this.isRehearsal) proxy_add_header_map_value(this.type, nameStart, nameSize, valueStart, valueSize);
    if (!this.isFetched) return;
    const value = kept(valueStart, valueSize);
    if (this.list.added(nameStart, nameSize, value, valueSize)) return;
    // Envoy makes one line of both for some headers, which it alone knows.
    if (this.isRehearsal) this.list.push(nameStart, nameSize, value, valueSize);
    else this.isFetched = false;
  }

  replace(nameStart: usize, nameSize: usize, valueStart: usize, valueSize: usize): void {
    if (!this.isRehearsal) proxy_replace_header_map_value(this.type, nameStart, nameSize, valueStart, valueSize);
    if (!this.isFetched) return;
    this.list.removed(nameStart, nameSize);
    this.list.addedFirst(nameStart, nameSize, kept(valueStart, valueSize), valueSize);
  }

  /** Puts lines, of which there must be some, in the place of all that the header has. */
  replaceAll(name: HeaderName, lines: NewLines): void {
    this.replaceBy(name.start, name.size, lines, 0, lines.count);
  }

  /** The same, for lines that were made of those that are there. `Skipped` where nothing would change; no lines change nothing. */
  update(name: HeaderName, lines: NewLines): Outcome {
    return this.updateBy(name.start, name.size, lines, 0, lines.count) ? Outcome.Applied : Outcome.Skipped;
  }

  /** The same with some of the lines. @returns whether there was something to change */
  updateBy(nameStart: usize, nameSize: usize, lines: NewLines, from: i32, to: i32): bool {
    if (from == to || this.equal(nameStart, nameSize, lines, from, to)) return false;
    this.replaceBy(nameStart, nameSize, lines, from, to);
    return true;
  }

  private replaceBy(nameStart: usize, nameSize: usize, lines: NewLines, from: i32, to: i32): void {
    this.replace(nameStart, nameSize, lines.start(from), lines.size(from));
    for (let i = from + 1; i < to; i++) this.add(nameStart, nameSize, lines.start(i), lines.size(i));
  }

  private equal(nameStart: usize, nameSize: usize, lines: NewLines, from: i32, to: i32): bool {
    const old = this.lines;
    let i = from;
    for (let at = old.find(nameStart, nameSize); at >= 0; at = old.find(nameStart, nameSize, at + 1)) {
      if (i == to) return false;
      if (!equalBytes(old.valueStart(at), <i32>old.valueSize(at), lines.start(i), lines.size(i))) return false;
      i++;
    }
    return i == to;
  }

  addAll(name: HeaderName, lines: NewLines): void {
    for (let i = 0; i < lines.count; i++) this.add(name.start, name.size, lines.start(i), lines.size(i));
  }

  remove(nameStart: usize, nameSize: usize): void {
    if (!this.isRehearsal) proxy_remove_header_map_value(this.type, nameStart, nameSize);
    if (this.isFetched) this.list.removed(nameStart, nameSize);
  }
}

/** Bytes that were written somewhere for now, as long as the callback runs. */
function kept(start: usize, size: usize): usize {
  const copy = take(size);
  memory.copy(copy, start, size);
  return copy;
}
