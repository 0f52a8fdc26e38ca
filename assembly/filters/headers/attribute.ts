import { proxy_get_property } from "@solo-io/proxy-runtime/assembly/imports";
import { Bytes } from "filterwright/assembly/filters/headers/bytes";
import { sizeSlot, startSlot } from "filterwright/assembly/runtime/bytes";
import { WasmResultValues } from "filterwright/assembly/runtime/enums";

/** One of Envoy's attributes. */
export class Attribute {
  private readonly path: Bytes;
  /** What was read last; it lives as long as the callback. */
  start: usize = 0;
  size: i32 = 0;

  /** @param path its parts joined by NUL, as the host wants them */
  constructor(path: string) {
    this.path = new Bytes(path);
  }

  /** @returns false where the attribute is missing; it has no bytes then */
  read(): bool {
    store<u32>(sizeSlot, 0);
    const isThere = proxy_get_property(this.path.start, this.path.size, startSlot, sizeSlot) == WasmResultValues.Ok;
    this.start = load<usize>(startSlot);
    this.size = isThere ? load<i32>(sizeSlot) : 0;
    return isThere;
  }
}
