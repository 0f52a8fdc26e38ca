// What Envoy registers for a module to import, by module, name and type: proxy-wasm-cpp-host's exports.h and wasm.cc, and what
// it looks for among a module's exports. A type is written as its parameters and results: i for i32, l for i64.

export const ABI_VERSIONS = ["0.1.0", "0.2.0", "0.2.1"] as const;
export type AbiVersion = (typeof ABI_VERSIONS)[number];

/** Host calls that came after ABI 0.1.0. */
const SINCE: Record<string, AbiVersion> = {
  proxy_continue_stream: "0.2.0",
  proxy_close_stream: "0.2.0",
  proxy_get_log_level: "0.2.1",
};

/** Host calls that ABI 0.2.0 took away. */
const ENV_0_1_0: Record<string, string> = {
  proxy_get_configuration: "ii:i",
  proxy_continue_request: ":i",
  proxy_continue_response: ":i",
  proxy_clear_route_cache: ":i",
};

const ENV: Record<string, string> = {
  proxy_log: "iii:i",
  proxy_get_log_level: "i:i",
  proxy_get_status: "iii:i",
  proxy_get_property: "iiii:i",
  proxy_set_property: "iiii:i",
  proxy_get_current_time_nanoseconds: "i:i",
  proxy_set_tick_period_milliseconds: "i:i",
  proxy_add_header_map_value: "iiiii:i",
  proxy_replace_header_map_value: "iiiii:i",
  proxy_get_header_map_value: "iiiii:i",
  proxy_remove_header_map_value: "iii:i",
  proxy_get_header_map_pairs: "iii:i",
  proxy_set_header_map_pairs: "iii:i",
  proxy_get_header_map_size: "ii:i",
  proxy_get_buffer_bytes: "iiiii:i",
  proxy_get_buffer_status: "iii:i",
  proxy_set_buffer_bytes: "iiiii:i",
  proxy_continue_stream: "i:i",
  proxy_close_stream: "i:i",
  proxy_send_local_response: "iiiiiiii:i",
  proxy_http_call: "iiiiiiiiii:i",
  proxy_grpc_call: "iiiiiiiiiiii:i",
  proxy_grpc_stream: "iiiiiiiii:i",
  proxy_grpc_cancel: "i:i",
  proxy_grpc_close: "i:i",
  proxy_grpc_send: "iiii:i",
  proxy_get_shared_data: "iiiii:i",
  proxy_set_shared_data: "iiiii:i",
  proxy_register_shared_queue: "iii:i",
  proxy_resolve_shared_queue: "iiiii:i",
  proxy_enqueue_shared_queue: "iii:i",
  proxy_dequeue_shared_queue: "iii:i",
  proxy_define_metric: "iiii:i",
  proxy_increment_metric: "il:i",
  proxy_record_metric: "il:i",
  proxy_get_metric: "ii:i",
  proxy_set_effective_context: "i:i",
  proxy_done: ":i",
  proxy_call_foreign_function: "iiiiii:i",
  pthread_equal: "ii:i",
  emscripten_notify_memory_growth: "i:",
  envoy_resolve_dns: "iii:i",
};

const WASI: Record<string, string> = {
  args_get: "ii:i",
  args_sizes_get: "ii:i",
  clock_res_get: "ii:i",
  clock_time_get: "ili:i",
  environ_get: "ii:i",
  environ_sizes_get: "ii:i",
  fd_advise: "illi:i",
  fd_allocate: "ill:i",
  fd_close: "i:i",
  fd_datasync: "i:i",
  fd_fdstat_get: "ii:i",
  fd_fdstat_set_flags: "ii:i",
  fd_fdstat_set_rights: "ill:i",
  fd_filestat_get: "ii:i",
  fd_filestat_set_size: "il:i",
  fd_filestat_set_times: "illi:i",
  fd_pread: "iiili:i",
  fd_prestat_dir_name: "iii:i",
  fd_prestat_get: "ii:i",
  fd_pwrite: "iiili:i",
  fd_read: "iiii:i",
  fd_readdir: "iiili:i",
  fd_renumber: "ii:i",
  fd_seek: "ilii:i",
  fd_sync: "i:i",
  fd_tell: "ii:i",
  fd_write: "iiii:i",
  path_create_directory: "iii:i",
  path_filestat_get: "iiiii:i",
  path_filestat_set_times: "iiiilli:i",
  path_link: "iiiiii:i",
  path_open: "iiiiillii:i",
  path_readlink: "iiiiii:i",
  path_remove_directory: "iii:i",
  path_rename: "iiiiii:i",
  path_symlink: "iiii:i",
  path_unlink_file: "iii:i",
  poll_oneoff: "iiii:i",
  proc_exit: "i:",
  random_get: "ii:i",
  sched_yield: ":i",
  sock_accept: "iii:i",
  sock_recv: "iiiiii:i",
  sock_send: "iiiii:i",
  sock_shutdown: "ii:i",
};

