import { proxy_call_foreign_function } from "@solo-io/proxy-runtime/assembly/imports";
import { givenBytes, sizeSlot, startSlot } from "filterwright/assembly/runtime/bytes";
import { WasmResultValues } from "filterwright/assembly/runtime/enums";
import { encode, textSize, textStart } from "filterwright/assembly/runtime/text";

export class ForeignResult {
  result: WasmResultValues = WasmResultValues.Ok;
  data: ArrayBuffer = new ArrayBuffer(0);
}

/** Calls a function that the host offers by name, such as `compress`. `NotFound` for one that it does not have. */
export function call_foreign_function(name: string, argument: ArrayBuffer): ForeignResult {
  encode(name);
  const outcome = new ForeignResult();
  outcome.result = proxy_call_foreign_function(
    textStart,
    textSize,
    changetype<usize>(argument),
    argument.byteLength,
    startSlot,
    sizeSlot,
  );
  if (outcome.result == WasmResultValues.Ok) outcome.data = givenBytes();
  return outcome;
}

/**
 * Makes Envoy choose the route anew. A write to a request header does that by itself. In ABI 0.2 it is a foreign
 * function; the host call of that name went with ABI 0.1.
 */
export function clear_route_cache(): WasmResultValues {
  encode("clear_route_cache");
  return proxy_call_foreign_function(textStart, textSize, 0, 0, startSlot, sizeSlot);
}
