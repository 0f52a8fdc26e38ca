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
    const lines = pass.headers.lines;
    const at = lines.find(METHOD.start, METHOD.size);
    return (
      at >= 0 && equalBytes(lines.valueStart(at), <i32>lines.valueSize(at), this.method.start, <i32>this.method.size)
    );
  }

  describe(to: Description): void {
    to.text("condition", "method");
    to.bytesOf("method", this.method);
  }
}
