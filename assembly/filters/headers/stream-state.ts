import { enterRegion, freeRegion, newRegion } from "filterwright/assembly/heap/regions";
import { Captured } from "filterwright/assembly/filters/headers/captured";
import { RememberedHeaders } from "filterwright/assembly/filters/headers/remembered-headers";
import { Regex } from "filterwright/assembly/regex";
import { HeaderList } from "filterwright/assembly/runtime/header-list";

/** What the response's pass must know of the request, of all rules. */
export class StateLayout {
  size: i32 = 0;
  captureCount: i32 = 0;

  /** @returns where so many bytes begin */
  addBytes(count: i32): i32 {
    const at = this.size;
    this.size += count;
    return at;
  }

  addCaptures(count: i32): i32 {
    const at = this.captureCount;
    this.captureCount += count;
    return at;
  }
}

/** What one stream remembers from its request to its response. It lives, with all that it has, in a region of its own. */
export class StreamState {
  private region: usize = 0;
  /** The request as its pass left it, and as it came: what values of the response read (`RememberedHeaders`). */
  afterRequest: ArrayBuffer | null = null;
  beforeRequest: ArrayBuffer | null = null;
  private readonly bytes: ArrayBuffer;
  private readonly regexes: StaticArray<Regex | null>;
  private readonly texts: StaticArray<ArrayBuffer | null>;

  static open(layout: StateLayout): StreamState {
    const region = newRegion();
    const outside = enterRegion(region);
    const state = new StreamState(layout);
    state.region = region;
    enterRegion(outside);
    return state;
  }

  /** Ends its life. */
  close(): void {
    freeRegion(this.region);
  }

  private constructor(layout: StateLayout) {
    this.bytes = new ArrayBuffer(layout.size);
    this.regexes = new StaticArray(layout.captureCount);
    this.texts = new StaticArray(layout.captureCount);
  }

  /** Where the bytes begin; all are 0 at first. */
  get start(): usize {
    return changetype<usize>(this.bytes);
  }

  /** Notes headers for as long as the stream lives. */
  note(headers: RememberedHeaders, lines: HeaderList): ArrayBuffer {
    const outside = enterRegion(this.region);
    const noted = headers.note(lines);
    enterRegion(outside);
    return noted;
  }

  keepCaptured(at: i32, captured: Captured): void {
    const regex = captured.regex;
    if (regex === null) return;
    unchecked((this.regexes[at] = regex));
    const outside = enterRegion(this.region);
    const text = new ArrayBuffer(captured.textSize);
    enterRegion(outside);
    memory.copy(changetype<usize>(text), captured.text, captured.textSize);
    unchecked((this.texts[at] = text));
  }

  /** Matches once more what matched then: a regex remembers its groups for the last text only. */
  showCaptured(at: i32, captured: Captured): void {
    const regex = unchecked(this.regexes[at]);
    const text = unchecked(this.texts[at]);
    if (regex !== null && text !== null) captured.match(regex, changetype<usize>(text), text.byteLength);
  }
}