/** All of them, by the module that Rust and Go import WASI from. */
export const HOST_FUNCTIONS = [
  ...Object.entries(ENV).map(([name, type]) => ({ module: "env", name, type })),
  ...Object.entries(WASI).map(([name, type]) => ({ module: "wasi_snapshot_preview1", name, type })),
];

/** The type under which a host function is registered; undefined for one that Envoy does not have. */
export function importType(module: string, name: string, abi: AbiVersion): string | undefined {
  if (isWasi(module)) return own(WASI, name);
  if (module !== "env" || abi < (own(SINCE, name) ?? "0.1.0")) return undefined;
  return own(ENV, name) ?? (abi === "0.1.0" ? own(ENV_0_1_0, name) : undefined);
}

export function isWasi(module: string): boolean {
  return module === "wasi_unstable" || module === "wasi_snapshot_preview1";
}

/** Names of the host calls of every version. */
export const HOST_CALLS: readonly string[] = [...Object.keys(ENV), ...Object.keys(ENV_0_1_0)];

/** Callbacks that Envoy looks for among a module's exports, with their types. */
const CALLBACKS: Record<string, string> = {
  proxy_validate_configuration: "ii:i",
  proxy_on_vm_start: "ii:i",
  proxy_on_configure: "ii:i",
  proxy_on_tick: "i:",
  proxy_on_context_create: "ii:",
  proxy_on_new_connection: "i:i",
  proxy_on_downstream_data: "iii:i",
  proxy_on_upstream_data: "iii:i",
  proxy_on_downstream_connection_close: "ii:",
  proxy_on_upstream_connection_close: "ii:",
  proxy_on_request_headers: "iii:i",
  proxy_on_request_body: "iii:i",
  proxy_on_request_trailers: "ii:i",
  proxy_on_request_metadata: "ii:i",
  proxy_on_response_headers: "iii:i",
  proxy_on_response_body: "iii:i",
  proxy_on_response_trailers: "ii:i",
  proxy_on_response_metadata: "ii:i",
  proxy_on_http_call_response: "iiiii:",
  proxy_on_grpc_receive_initial_metadata: "iii:",
  proxy_on_grpc_receive: "iii:",
  proxy_on_grpc_receive_trailing_metadata: "iii:",
  proxy_on_grpc_close: "iii:",
  proxy_on_queue_ready: "ii:",
  proxy_on_foreign_function: "iii:",
  proxy_on_done: "i:i",
  proxy_on_log: "i:",
  proxy_on_delete: "i:",
  envoy_on_resolve_dns: "iii:",
  envoy_on_stats_update: "ii:",
};

/** What these are in ABI 0.1.0; the empty text where it does not have one. */
const CALLBACKS_0_1_0: Record<string, string> = {
  proxy_on_request_headers: "ii:i",
  proxy_on_response_headers: "ii:i",
  proxy_on_foreign_function: "",
};

/** The type that a callback must have; undefined for what Envoy does not call. */
export function callbackType(name: string, abi: AbiVersion): string | undefined {
  return ((abi === "0.1.0" ? own(CALLBACKS_0_1_0, name) : undefined) ?? own(CALLBACKS, name)) || undefined;
}

/** Whether a capability restriction can deny it: host calls and callbacks of proxy-wasm, and WASI. What else there is, is always allowed. */
export function isCapability(name: string): boolean {
  return name.startsWith("proxy_") ? name !== "proxy_on_memory_allocate" : Object.hasOwn(WASI, name);
}

export const CALLBACK_NAMES: readonly string[] = Object.keys(CALLBACKS);

/** What Envoy runs to start a module, and where it gets memory: an export of the first name that is there counts. */
export const START_TYPES: Record<string, string> = {
  _initialize: ":",
  _start: ":",
  main: "ii:i",
  __main_void: ":i",
};
export const ALLOCATORS = ["malloc", "proxy_on_memory_allocate"] as const;
export const ALLOCATOR_TYPE = "i:i";

const WORDS: Record<string, string> = {
  i: "i32",
  l: "i64",
  f: "f32",
  d: "f64",
  v: "v128",
  r: "funcref",
  e: "externref",
};

/** A type in Envoy's words: `i32 i32 -> i32`. */
export function typeInWords(type: string): string {
  const words = (letters = "") => Array.from(letters, (letter) => WORDS[letter]!).join(" ") || "void";
  const [parameters, results] = type.split(":");
  return `${words(parameters)} -> ${words(results)}`;
}

/** Names come from the module: `constructor` is none of ours. */
function own(table: Record<string, string>, name: string): string | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
