import { Description } from "filterwright/assembly/filters/headers/description";
import { Entry } from "filterwright/assembly/filters/headers/match/entry";
import { Pass } from "filterwright/assembly/filters/headers/pass";
import { StateLayout, StreamState } from "filterwright/assembly/filters/headers/stream-state";

/** What a rule without conditions on the request has noted of it: all of them hold. */
const ALL_HOLD = memory.data(256);
memory.fill(ALL_HOLD, 1, 256);

/** `matches`: entries of which one must hold; without any it always does. */
export class Match {
  /** Where in a stream's state it is noted what holds of the request, and what each entry captured; -1 for what is not kept. */
  private noted: i32 = -1;
  private captured: i32 = -1;

  constructor(private readonly entries: Entry[]) {}

  /** Whether it can be told before there is a response. */
  get isOfRequest(): bool {
    for (let i = 0; i < this.entries.length; i++) if (!this.entries[i].isOfRequest) return false;
    return true;
  }

  /** Whether there are no entries: it always holds. */
  get isEmpty(): bool {
    return this.entries.length == 0;
  }

  get asksRequest(): bool {
    for (let i = 0; i < this.entries.length; i++) if (this.entries[i].asksRequest) return true;
    return false;
  }

  /** Makes room in the state of a stream. @param keepsCaptures values of the response refer to what was captured */
  keep(layout: StateLayout, keepsCaptures: bool): void {
    let size = 0;
    for (let i = 0; i < this.entries.length; i++) size += this.entries[i].depth;
    this.noted = layout.addBytes(size);
    if (keepsCaptures) this.captured = layout.addCaptures(this.entries.length);
  }

  /** Whether it holds. Only for one that can be told before there is a response. */
  holds(pass: Pass, state: StreamState | null): bool {
    pass.captured.clear();
    let i = 0;
    const count = this.entries.length;
    while (i < count && !this.entries[i].holds(pass)) i++;
    if (i == count && count > 0) return false;
    if (state !== null && this.captured >= 0) state.keepCaptured(this.captured, pass.captured);
    return true;
  }

  /** Notes what the request says, for a match that the response has to settle. */
  note(pass: Pass, state: StreamState): void {
    if (this.noted < 0) return;
    let at = state.start + this.noted;
    for (let i = 0; i < this.entries.length; i++) {
      this.entries[i].note(pass, at);
      if (this.captured >= 0) state.keepCaptured(this.captured + i, pass.captured);
      at += this.entries[i].depth;
    }
  }

  /** Whether it holds, by what was noted of the request. */
  holdsNow(pass: Pass, state: StreamState | null): bool {
    let at = this.noted < 0 ? ALL_HOLD : state!.start + this.noted;
    for (let i = 0; i < this.entries.length; i++) {
      const entry = this.entries[i];
      if (entry.mayHold(pass, at)) {
        this.showCaptured(pass, state, i);
        if (entry.responseHolds(pass)) return true;
      }
      at += this.noted < 0 ? 0 : entry.depth;
    }
    return false;
  }

  /** Lets values refer to what an entry captured from the request. */
  showCaptured(pass: Pass, state: StreamState | null, entry: i32 = 0): void {
    pass.captured.clear();
    if (state !== null && this.captured >= 0) state.showCaptured(this.captured + entry, pass.captured);
  }

  describe(to: Description): void {
    to.array();
    for (let i = 0; i < this.entries.length; i++) this.entries[i].describe(to);
    to.endArray();
  }
}
