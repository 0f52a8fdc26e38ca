// Host functions of ABI 0.2.1 that @solo-io/proxy-runtime declares wrongly or not at all; the others are imported from
// its `assembly/imports`. A wrong signature or an unknown name keeps a module from loading.

// @ts-ignore: decorator
@external("env", "proxy_get_log_level")
export declare function proxy_get_log_level(level: usize): u32;

// @ts-ignore: decorator
@external("env", "proxy_set_buffer_bytes")
export declare function proxy_set_buffer_bytes(type: i32, start: u32, length: u32, data: usize, size: usize): u32;

// @ts-ignore: decorator
@external("env", "proxy_grpc_call")
export declare function proxy_grpc_call(
  service: usize,
  serviceSize: usize,
  serviceName: usize,
  serviceNameSize: usize,
  method: usize,
  methodSize: usize,
  initialMetadata: usize,
  initialMetadataSize: usize,
  request: usize,
  requestSize: usize,
  timeoutMilliseconds: u32,
  token: usize,
): u32;

// @ts-ignore: decorator
@external("env", "proxy_grpc_stream")
export declare function proxy_grpc_stream(
  service: usize,
  serviceSize: usize,
  serviceName: usize,
  serviceNameSize: usize,
  method: usize,
  methodSize: usize,
  initialMetadata: usize,
  initialMetadataSize: usize,
  token: usize,
): u32;

// WASI, of which Envoy has these.

// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "environ_sizes_get")
export declare function environ_sizes_get(count: usize, size: usize): u32;

// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "environ_get")
export declare function environ_get(pointers: usize, buffer: usize): u32;

// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "random_get")
export declare function random_get(buffer: usize, size: usize): u32;
