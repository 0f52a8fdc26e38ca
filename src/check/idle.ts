import { WasmReader } from "../host/wasm-reader.ts";

const NOP = 0x01;
const END = 0x0b;
const RETURN = 0x0f;
const DROP = 0x1a;
const LOCAL_GET = 0x20;
const I32_CONST = 0x41;

/** What Envoy takes for the answer of a callback that is not there: true of these, 0 of all others. */
const TRUE_WHEN_ABSENT = new Set([
  "proxy_on_vm_start",
  "proxy_validate_configuration",
  "proxy_on_configure",
  "proxy_on_done",
]);

/** Whether a callback does just what its absence would: nothing, with the answer that Envoy assumes. */
export function isIdle(name: string, type: string, body: Uint8Array): boolean {
  const returned = returnedBy(body);
  if (!returned) return false;
  if (!type.endsWith(":i")) return true;
  return TRUE_WHEN_ABSENT.has(name) ? (returned.value ?? 0) !== 0 : returned.value === 0;
}

/**
 * Reads a body that does nothing but return.
 *
 * @returns the constant, undefined for a parameter or for no value; undefined in place of both where the body does more
 */
function returnedBy(body: Uint8Array): { value: number | undefined } | undefined {
  const reader = new WasmReader(body);
  reader.each(() => [reader.number(), reader.valueType()]); // locals
  const stack: (number | undefined)[] = [];
  for (;;) {
    switch (reader.byte()) {
      case NOP:
        break;
      case DROP:
        stack.pop();
        break;
      case LOCAL_GET:
        reader.number();
        stack.push(undefined);
        break;
      case I32_CONST:
        stack.push(reader.number()); // read without its sign: all that matters is whether it is 0
        break;
      case RETURN:
      case END:
        return { value: stack.at(-1) };
      default:
        return undefined;
    }
  }
}
