import { Description } from "filterwright/assembly/filters/headers/description";
import { Bytes } from "filterwright/assembly/filters/headers/bytes";
import { Condition } from "filterwright/assembly/filters/headers/match/condition";
import { Pass } from "filterwright/assembly/filters/headers/pass";
import { METHOD } from "filterwright/assembly/filters/headers/well-known";
import { equalBytes } from "filterwright/assembly/text/slice";

/** `method`; case counts (RFC 9110 §9.1). */
export class MethodIs extends Condition {
  constructor(private readonly method: Bytes) {
    super();
  }

  holds(pass: Pass): bool {
    const headers = pass.headers;
    const method = this.method;
    return headers.has(METHOD) && equalBytes(headers.valueStart, headers.valueSize, method.start, <i32>method.size);
  }

  describe(to: Description): void {
    to.text("condition", "method");
    to.bytesOf("method", this.method);
  }
}
