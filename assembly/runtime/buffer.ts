import { proxy_get_buffer_bytes, proxy_get_buffer_status } from "@solo-io/proxy-runtime/assembly/imports";
import { proxy_set_buffer_bytes } from "filterwright/assembly/runtime/abi";
import { copyOut, givenBytes, givenText, numberSlot, sizeSlot, startSlot } from "filterwright/assembly/runtime/bytes";
import { BufferTypeValues, WasmResultValues } from "filterwright/assembly/runtime/enums";
import { encode, textSize, textStart } from "filterwright/assembly/runtime/text";

/** A body, TCP data, or another buffer of the callback at hand. What the callback does not have reads as empty. */
export class Buffer {
  constructor(readonly type: BufferTypeValues) {}

  /** Bytes that are there now. */
  get size(): u32 {
    return buffer_size(this.type);
  }

  /** @param length as many as there are, if fewer */
  bytes(start: u32 = 0, length: u32 = u32.MAX_VALUE): ArrayBuffer {
    return get_buffer_bytes(this.type, start, length);
  }

  text(start: u32 = 0, length: u32 = u32.MAX_VALUE): string {
    return get_buffer_text(this.type, start, length);
  }

  /** Puts other bytes in the place of all. */
  replace(bytes: ArrayBuffer): WasmResultValues {
    return set_buffer_bytes(this.type, 0, u32.MAX_VALUE, bytes);
  }

  replaceText(text: string): WasmResultValues {
    encode(text);
    return proxy_set_buffer_bytes(this.type, 0, u32.MAX_VALUE, textStart, textSize);
  }

  append(bytes: ArrayBuffer): WasmResultValues {
    return set_buffer_bytes(this.type, u32.MAX_VALUE, 0, bytes);
  }

  prepend(bytes: ArrayBuffer): WasmResultValues {
    return set_buffer_bytes(this.type, 0, 0, bytes);
  }

  /** Takes bytes away from the front. */
  drain(length: u32): WasmResultValues {
    return proxy_set_buffer_bytes(this.type, 0, length, 0, 0);
  }
}

/** Bytes of a buffer; empty where the callback does not have it. */
export function get_buffer_bytes(typ: BufferTypeValues, start: u32, length: u32): ArrayBuffer {
  return fetch(typ, start, length) == WasmResultValues.Ok ? givenBytes() : copyOut(0, 0);
}

/** The same as text. */
export function get_buffer_text(typ: BufferTypeValues, start: u32, length: u32): string {
  return fetch(typ, start, length) == WasmResultValues.Ok ? givenText() : "";
}

/**
 * Changes a buffer. Envoy takes `length` bytes from the front and puts `data` there (start 0), or appends (start at the
 * end or beyond); anything else is `BadArgument`.
 */
export function set_buffer_bytes(typ: BufferTypeValues, start: u32, length: u32, data: ArrayBuffer): WasmResultValues {
  return proxy_set_buffer_bytes(typ, start, length, changetype<usize>(data), data.byteLength);
}

export class BufferStatusResult {
  result: WasmResultValues = WasmResultValues.Ok;
  length: usize = 0;
  flags: u32 = 0;
}

export function get_buffer_status(typ: BufferTypeValues): BufferStatusResult {
  const status = new BufferStatusResult();
  status.result = proxy_get_buffer_status(typ, numberSlot, numberSlot + 4);
  if (status.result == WasmResultValues.Ok) {
    status.length = load<u32>(numberSlot);
    status.flags = load<u32>(numberSlot, 4);
  }
  return status;
}

function buffer_size(type: BufferTypeValues): u32 {
  const result = proxy_get_buffer_status(type, numberSlot, numberSlot + 4);
  return result == WasmResultValues.Ok ? load<u32>(numberSlot) : 0;
}

function fetch(type: BufferTypeValues, start: u32, length: u32): WasmResultValues {
  // The host adds the two up; a sum beyond 32 bits is an error to it.
  const most = length > u32.MAX_VALUE - start ? u32.MAX_VALUE - start : length;
  return proxy_get_buffer_bytes(type, start, most, startSlot, sizeSlot);
}
