import { random_get } from "filterwright/assembly/runtime/abi";
import { Bytes } from "filterwright/assembly/filters/headers/bytes";
import { Pass } from "filterwright/assembly/filters/headers/pass";
import { REQUEST_ID } from "filterwright/assembly/filters/headers/well-known";
import { numberSlot } from "filterwright/assembly/runtime/bytes";
import { fnv1a32, fnv1a32Behind } from "filterwright/assembly/text/hash";

/** `percent`: which requests a rule is for. Retries of one, and all that see its id, choose alike. */
export class Sample {
  private readonly prefixHash: u32;

  /** @param share in hundredths of a percent, 0 to 10,000 */
  constructor(
    ruleName: string,
    readonly share: u32,
  ) {
    const prefix = new Bytes(ruleName + ":");
    this.prefixHash = fnv1a32(prefix.start, <i32>prefix.size);
  }

  chooses(pass: Pass): bool {
    const headers = pass.headers;
    const hash = headers.has(REQUEST_ID)
      ? fnv1a32Behind(this.prefixHash, headers.valueStart, headers.valueSize)
      : draw();
    return hash % 10_000 < this.share;
  }
}

function draw(): u32 {
  random_get(numberSlot, 4);
  return load<u32>(numberSlot);
}
