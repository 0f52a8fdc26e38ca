// The reference job as a dynamic module of Envoy's in C, without a sandbox: what Envoy itself takes for the same calls.
#include "envoy.h"

#define EXPORTED __attribute__((visibility("default")))
#define NOTHING ((bytes){NULL, 0})

static int anything;

EXPORTED const char* ENVOY_HOOK(program_init)(void) { return ENVOY_ABI_VERSION; }
EXPORTED void* ENVOY_HOOK(http_filter_config_new)(void) { return &anything; }
EXPORTED void* ENVOY_HOOK(http_filter_new)(void) { return &anything; }

EXPORTED int ENVOY_HOOK(http_filter_request_headers)(void* envoy) {
  // As Envoy's Wasm engine does it before a write.
  ENVOY_CALL(http_clear_route_cache)(envoy);
  ENVOY_CALL(http_add_header)(envoy, REQUEST_HEADERS, TEXT("x-demo-request"), TEXT("hello"));
  ENVOY_CALL(http_set_header)(envoy, REQUEST_HEADERS, TEXT("x-internal"), NOTHING);
  return HEADERS_CONTINUE;
}

EXPORTED int ENVOY_HOOK(http_filter_response_headers)(void* envoy) {
  ENVOY_CALL(http_add_header)(envoy, RESPONSE_HEADERS, TEXT("x-demo-response"), TEXT("world"));
  ENVOY_CALL(http_set_header)(envoy, RESPONSE_HEADERS, TEXT("x-powered-by"), NOTHING);
  return HEADERS_CONTINUE;
}

// Of a body or trailers: to go on. Of all else: nothing.

#define UNUSED_HOOK(name) \
  EXPORTED int ENVOY_HOOK(name)(void) { return 0; }
UNUSED_HOOK(http_filter_config_destroy)
UNUSED_HOOK(http_filter_request_body)
UNUSED_HOOK(http_filter_request_trailers)
UNUSED_HOOK(http_filter_response_body)
UNUSED_HOOK(http_filter_response_trailers)
UNUSED_HOOK(http_filter_stream_complete)
UNUSED_HOOK(http_filter_destroy)
UNUSED_HOOK(http_filter_scheduled)
UNUSED_HOOK(http_filter_config_scheduled)
UNUSED_HOOK(http_filter_config_http_stream_headers)
UNUSED_HOOK(http_filter_config_http_stream_data)
UNUSED_HOOK(http_filter_config_http_stream_trailers)
UNUSED_HOOK(http_filter_config_http_stream_complete)
UNUSED_HOOK(http_filter_config_http_stream_reset)
UNUSED_HOOK(http_filter_config_http_callout_done)
UNUSED_HOOK(http_filter_http_callout_done)
UNUSED_HOOK(http_filter_http_stream_headers)
UNUSED_HOOK(http_filter_http_stream_data)
UNUSED_HOOK(http_filter_http_stream_trailers)
UNUSED_HOOK(http_filter_http_stream_complete)
UNUSED_HOOK(http_filter_http_stream_reset)
UNUSED_HOOK(http_filter_downstream_above_write_buffer_high_watermark)
UNUSED_HOOK(http_filter_downstream_below_write_buffer_low_watermark)
