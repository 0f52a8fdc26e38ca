import { HeaderLines } from "filterwright/assembly/filters/headers/header-lines";
import { Guard } from "filterwright/assembly/filters/headers/names";
import { StreamState } from "filterwright/assembly/filters/headers/stream-state";
import { HeaderMapTypeValues } from "filterwright/assembly/runtime/enums";
import { ByteWriter } from "filterwright/assembly/text/byte-writer";

/** A message on its way through the rules: what operations read and write. */
export class Pass {
  readonly headers: HeaderLines;
  /** Values that an operation has made; cleared before each. */
  readonly values: ByteWriter = new ByteWriter();
  /** Where each of them ends. */
  readonly ends: i32[] = [];
  /** What is known of the stream; null where no rule asks. */
  stream: StreamState | null = null;

  constructor(
    readonly isRequest: bool,
    readonly guard: Guard,
  ) {
    this.headers = new HeaderLines(
      isRequest ? HeaderMapTypeValues.RequestHeaders : HeaderMapTypeValues.ResponseHeaders,
    );
  }
}
