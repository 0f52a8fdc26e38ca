import {
  proxy_done,
  proxy_get_current_time_nanoseconds,
  proxy_get_status,
  proxy_set_tick_period_milliseconds,
} from "@solo-io/proxy-runtime/assembly/imports";
import { environ_get, environ_sizes_get, random_get } from "filterwright/assembly/runtime/abi";
import { take } from "filterwright/assembly/runtime/arena";
import { givenBytes, numberSlot, sizeSlot, startSlot } from "filterwright/assembly/runtime/bytes";
import { findByte } from "filterwright/assembly/text/slice";
import { decodeUtf8 } from "filterwright/assembly/text/utf8";
import { WasmResultValues } from "filterwright/assembly/runtime/enums";
import { textFrom } from "filterwright/assembly/text/format";

/** Calls the plugin's `onTick` every so many milliseconds, on each worker and on the main thread; 0 stops it. */
export function set_tick_period_milliseconds(millisecond: u32): WasmResultValues {
  return proxy_set_tick_period_milliseconds(millisecond);
}

/** Nanoseconds since 1970. */
export function get_current_time_nanoseconds(): u64 {
  store<u64>(numberSlot, 0);
  proxy_get_current_time_nanoseconds(numberSlot);
  return load<u64>(numberSlot);
}

export class StatusWithData {
  status: u32 = 0;
  data: ArrayBuffer = new ArrayBuffer(0);
}

/** What went wrong with the call whose answer is being delivered: a gRPC status, and a message. */
export function get_status(): StatusWithData {
  const status = new StatusWithData();
  if (proxy_get_status(numberSlot, startSlot, sizeSlot) == WasmResultValues.Ok) {
    status.status = load<u32>(numberSlot);
    status.data = givenBytes();
  }
  return status;
}

/** Tells Envoy that a plugin whose `onDone` answered false may end now. */
export function done(): WasmResultValues {
  return proxy_done();
}

/** A variable that the VM was given (`vm_config.environment_variables`), or null. */
export function getEnvironment(name: string): string | null {
  if (environ_sizes_get(numberSlot, numberSlot + 4) != 0) return null;
  const count = load<u32>(numberSlot);
  const pointers = take(4 * <usize>count);
  if (environ_get(pointers, take(load<u32>(numberSlot, 4))) != 0) return null;
  const prefix = name + "=";
  for (let i: u32 = 0; i < count; i++) {
    const start = load<usize>(pointers + 4 * <usize>i);
    const variable = decodeUtf8(start, findByte(0, start, usize.MAX_VALUE) - start);
    if (variable.startsWith(prefix)) return textFrom(variable, prefix.length);
  }
  return null;
}

/** The most that the host gives at once. */
const MOST_RANDOM = 65_536;

/** Random bytes from the host. */
export function getRandom(size: i32): ArrayBuffer {
  const bytes = new ArrayBuffer(size);
  for (let at = 0; at < size; at += MOST_RANDOM) {
    const result = random_get(changetype<usize>(bytes) + at, min(size - at, MOST_RANDOM));
    assert(result == 0, "the host gives no random numbers");
  }
  return bytes;
}
