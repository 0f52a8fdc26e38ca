// What Envoy calls: the event hooks of an HTTP filter, all that it looks for when it loads one.
#include "about.h"
#include "envoy.h"
#include "outgoing.h"
#include "plugin.h"
#include "stream.h"

#define EXPORTED __attribute__((visibility("default")))

EXPORTED const char* ENVOY_HOOK(program_init)(void) {
  // Kept in the file by being looked at.
  return filterwright_about[0] == 0 ? NULL : ENVOY_ABI_VERSION;
}

EXPORTED void* ENVOY_HOOK(http_filter_config_new)(void* envoy, bytes name, bytes config) {
  return plugin_new(envoy, name, config);
}

EXPORTED void ENVOY_HOOK(http_filter_config_destroy)(plugin* of) {
  plugin_end(of);
}

EXPORTED void* ENVOY_HOOK(http_filter_new)(plugin* of, void* envoy) {
  root* in = plugin_for_stream(of, ENVOY_CALL(http_filter_get_worker_index)(envoy));
  bool has_failed = in == NULL || in->base.vm->has_failed;
  bool is_bypassed = has_failed && of->config.failure_policy == FAIL_OPEN;
  if (in == NULL) return stream_new(NULL, envoy, is_bypassed);
  vm* of_root = in->base.vm;
  vm_lock(of_root);
  stream* new = stream_new(in, envoy, is_bypassed);
  vm_unlock(of_root);
  return new;
}

EXPORTED int ENVOY_HOOK(http_filter_request_headers)(void* envoy, stream* of, bool is_end) {
  (void)envoy;
  return stream_on_headers(of, REQUEST, is_end);
}

EXPORTED int ENVOY_HOOK(http_filter_request_body)(void* envoy, stream* of, bool is_end) {
  (void)envoy;
  return stream_on_body(of, REQUEST, is_end);
}

EXPORTED int ENVOY_HOOK(http_filter_request_trailers)(void* envoy, stream* of) {
  (void)envoy;
  return stream_on_trailers(of, REQUEST);
}

EXPORTED int ENVOY_HOOK(http_filter_response_headers)(void* envoy, stream* of, bool is_end) {
  (void)envoy;
  return stream_on_headers(of, RESPONSE, is_end);
}

EXPORTED int ENVOY_HOOK(http_filter_response_body)(void* envoy, stream* of, bool is_end) {
  (void)envoy;
  return stream_on_body(of, RESPONSE, is_end);
}

EXPORTED int ENVOY_HOOK(http_filter_response_trailers)(void* envoy, stream* of) {
  (void)envoy;
  return stream_on_trailers(of, RESPONSE);
}

EXPORTED void ENVOY_HOOK(http_filter_stream_complete)(void* envoy, stream* of) {
  (void)envoy;
  stream_on_complete(of);
}

EXPORTED void ENVOY_HOOK(http_filter_destroy)(stream* of) {
  stream_on_destroy(of);
}

/** The worker was woken by this stream. */
EXPORTED void ENVOY_HOOK(http_filter_scheduled)(void* envoy, stream* of, uint64_t event) {
  (void)envoy;
  (void)event;
  stream_enter(of);
  inbox_drain(of->base.vm);
  stream_leave(of);
}

EXPORTED void ENVOY_HOOK(http_filter_config_scheduled)(void* envoy, plugin* of, uint64_t event) {
  (void)envoy;
  (void)event;
  plugin_on_main(of);
}

EXPORTED void ENVOY_HOOK(http_filter_config_http_stream_headers)(void* envoy, plugin* of, uint64_t id, envoy_header* headers, size_t count, bool is_end) {
  (void)envoy;
  outgoing_on_headers(of, id, (header_lines){headers, count}, is_end);
}

EXPORTED void ENVOY_HOOK(http_filter_config_http_stream_data)(void* envoy, plugin* of, uint64_t id, const bytes* chunks, size_t count, bool is_end) {
  (void)envoy;
  outgoing_on_data(of, id, chunks, count, is_end);
}

EXPORTED void ENVOY_HOOK(http_filter_config_http_stream_trailers)(void* envoy, plugin* of, uint64_t id, envoy_header* trailers, size_t count) {
  (void)envoy;
  outgoing_on_trailers(of, id, (header_lines){trailers, count});
}

EXPORTED void ENVOY_HOOK(http_filter_config_http_stream_complete)(void* envoy, plugin* of, uint64_t id) {
  (void)envoy;
  outgoing_on_end(of, id, false);
}

EXPORTED void ENVOY_HOOK(http_filter_config_http_stream_reset)(void* envoy, plugin* of, uint64_t id, int reason) {
  (void)envoy;
  (void)reason;
  outgoing_on_end(of, id, true);
}

// What a filter must have, and this one has no use for.

#define UNUSED_HOOK(name) EXPORTED void ENVOY_HOOK(name)(void) {}
UNUSED_HOOK(http_filter_config_http_callout_done)
UNUSED_HOOK(http_filter_http_callout_done)
UNUSED_HOOK(http_filter_http_stream_headers)
UNUSED_HOOK(http_filter_http_stream_data)
UNUSED_HOOK(http_filter_http_stream_trailers)
UNUSED_HOOK(http_filter_http_stream_complete)
UNUSED_HOOK(http_filter_http_stream_reset)
UNUSED_HOOK(http_filter_downstream_above_write_buffer_high_watermark)
UNUSED_HOOK(http_filter_downstream_below_write_buffer_low_watermark)
