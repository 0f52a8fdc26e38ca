// Envoy's dynamic-module ABI, as far as we use it: source/extensions/dynamic_modules/abi/abi.h of Envoy 1.40. Envoy gives the
// functions named `envoy_dynamic_module_callback_*` when it loads a library, and calls those named `envoy_dynamic_module_on_*`.

#ifndef FILTERWRIGHT_ENVOY_H_
#define FILTERWRIGHT_ENVOY_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bytes.h"

/** What a library answers to be loaded without a warning. */
#define ENVOY_ABI_VERSION "v0.2.0"
/** The release that ENVOY_ABI_VERSION and all below are of. */
#define ENVOY_RELEASE "1.40.0"

#define ENVOY_CALL(name) envoy_dynamic_module_callback_##name
#define ENVOY_HOOK(name) envoy_dynamic_module_on_##name

/** `envoy_dynamic_module_type_http_header`, Envoy's and a module's alike. */
typedef struct {
  bytes name, value;
} envoy_header;

typedef enum { REQUEST_HEADERS, REQUEST_TRAILERS, RESPONSE_HEADERS, RESPONSE_TRAILERS } envoy_map;
typedef enum { RECEIVED_REQUEST_BODY, BUFFERED_REQUEST_BODY, RECEIVED_RESPONSE_BODY, BUFFERED_RESPONSE_BODY } envoy_body;

typedef enum { HEADERS_CONTINUE, HEADERS_STOP, HEADERS_CONTINUE_AND_DONT_END, HEADERS_STOP_ALL_AND_BUFFER, HEADERS_STOP_ALL_AND_WATERMARK } envoy_headers_status;
typedef enum { DATA_CONTINUE, DATA_STOP_AND_BUFFER, DATA_STOP_AND_WATERMARK, DATA_STOP_NO_BUFFER } envoy_data_status;
typedef enum { TRAILERS_CONTINUE, TRAILERS_STOP } envoy_trailers_status;

/** `envoy_dynamic_module_type_attribute_id`: those that we ask for. */
typedef enum {
  ATTRIBUTE_REQUEST_PROTOCOL = 10,
  ATTRIBUTE_REQUEST_SIZE = 13,
  ATTRIBUTE_RESPONSE_CODE = 15,
  ATTRIBUTE_RESPONSE_CODE_DETAILS = 16,
  ATTRIBUTE_RESPONSE_FLAGS = 17,
  ATTRIBUTE_RESPONSE_SIZE = 21,
  ATTRIBUTE_SOURCE_ADDRESS = 24,
  ATTRIBUTE_SOURCE_PORT,
  ATTRIBUTE_DESTINATION_ADDRESS,
  ATTRIBUTE_DESTINATION_PORT,
  ATTRIBUTE_CONNECTION_ID,
  ATTRIBUTE_CONNECTION_MTLS,
  ATTRIBUTE_CONNECTION_REQUESTED_SERVER_NAME,
  ATTRIBUTE_CONNECTION_TLS_VERSION,
  ATTRIBUTE_CONNECTION_SUBJECT_LOCAL_CERTIFICATE,
  ATTRIBUTE_CONNECTION_SUBJECT_PEER_CERTIFICATE,
  ATTRIBUTE_CONNECTION_DNS_SAN_LOCAL_CERTIFICATE,
  ATTRIBUTE_CONNECTION_DNS_SAN_PEER_CERTIFICATE,
  ATTRIBUTE_CONNECTION_URI_SAN_LOCAL_CERTIFICATE,
  ATTRIBUTE_CONNECTION_URI_SAN_PEER_CERTIFICATE,
  ATTRIBUTE_CONNECTION_SHA256_PEER_CERTIFICATE_DIGEST,
  ATTRIBUTE_CONNECTION_TRANSPORT_FAILURE_REASON,
  ATTRIBUTE_CONNECTION_TERMINATION_DETAILS,
  ATTRIBUTE_UPSTREAM_ADDRESS,
  ATTRIBUTE_UPSTREAM_PORT,
  ATTRIBUTE_UPSTREAM_TLS_VERSION,
  ATTRIBUTE_UPSTREAM_SUBJECT_LOCAL_CERTIFICATE,
  ATTRIBUTE_UPSTREAM_SUBJECT_PEER_CERTIFICATE,
  ATTRIBUTE_UPSTREAM_DNS_SAN_LOCAL_CERTIFICATE,
  ATTRIBUTE_UPSTREAM_DNS_SAN_PEER_CERTIFICATE,
  ATTRIBUTE_UPSTREAM_URI_SAN_LOCAL_CERTIFICATE,
  ATTRIBUTE_UPSTREAM_URI_SAN_PEER_CERTIFICATE,
  ATTRIBUTE_UPSTREAM_SHA256_PEER_CERTIFICATE_DIGEST,
  ATTRIBUTE_UPSTREAM_LOCAL_ADDRESS,
  ATTRIBUTE_UPSTREAM_TRANSPORT_FAILURE_REASON,
  ATTRIBUTE_UPSTREAM_REQUEST_ATTEMPT_COUNT,
  ATTRIBUTE_UPSTREAM_CX_POOL_READY_DURATION,
  ATTRIBUTE_UPSTREAM_LOCALITY,
  ATTRIBUTE_XDS_NODE,
  ATTRIBUTE_XDS_CLUSTER_NAME,
  ATTRIBUTE_XDS_CLUSTER_METADATA,
  ATTRIBUTE_XDS_LISTENER_DIRECTION,
  ATTRIBUTE_XDS_LISTENER_METADATA,
  ATTRIBUTE_XDS_ROUTE_NAME,
  ATTRIBUTE_XDS_ROUTE_METADATA,
  ATTRIBUTE_XDS_VIRTUAL_HOST_NAME,
  ATTRIBUTE_XDS_VIRTUAL_HOST_METADATA,
  ATTRIBUTE_XDS_UPSTREAM_HOST_METADATA,
  ATTRIBUTE_XDS_FILTER_CHAIN_NAME,
} envoy_attribute;

