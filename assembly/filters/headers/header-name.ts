import { Bytes } from "filterwright/assembly/filters/headers/bytes";

/** The name of a header, as it is compared and sent: in lower case. */
export class HeaderName {
  readonly bytes: Bytes;

  constructor(readonly text: string) {
    this.bytes = new Bytes(text);
  }

  // @ts-ignore: decorator
  @inline
  get start(): usize {
    return this.bytes.start;
  }

  // @ts-ignore: decorator
  @inline
  get size(): usize {
    return this.bytes.size;
  }
}
