import { proxy_get_property, proxy_set_property as host_set_property } from "@solo-io/proxy-runtime/assembly/imports";
import { givenBytes, givenText, sizeSlot, startSlot } from "filterwright/assembly/runtime/bytes";
import { WasmResultValues } from "filterwright/assembly/runtime/enums";
import { encode, textSize, textStart } from "filterwright/assembly/runtime/text";

// Envoy's attributes. The segments of a path are joined by NUL in the ABI; here by a dot or a NUL, so that
// `request.path` and `metadata\0filter_metadata\0envoy.lb\0canary` can both be said: a path with a NUL in it is taken as
// it is.

/** The bytes of an attribute; empty where it is missing. */
export function get_property(path: string): ArrayBuffer {
  return fetch(path) == WasmResultValues.Ok ? givenBytes() : new ArrayBuffer(0);
}

/** The bytes of an attribute, or null where it is missing. */
export function getProperty(path: string): ArrayBuffer | null {
  return fetch(path) == WasmResultValues.Ok ? givenBytes() : null;
}

/** A text attribute, such as `request.path`; empty where it is missing. */
export function getText(path: string): string {
  return fetch(path) == WasmResultValues.Ok ? givenText() : "";
}

/** The `root_id` of the plugin whose root context is being made. */
export function pluginRootId(): string {
  return fetchAsItIs("plugin_root_id") == WasmResultValues.Ok ? givenText() : "";
}

/** A whole number, such as `response.code`, a port or a size; 0 where it is missing or of another size. Durations and times are in nanoseconds. */
export function getNumber(path: string): i64 {
  return fetchSized(path, 8) ? load<i64>(load<usize>(startSlot)) : 0;
}

/** A number with a fraction; 0 where it is missing or of another size. */
export function getDouble(path: string): f64 {
  return fetchSized(path, 8) ? load<f64>(load<usize>(startSlot)) : 0;
}

/** A truth value, such as `connection.mtls`; false where it is missing. */
export function getFlag(path: string): bool {
  return fetchSized(path, 1) && load<u8>(load<usize>(startSlot)) != 0;
}

/** Writes filter state of the name `wasm.PATH`, for other filters and the access log; it reads back as PATH. It needs a stream. */
export function set_property(path: string, data: ArrayBuffer): WasmResultValues {
  encode(path);
  return host_set_property(textStart, textSize, changetype<usize>(data), data.byteLength);
}

function fetch(path: string): WasmResultValues {
  encode(path);
  const isJoined = joinWithNul();
  const result = proxy_get_property(textStart, textSize, startSlot, sizeSlot);
  // The name of filter state may have dots.
  return isJoined && result == WasmResultValues.NotFound ? fetchAsItIs(path) : result;
}

function fetchAsItIs(path: string): WasmResultValues {
  encode(path);
  return proxy_get_property(textStart, textSize, startSlot, sizeSlot);
}

function fetchSized(path: string, size: usize): bool {
  return fetch(path) == WasmResultValues.Ok && load<usize>(sizeSlot) == size;
}

/** @returns false where there is nothing to join */
function joinWithNul(): bool {
  const end = textStart + textSize;
  for (let at = textStart; at < end; at++) if (load<u8>(at) == 0) return false;
  let hasDots = false;
  for (let at = textStart; at < end; at++) {
    if (load<u8>(at) != 0x2e) continue;
    store<u8>(at, 0);
    hasDots = true;
  }
  return hasDots;
}