typedef enum { METADATA_DYNAMIC, METADATA_ROUTE, METADATA_CLUSTER, METADATA_HOST, METADATA_HOST_LOCALITY } envoy_metadata;

/** `envoy_dynamic_module_type_timing_info_v2`: a time in nanoseconds since 1970, then distances from it; whether each is known. */
typedef struct {
  int64_t start, other[16], request_complete, connection_end;
  bool has_start, has_other[16], has_request_complete, has_connection_end;
} envoy_timing;
/** Places in `other`. */
enum { FIRST_UPSTREAM_SENT = 8, LAST_UPSTREAM_RECEIVED = 12 };

/** `Http::StreamResetReason`. */
enum { LOCAL_RESET };

/** What starting an HTTP call comes to. */
typedef enum { CALL_STARTED, CALL_LACKS_HEADERS, CALL_CLUSTER_NOT_FOUND, CALL_DUPLICATE, CALL_CANNOT_BE_CREATED } envoy_call_result;

uint32_t ENVOY_CALL(get_concurrency)(void);
void ENVOY_CALL(log)(int level, bytes message);
bool ENVOY_CALL(log_enabled)(int level);
bool ENVOY_CALL(register_shared_data)(bytes key, void* data);
bool ENVOY_CALL(get_shared_data)(bytes key, void** data);

uint32_t ENVOY_CALL(http_filter_get_worker_index)(void* filter);
bool ENVOY_CALL(http_get_header)(void* filter, envoy_map, bytes name, bytes* value, size_t index, size_t* count);
size_t ENVOY_CALL(http_get_headers_size)(void* filter, envoy_map);
bool ENVOY_CALL(http_get_headers)(void* filter, envoy_map, envoy_header* headers);
bool ENVOY_CALL(http_add_header)(void* filter, envoy_map, bytes name, bytes value);
bool ENVOY_CALL(http_set_header)(void* filter, envoy_map, bytes name, bytes value);
void ENVOY_CALL(http_clear_route_cache)(void* filter);

size_t ENVOY_CALL(http_get_body_size)(void* filter, envoy_body);
size_t ENVOY_CALL(http_get_body_chunks_size)(void* filter, envoy_body);
bool ENVOY_CALL(http_get_body_chunks)(void* filter, envoy_body, bytes* chunks);
bool ENVOY_CALL(http_append_body)(void* filter, envoy_body, bytes data);
bool ENVOY_CALL(http_drain_body)(void* filter, envoy_body, size_t size);

bool ENVOY_CALL(http_received_buffered_request_body)(void* filter);
bool ENVOY_CALL(http_received_buffered_response_body)(void* filter);

