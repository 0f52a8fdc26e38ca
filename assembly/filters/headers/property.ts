import { proxy_get_property } from "@solo-io/proxy-runtime/assembly/imports";
import { Bytes } from "filterwright/assembly/filters/headers/bytes";
import { sizeSlot, startSlot } from "filterwright/assembly/runtime/bytes";
import { WasmResultValues } from "filterwright/assembly/runtime/enums";

/** An attribute of the stream, by its path, which is made ready once. What is fetched lives as long as the callback. */
export class Property {
  private readonly path: Bytes;

  /**
   * @param path such as `request.path`; or such as `metadata:filter_metadata:envoy.lb:canary`, where names have dots. The
   * separator is the one that comes first.
   */
  constructor(path: string) {
    this.path = new Bytes(path);
    let separator: u8 = 0;
    for (let at = this.path.start, end = at + this.path.size; at < end; at++) {
      const byte = load<u8>(at);
      if (separator == 0 && (byte == 0x2e || byte == 0x3a)) separator = byte;
      // The ABI joins by NUL.
      if (byte == separator) store<u8>(at, 0);
    }
  }

  /** Asks the host. @returns false where the attribute is missing */
  fetch(): bool {
    store<u32>(sizeSlot, 0);
    return proxy_get_property(this.path.start, this.path.size, startSlot, sizeSlot) == WasmResultValues.Ok;
  }

  /** Where the value that was fetched begins. */
  // @ts-ignore: decorator
  @inline
  get start(): usize {
    return load<usize>(startSlot);
  }

  // @ts-ignore: decorator
  @inline
  get size(): i32 {
    return load<i32>(sizeSlot);
  }
}
