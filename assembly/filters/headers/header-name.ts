import { Bytes } from "filterwright/assembly/filters/headers/bytes";

/** The name of a header, as it is compared and sent: in lower case. */
export class HeaderName extends Bytes {
  constructor(readonly text: string) {
    super(text);
  }
}
