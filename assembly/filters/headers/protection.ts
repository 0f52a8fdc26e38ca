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
  private ofEnvoy: Bytes | null = null;

  constructor(
    isRequest: bool,
    isRemoval: bool,
    private readonly guard: Guard,
  ) {
    let list = FRAMING;
    if (!isRemoval) {
      list += ", proxy-authenticate, proxy-authorization";
      if (isRequest && !guard.allowEnvoy) this.ofEnvoy = new Bytes("x-envoy-");
    } else list += ", host, x-forwarded-proto";
    for (let i = 0; ; i++) {
      const name = wordAt(list, i);
      if (name.length == 0) break;
      this.names.push(new Bytes(name));
    }
  }

  of(start: usize, size: i32): Verdict {
    if (size > 0 && load<u8>(start) == COLON) return Verdict.Protected;
    const names = this.names;
    for (let i = 0; i < names.length; i++) {
      if (equalBytes(start, size, names[i].start, <i32>names[i].size)) return Verdict.Protected;
    }
    const prefix = this.ofEnvoy;
    if (prefix !== null && startsWith(start, start + size, prefix.start, <i32>prefix.size)) return Verdict.Protected;
    return this.guard.denies(start, size) ? Verdict.Denied : Verdict.Free;
  }
}
