import { Description } from "filterwright/assembly/filters/headers/description";
import { Match } from "filterwright/assembly/filters/headers/match/match";
import { Operation } from "filterwright/assembly/filters/headers/operations/operation";
import { Pass } from "filterwright/assembly/filters/headers/pass";
import { StateLayout, StreamState } from "filterwright/assembly/filters/headers/stream-state";
import { Sample } from "filterwright/assembly/filters/headers/match/sample";
import { decimal } from "filterwright/assembly/text/format";

/** A rule of a configuration. */
export class Rule {
  isShadow: bool = false;
  /** A pass in which it matches ends with it. */
  stops: bool = false;
  /** `percent`. */
  sample: Sample | null = null;
  readonly request: Operation[] = [];
  readonly response: Operation[] = [];
  /** Values of the response refer to what the request's match captured. */
  keepsCaptures: bool = false;
  /** It matches whatever the message is. */
  isAlways: bool = false;
  /** Whether the match can be told before there is a response. */
  private isOfRequest: bool = false;
  /** Where it is noted whether the rule matched, or was chosen by its `percent`; -1 where that needs no note. */
  private noted: i32 = -1;

  constructor(
    readonly index: i32,
    readonly name: string,
    readonly match: Match,
  ) {
    this.isOfRequest = match.isOfRequest;
  }

  /** Whether it has a part in the request's pass: operations, an end to the pass, or something to remember for the response. */
  get isInRequest(): bool {
    return this.request.length > 0 || this.stops || this.noted >= 0;
  }

  get isInResponse(): bool {
    return this.response.length > 0 || this.stops || !this.isOfRequest;
  }

  /** Its matches are counted once an exchange: in the first pass in which it does something. */
  countsMatchIn(isRequest: bool): bool {
    const isOfRequestPass = this.isOfRequest && (this.request.length > 0 || this.response.length == 0);
    return isRequest == isOfRequestPass;
  }

  /** Makes room in the state of a stream for what the response's pass must know. */
  keep(layout: StateLayout): void {
    this.isAlways = this.match.isEmpty && this.sample === null;
    if (!this.isInResponse || (!this.match.asksRequest && this.sample === null)) return;
    this.noted = layout.addBytes(1);
    this.match.keep(layout, this.keepsCaptures);
  }

  /** In the request's pass. @param state null where no rule keeps one */
  matchesRequest(pass: Pass, state: StreamState | null): bool {
    const sample = this.sample;
    const isChosen = sample === null || sample.chooses(pass);
    if (!this.isOfRequest) {
      if (this.noted >= 0 && isChosen) {
        store<bool>(state!.start + this.noted, true);
        this.match.note(pass, state!);
      }
      return false;
    }
    const matches = isChosen && this.match.holds(pass, state);
    if (this.noted >= 0) store<bool>(state!.start + this.noted, matches);
    return matches;
  }

  /** In the response's pass. @param state null where no rule keeps one, and for a request that never came by */
  matchesResponse(pass: Pass, state: StreamState | null): bool {
    if (this.noted >= 0 && (state === null || !load<bool>(state.start + this.noted))) return false;
    if (!this.isOfRequest) return this.match.holdsNow(pass, state);
    this.match.showCaptured(pass, state);
    return true;
  }

  describe(to: Description): void {
    to.object();
    to.text("name", this.name);
    to.text("path", "rules[" + decimal(this.index) + "]");
    to.flag("isShadow", this.isShadow);
    to.flag("stops", this.stops);
    if (this.sample !== null) to.count("share", this.sample!.share);
    to.key("matches");
    this.match.describe(to);
    to.key("request");
    describeOperations(this.request, to);
    to.key("response");
    describeOperations(this.response, to);
    to.endObject();
  }
}

export function describeOperations(operations: Operation[], to: Description): void {
  to.array();
  for (let i = 0; i < operations.length; i++) {
    to.object();
    operations[i].describe(to);
    to.endObject();
  }
  to.endArray();
}
