// Host calls: Envoy's foreign functions (source/extensions/common/wasm/foreign.cc), as far as a dynamic module can do what they do.
#include "calls.h"
#include "log.h"
#include "proto.h"
#include "stream.h"

typedef result (*foreign_function)(context*, bytes argument);

static result clear_route_cache(context* in, bytes argument) {
  (void)argument;
  stream* of = stream_of(in);
  if (of != NULL && !of->is_destroyed) ENVOY_CALL(http_clear_route_cache)(of->envoy);
  return OK;
}

/** `SetEnvoyFilterStateArguments`: path, value, span. */
static result set_envoy_filter_state(context* in, bytes argument) {
  bytes path = NO_BYTES, value = NO_BYTES;
  bool is_of_chain = true;
  proto_field field;
  while (proto_next(&argument, &field)) {
    if (field.number == 1) path = field.text;
    if (field.number == 2) value = field.text;
    if (field.number == 3) is_of_chain = field.value != 1 && field.value != 2;
  }
  if (argument.size > 0) return BAD_ARGUMENT;
  stream* of = stream_of(in);
  if (of == NULL || of->is_destroyed) return NOT_FOUND;
  if (!is_of_chain) {
    log_line(LOG_WARN, "filterwright aot: %.*s: Envoy keeps what a dynamic module sets for its filter chain alone", (int)path.size, path.at);
    return UNIMPLEMENTED;
  }
  return ENVOY_CALL(http_set_filter_state_typed)(of->envoy, path, value) ? OK : NOT_FOUND;
}

static foreign_function named(bytes name) {
  if (bytes_equal(name, TEXT("clear_route_cache"))) return clear_route_cache;
  if (bytes_equal(name, TEXT("set_envoy_filter_state"))) return set_envoy_filter_state;
  return NULL;
}

u host_proxy_call_foreign_function(vm* in, u name_at, u name_size, u argument_at, u argument_size, u result_at, u result_size_at) {
  bytes name, argument;
  if (!vm_read(in, name_at, name_size, &name) || !vm_read(in, argument_at, argument_size, &argument)) return INVALID_MEMORY_ACCESS;
  foreign_function function = named(name);
  if (function == NULL) return NOT_FOUND;
  result came = function(vm_context(in), argument);
  if (came != OK) return came;
  // None of them gives anything.
  if (result_at != 0 && !vm_write_u32(in, result_at, 0)) return INVALID_MEMORY_ACCESS;
  if (result_size_at != 0 && !vm_write_u32(in, result_size_at, 0)) return INVALID_MEMORY_ACCESS;
  return OK;
}
