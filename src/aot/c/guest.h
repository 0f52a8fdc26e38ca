// What is known of the module when it is compiled: src/aot/glue.ts writes guest.c beside the C that wasm2c makes of it.

#ifndef FILTERWRIGHT_GUEST_H_
#define FILTERWRIGHT_GUEST_H_

#include "wasm-rt.h"

/** wasm2c's struct of an instance. */
typedef struct guest guest;
typedef struct vm vm;

/** Callbacks of proxy-wasm that an HTTP filter gets. */
#define CALLBACKS(each)                     \
  each(proxy_on_context_create)             \
  each(proxy_on_vm_start)                   \
  each(proxy_on_configure)                  \
  each(proxy_on_tick)                       \
  each(proxy_on_request_headers)            \
  each(proxy_on_request_body)               \
  each(proxy_on_request_trailers)           \
  each(proxy_on_response_headers)           \
  each(proxy_on_response_body)              \
  each(proxy_on_response_trailers)          \
  each(proxy_on_http_call_response)         \
  each(proxy_on_grpc_receive_initial_metadata)  \
  each(proxy_on_grpc_receive)               \
  each(proxy_on_grpc_receive_trailing_metadata) \
  each(proxy_on_grpc_close)                 \
  each(proxy_on_queue_ready)                \
  each(proxy_on_done)                       \
  each(proxy_on_log)                        \
  each(proxy_on_delete)

#define CALLBACK_ID(name) CALL_##name,
typedef enum { CALLBACKS(CALLBACK_ID) CALLBACK_COUNT } callback;

/** A callback takes the first of these numbers, as many as its type says. */
typedef uint32_t (*guest_callback)(guest*, uint32_t, uint32_t, uint32_t, uint32_t, uint32_t);

/** NULL where the module does not export it. */
extern const guest_callback guest_callbacks[CALLBACK_COUNT];
extern const char* const callback_names[CALLBACK_COUNT];
/** Names of the functions that it imports, in the order of their numbers. */
extern const char* const guest_imports[];
extern const size_t guest_import_count;
/** The module's allocator. */
uint32_t guest_malloc(guest*, uint32_t size);
/** Bytes of an instance. */
extern const size_t guest_size;
/** Makes memory, tables and globals, and runs the start section; may trap. */
void guest_instantiate(guest*, vm*);
/** Runs what Envoy runs of the exports `_initialize`, `_start` and `main`; may trap. */
void guest_start(guest*);
void guest_free(guest*);
wasm_rt_memory_t* guest_memory(guest*);

#endif
