import { CallList } from "filterwright/assembly/filters/headers/call-list";
import { HeaderName } from "filterwright/assembly/filters/headers/header-name";
import { Operation } from "filterwright/assembly/filters/headers/operation";
import { Outcome } from "filterwright/assembly/filters/headers/outcome";
import { Pass } from "filterwright/assembly/filters/headers/pass";

/** `remove: NAME`: all its lines. */
export class Remove extends Operation {
  constructor(private readonly name: HeaderName) {
    super();
  }

  run(pass: Pass): Outcome {
    const headers = pass.headers;
    if (headers.lines.find(this.name.start, this.name.size) < 0) return Outcome.Skipped;
    headers.remove(this.name.start, this.name.size);
    return Outcome.Applied;
  }

  override putCalls(calls: CallList): bool {
    calls.remove(this.name.bytes);
    return true;
  }
}
