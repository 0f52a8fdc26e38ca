import { Bytes } from "filterwright/assembly/filters/headers/bytes";
import { FRAMING, Guard } from "filterwright/assembly/filters/headers/names";
import { equalBytes, startsWith } from "filterwright/assembly/text/slice";
import { wordAt } from "filterwright/assembly/text/words";

const COLON: u8 = 0x3a;

/** What may be done to a header that a pattern has found. */
export enum Verdict {
  Free,
  /** Passed over: patterns do not mean it. */
  Protected,
  /** Passed over, and counted: the configuration denies it. */
  Denied,
}

/** What patterns leave alone: what may not be written, or not be removed, by its name (`writeProblem`, `removeProblem`). */
export class Protection {
  private readonly names: Bytes[] = [];
  private readonly prefixes: Bytes[] = [];

  constructor(
    isRequest: bool,
    isRemoval: bool,
    private readonly guard: Guard,
  ) {
    for (let i = 0; ; i++) {
      const name = wordAt(FRAMING, i);
      if (name.length == 0) break;
      this.names.push(new Bytes(name));
    }
    if (isRemoval) {
      if (isRequest) this.names.push(new Bytes("x-forwarded-proto"));
    } else {
      this.names.push(new Bytes("proxy-authenticate"));
      this.names.push(new Bytes("proxy-authorization"));
      if (isRequest && !guard.allowEnvoy) this.prefixes.push(new Bytes("x-envoy-"));
    }
  }

  of(start: usize, size: i32): Verdict {
    if (size > 0 && load<u8>(start) == COLON) return Verdict.Protected;
    const names = this.names;
    for (let i = 0; i < names.length; i++) {
      if (equalBytes(start, size, names[i].start, <i32>names[i].size)) return Verdict.Protected;
    }
    const prefixes = this.prefixes;
    for (let i = 0; i < prefixes.length; i++) {
      if (startsWith(start, start + size, prefixes[i].start, <i32>prefixes[i].size)) return Verdict.Protected;
    }
    return this.guard.denies(start, size) ? Verdict.Denied : Verdict.Free;
  }
}
