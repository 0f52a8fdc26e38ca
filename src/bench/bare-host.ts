import { toBytes } from "../host/bytes.ts";
import { type Pair, encodePairs } from "../host/pairs.ts";

/** A module on a host that has one request, and answers what a header filter needs to go on; it is no Envoy. */
export interface SoakedGuest {
  /** Opens a stream that is not closed. */
  openStream(): void;
  /** One stream from its creation to its end, with a request body of so many bytes. Default: none. */
  exchange(bodySize?: number): void;
  /** Linear memory in bytes. */
  memorySize(): number;
  /** Calls an export that takes nothing. */
  call(name: string): number;
}

type Callback = (...args: number[]) => number;

const HEADERS: Pair[] = [
  [":authority", "example.com"],
  [":path", "/"],
  [":method", "GET"],
  ["user-agent", "soak"],
  ["x-internal", "secret"],
];

/** @param rootId what the module asks its plugin_root_id to be @param configuration the plugin's */
export async function instantiate(module: Uint8Array, rootId: string, configuration = ""): Promise<SoakedGuest> {
  const pairs = toBytes(encodePairs(HEADERS));
  let body: Uint8Array = Buffer.from(configuration);
  const exports = {} as Record<string, Callback> & { memory: { buffer: ArrayBuffer } };
  const give = (bytes: Uint8Array, start: number, size: number) => {
    const at = exports["malloc"]!(bytes.length) >>> 0;
    new Uint8Array(exports.memory.buffer).set(bytes, at);
    const view = new DataView(exports.memory.buffer);
    view.setUint32(start, at, true);
    view.setUint32(size, bytes.length, true);
    return 0;
  };
  const hostCalls: Record<string, Callback> = {
    proxy_get_property: (_path, _size, start, size) => give(Buffer.from(rootId), start!, size!),
    proxy_get_buffer_bytes: (_type, _start, _length, start, size) => give(body, start!, size!),
    proxy_get_header_map_pairs: (_type, start, size) => give(pairs, start!, size!),
  };
  const imports = new Proxy(hostCalls, { get: (known, name: string) => known[name] ?? (() => 0), has: () => true });
  const { instance } = await WebAssembly.instantiate(module, { env: imports, wasi_snapshot_preview1: imports });
  Object.assign(exports, instance.exports);
  exports["_initialize"]!();
  exports["proxy_on_context_create"]!(1, 0);
  exports["proxy_on_configure"]?.(1, body.length);

  let id = 1;
  return {
    openStream: () => void exports["proxy_on_context_create"]!(++id, 1),
    exchange(bodySize = 0) {
      exports["proxy_on_context_create"]!(++id, 1);
      exports["proxy_on_request_headers"]?.(id, HEADERS.length, bodySize === 0 ? 1 : 0);
      if (bodySize > 0) {
        body = new Uint8Array(bodySize).fill(0x61);
        exports["proxy_on_request_body"]?.(id, bodySize, 1);
      }
      exports["proxy_on_response_headers"]?.(id, HEADERS.length, 1);
      exports["proxy_on_delete"]?.(id);
    },
    memorySize: () => exports.memory.buffer.byteLength,
    call: (name) => exports[name]!(),
  };
}