void ENVOY_CALL(http_send_response)(void* filter, uint32_t status, const envoy_header*, size_t count, bytes body, bytes details);
void ENVOY_CALL(http_filter_continue_decoding)(void* filter);
void ENVOY_CALL(http_filter_continue_encoding)(void* filter);
void ENVOY_CALL(http_filter_reset_stream)(void* filter, int reason, bytes details);

bool ENVOY_CALL(http_filter_get_attribute_string)(void* filter, envoy_attribute, bytes*);
bool ENVOY_CALL(http_filter_get_attribute_int)(void* filter, envoy_attribute, uint64_t*);
bool ENVOY_CALL(http_filter_get_attribute_bool)(void* filter, envoy_attribute, bool*);
void ENVOY_CALL(http_get_timing_info)(void* filter, envoy_timing*);
bool ENVOY_CALL(http_get_metadata_number)(void* filter, envoy_metadata, bytes space, bytes key, double*);
bool ENVOY_CALL(http_get_metadata_string)(void* filter, envoy_metadata, bytes space, bytes key, bytes*);
bool ENVOY_CALL(http_get_metadata_bool)(void* filter, envoy_metadata, bytes space, bytes key, bool*);
bool ENVOY_CALL(http_get_metadata_list_size)(void* filter, envoy_metadata, bytes space, bytes key, size_t*);
bool ENVOY_CALL(http_get_metadata_list_number)(void* filter, envoy_metadata, bytes space, bytes key, size_t index, double*);
bool ENVOY_CALL(http_get_metadata_list_string)(void* filter, envoy_metadata, bytes space, bytes key, size_t index, bytes*);
bool ENVOY_CALL(http_get_metadata_list_bool)(void* filter, envoy_metadata, bytes space, bytes key, size_t index, bool*);
bool ENVOY_CALL(http_set_filter_state_bytes)(void* filter, bytes key, bytes value);
/** Made of the bytes by the factory that Envoy has for that key. */
bool ENVOY_CALL(http_set_filter_state_typed)(void* filter, bytes key, bytes value);
bool ENVOY_CALL(http_get_filter_state_bytes)(void* filter, bytes key, bytes* value);
bool ENVOY_CALL(http_get_filter_state_typed)(void* filter, bytes key, bytes* value);

int ENVOY_CALL(http_filter_config_define_counter)(void* config, bytes name, bytes* labels, size_t count, size_t* id);
int ENVOY_CALL(http_filter_config_define_gauge)(void* config, bytes name, bytes* labels, size_t count, size_t* id);
int ENVOY_CALL(http_filter_config_define_histogram)(void* config, bytes name, bytes* labels, size_t count, size_t* id);
int ENVOY_CALL(http_filter_config_increment_counter)(void* config, size_t id, bytes* labels, size_t count, uint64_t value);
int ENVOY_CALL(http_filter_config_increment_gauge)(void* config, size_t id, bytes* labels, size_t count, uint64_t value);
int ENVOY_CALL(http_filter_config_decrement_gauge)(void* config, size_t id, bytes* labels, size_t count, uint64_t value);
int ENVOY_CALL(http_filter_config_set_gauge)(void* config, size_t id, bytes* labels, size_t count, uint64_t value);
int ENVOY_CALL(http_filter_config_record_histogram_value)(void* config, size_t id, bytes* labels, size_t count, uint64_t value);

void* ENVOY_CALL(http_filter_scheduler_new)(void* filter);
void ENVOY_CALL(http_filter_scheduler_commit)(void* scheduler, uint64_t event);
void ENVOY_CALL(http_filter_scheduler_delete)(void* scheduler);
void* ENVOY_CALL(http_filter_config_scheduler_new)(void* config);
void ENVOY_CALL(http_filter_config_scheduler_commit)(void* scheduler, uint64_t event);
void ENVOY_CALL(http_filter_config_scheduler_delete)(void* scheduler);

envoy_call_result ENVOY_CALL(http_filter_config_start_http_stream)(void* config, uint64_t* id, bytes cluster, const envoy_header*, size_t count, bytes body, bool is_end, uint64_t timeout);
void ENVOY_CALL(http_filter_config_reset_http_stream)(void* config, uint64_t id);
bool ENVOY_CALL(http_filter_config_stream_send_data)(void* config, uint64_t id, bytes data, bool is_end);

#endif
