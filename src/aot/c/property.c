// `proxy_get_property` and `proxy_set_property`: the attributes that Envoy's Wasm engine resolves, as far as a dynamic module has them
// (docs/aot.md says which it has not), in the form of Envoy's `serializeValue`.
#include "calls.h"
#include "lines.h"
#include "outgoing.h"
#include "pairs.h"
#include "plugin.h"
#include "stream.h"

#define MAX_PARTS 16

/** Where filter state of modules is: Envoy's `CelStatePrefix`. */
#define FILTER_STATE_PREFIX "wasm."

/** A path's parts, and what is found under it. */
typedef struct {
  vm* in;
  stream* of;
  bytes parts[MAX_PARTS];
  size_t count;
  u value_at, size_at;
} query;

static bool is(bytes text, const char* word) {
  return bytes_equal(text, bytes_of(word, strlen(word)));
}

// What is found, in the module's memory.

static u give(const query* of, bytes value) {
  return vm_give(of->in, value, of->value_at, of->size_at);
}

static u give_number(const query* of, int64_t number) {
  return vm_give(of->in, bytes_of(&number, sizeof(number)), of->value_at, of->size_at);
}

static u give_double(const query* of, double number) {
  return vm_give(of->in, bytes_of(&number, sizeof(number)), of->value_at, of->size_at);
}

static u give_bool(const query* of, bool value) {
  char byte = value ? 1 : 0;
  return vm_give(of->in, bytes_of(&byte, 1), of->value_at, of->size_at);
}

// What Envoy says of a stream.

static u string_attribute(const query* of, envoy_attribute id) {
  bytes value;
  return ENVOY_CALL(http_filter_get_attribute_string)(of->of->envoy, id, &value) ? give(of, value) : NOT_FOUND;
}

static u number_attribute(const query* of, envoy_attribute id) {
  uint64_t value;
  return ENVOY_CALL(http_filter_get_attribute_int)(of->of->envoy, id, &value) ? give_number(of, (int64_t)value) : NOT_FOUND;
}

static u bool_attribute(const query* of, envoy_attribute id) {
  bool value;
  return ENVOY_CALL(http_filter_get_attribute_bool)(of->of->envoy, id, &value) ? give_bool(of, value) : NOT_FOUND;
}

typedef enum { STRING, NUMBER, BOOL } kind;
typedef struct {
  const char* name;
  envoy_attribute id;
  kind kind;
} attribute;

static const attribute connection_attributes[] = {
    {"id", ATTRIBUTE_CONNECTION_ID, NUMBER},
    {"mtls", ATTRIBUTE_CONNECTION_MTLS, BOOL},
    {"requested_server_name", ATTRIBUTE_CONNECTION_REQUESTED_SERVER_NAME, STRING},
    {"tls_version", ATTRIBUTE_CONNECTION_TLS_VERSION, STRING},
    {"subject_local_certificate", ATTRIBUTE_CONNECTION_SUBJECT_LOCAL_CERTIFICATE, STRING},
    {"subject_peer_certificate", ATTRIBUTE_CONNECTION_SUBJECT_PEER_CERTIFICATE, STRING},
    {"dns_san_local_certificate", ATTRIBUTE_CONNECTION_DNS_SAN_LOCAL_CERTIFICATE, STRING},
    {"dns_san_peer_certificate", ATTRIBUTE_CONNECTION_DNS_SAN_PEER_CERTIFICATE, STRING},
    {"uri_san_local_certificate", ATTRIBUTE_CONNECTION_URI_SAN_LOCAL_CERTIFICATE, STRING},
    {"uri_san_peer_certificate", ATTRIBUTE_CONNECTION_URI_SAN_PEER_CERTIFICATE, STRING},
    {"sha256_peer_certificate_digest", ATTRIBUTE_CONNECTION_SHA256_PEER_CERTIFICATE_DIGEST, STRING},
    {"transport_failure_reason", ATTRIBUTE_CONNECTION_TRANSPORT_FAILURE_REASON, STRING},
    {"termination_details", ATTRIBUTE_CONNECTION_TERMINATION_DETAILS, STRING},
    {NULL, 0, 0},
};
static const attribute source_attributes[] = {{"address", ATTRIBUTE_SOURCE_ADDRESS, STRING}, {"port", ATTRIBUTE_SOURCE_PORT, NUMBER}, {NULL, 0, 0}};
static const attribute destination_attributes[] = {
    {"address", ATTRIBUTE_DESTINATION_ADDRESS, STRING}, {"port", ATTRIBUTE_DESTINATION_PORT, NUMBER}, {NULL, 0, 0}};
static const attribute upstream_attributes[] = {
    {"address", ATTRIBUTE_UPSTREAM_ADDRESS, STRING},
    {"port", ATTRIBUTE_UPSTREAM_PORT, NUMBER},
    {"tls_version", ATTRIBUTE_UPSTREAM_TLS_VERSION, STRING},
    {"subject_local_certificate", ATTRIBUTE_UPSTREAM_SUBJECT_LOCAL_CERTIFICATE, STRING},
    {"subject_peer_certificate", ATTRIBUTE_UPSTREAM_SUBJECT_PEER_CERTIFICATE, STRING},
    {"dns_san_local_certificate", ATTRIBUTE_UPSTREAM_DNS_SAN_LOCAL_CERTIFICATE, STRING},
    {"dns_san_peer_certificate", ATTRIBUTE_UPSTREAM_DNS_SAN_PEER_CERTIFICATE, STRING},
    {"uri_san_local_certificate", ATTRIBUTE_UPSTREAM_URI_SAN_LOCAL_CERTIFICATE, STRING},
    {"uri_san_peer_certificate", ATTRIBUTE_UPSTREAM_URI_SAN_PEER_CERTIFICATE, STRING},
    {"sha256_peer_certificate_digest", ATTRIBUTE_UPSTREAM_SHA256_PEER_CERTIFICATE_DIGEST, STRING},
    {"local_address", ATTRIBUTE_UPSTREAM_LOCAL_ADDRESS, STRING},
    {"transport_failure_reason", ATTRIBUTE_UPSTREAM_TRANSPORT_FAILURE_REASON, STRING},
    {"request_attempt_count", ATTRIBUTE_UPSTREAM_REQUEST_ATTEMPT_COUNT, NUMBER},
    {"cx_pool_ready_duration", ATTRIBUTE_UPSTREAM_CX_POOL_READY_DURATION, NUMBER},
    {"locality", ATTRIBUTE_UPSTREAM_LOCALITY, STRING},
    {NULL, 0, 0},
};
static const attribute xds_attributes[] = {
    {"cluster_name", ATTRIBUTE_XDS_CLUSTER_NAME, STRING},
    {"listener_direction", ATTRIBUTE_XDS_LISTENER_DIRECTION, NUMBER},
    {"route_name", ATTRIBUTE_XDS_ROUTE_NAME, STRING},
    {"virtual_host_name", ATTRIBUTE_XDS_VIRTUAL_HOST_NAME, STRING},
    {"filter_chain_name", ATTRIBUTE_XDS_FILTER_CHAIN_NAME, STRING},
    {NULL, 0, 0},
};

static u of_table(const query* of, const attribute* table) {
  if (of->count == 1) return SERIALIZATION_FAILURE;
  if (of->count > 2) return NOT_FOUND;
  while (table->name != NULL && !is(of->parts[1], table->name)) table++;
  if (table->name == NULL) return NOT_FOUND;
  if (table->kind == STRING) return string_attribute(of, table->id);
  return table->kind == NUMBER ? number_attribute(of, table->id) : bool_attribute(of, table->id);
}

// Headers.

/** All values of a name, whatever its case, joined by commas. @returns whether there is one */
static bool join(const envoy_header* lines, size_t count, bytes name, buffer* joined) {
  bool is_found = false;
  joined->size = 0;
  for (size_t i = 0; i < count; i++) {
    if (!bytes_equal_in_lower_case(name, lines[i].name)) continue;
    if (is_found) buffer_add(joined, TEXT(","));
    buffer_add(joined, lines[i].value);
    is_found = true;
  }
  return is_found;
}

static bool is_first_of_name(const envoy_header* lines, size_t at) {
  for (size_t i = 0; i < at; i++) {
    if (bytes_equal(lines[i].name, lines[at].name)) return false;
  }
  return true;
}

/** The whole map, each name once. */
static u give_map(const query* of, const envoy_header* lines, size_t count) {
  envoy_header* pairs = must_allocate(count * sizeof(envoy_header));
  buffer* values = must_allocate(count * sizeof(buffer));
  size_t names = 0;
  for (size_t i = 0; i < count; i++) {
    if (!is_first_of_name(lines, i)) continue;
    join(lines, count, lines[i].name, &values[names]);
    pairs[names] = (envoy_header){lines[i].name, buffer_bytes(&values[names])};
    names++;
  }
  given_room to = vm_room(of->in, pairs_size(pairs, names));
  if (to.at != NULL) pairs_write(pairs, names, to.at);
  for (size_t i = 0; i < names; i++) buffer_free(&values[i]);
  free(values);
  free(pairs);
  return vm_tell(of->in, to, of->value_at, of->size_at);
}

/** Those of a map that can be read now. */
static header_lines lines_of(const stream* of, envoy_map map) {
  if (!stream_shows(of, map)) return (header_lines){0};
  if (of->passing != NULL && map == RESPONSE_HEADERS) {
    return (header_lines){.map = map, .count = of->passing->count, .at = of->passing->lines};
  }
  return *lines_read(of, map);
}

static u headers_property(const query* of, envoy_map map) {
  if (of->count > 3) return NOT_FOUND;
  const header_lines found = lines_of(of->of, map), *lines = &found;
  if (of->count == 2) return give_map(of, lines->at, lines->count);
  buffer joined = {NULL, 0, 0};
  u answer = join(lines->at, lines->count, lines_name(map, of->parts[2]), &joined) ? give(of, buffer_bytes(&joined)) : NOT_FOUND;
  buffer_free(&joined);
  return answer;
}

/** The first value. */
static bool header(const stream* of, envoy_map map, bytes name, bytes* value) {
  const header_lines lines = lines_of(of, map);
  const envoy_header* found = lines_find(&lines, name);
  if (found != NULL) *value = found->value;
  return found != NULL;
}

static u header_property(const query* of, bytes name) {
  bytes value;
  return header(of->of, REQUEST_HEADERS, name, &value) ? give(of, value) : NOT_FOUND;
}

static int64_t headers_bytes(const stream* of, envoy_map map) {
  const header_lines lines = lines_of(of, map);
  size_t size = 0;
  for (size_t i = 0; i < lines.count; i++) size += lines.at[i].name.size + lines.at[i].value.size;
  return (int64_t)size;
}

static int64_t body_bytes(const stream* of, envoy_attribute id) {
  uint64_t size = 0;
  ENVOY_CALL(http_filter_get_attribute_int)(of->envoy, id, &size);
  return (int64_t)size;
}

// `request` and `response`.

static u time_property(const query* of, bool is_start) {
  envoy_timing timing = {0};
  ENVOY_CALL(http_get_timing_info)(of->of->envoy, &timing);
  if (!(is_start ? timing.has_start : timing.has_request_complete)) return NOT_FOUND;
  return give_number(of, is_start ? timing.start : timing.request_complete);
}

static u path_property(const query* of, bytes part) {
  bytes path;
  if (!header(of->of, REQUEST_HEADERS, TEXT(":path"), &path)) return NOT_FOUND;
  size_t mark = bytes_find(path, '?');
  if (is(part, "path")) return give(of, path);
  if (is(part, "url_path")) return give(of, bytes_of(path.at, mark));
  return give(of, bytes_from(path, mark + 1));
}

static u request_property(const query* of) {
  static const char* const headers[][2] = {
      {"host", ":authority"}, {"scheme", ":scheme"}, {"method", ":method"}, {"referer", "referer"}, {"useragent", "user-agent"}, {"id", "x-request-id"}};
  if (of->count == 1) return SERIALIZATION_FAILURE;
  bytes part = of->parts[1];
  if (is(part, "headers")) return headers_property(of, REQUEST_HEADERS);
  if (of->count > 2) return NOT_FOUND;
  for (size_t i = 0; i < sizeof(headers) / sizeof(*headers); i++) {
    if (is(part, headers[i][0])) return header_property(of, bytes_of(headers[i][1], strlen(headers[i][1])));
  }
  if (is(part, "path") || is(part, "url_path") || is(part, "query")) return path_property(of, part);
  if (is(part, "protocol")) return string_attribute(of, ATTRIBUTE_REQUEST_PROTOCOL);
  if (is(part, "time") || is(part, "duration")) return time_property(of, is(part, "time"));
  if (is(part, "headers_bytes")) return give_number(of, headers_bytes(of->of, REQUEST_HEADERS));
  int64_t received = body_bytes(of->of, ATTRIBUTE_REQUEST_SIZE);
  if (is(part, "total_size")) return give_number(of, received + headers_bytes(of->of, REQUEST_HEADERS));
  if (!is(part, "size")) return NOT_FOUND;
  bytes text;
  uint64_t length;
  bool is_told = header(of->of, REQUEST_HEADERS, TEXT("content-length"), &text) && bytes_to_number(text, &length);
  return give_number(of, is_told ? (int64_t)length : received);
}

static u grpc_status_property(const query* of) {
  bytes text;
  uint64_t number;
  if (header(of->of, RESPONSE_TRAILERS, TEXT("grpc-status"), &text) || header(of->of, RESPONSE_HEADERS, TEXT("grpc-status"), &text)) {
    return give_number(of, bytes_to_number(text, &number) ? (int64_t)number : -1);
  }
  if (!ENVOY_CALL(http_filter_get_attribute_int)(of->of->envoy, ATTRIBUTE_RESPONSE_CODE, &number)) return NOT_FOUND;
  return give_number(of, grpc_status_of((uint32_t)number));
}

/** From the first byte sent to the upstream to the last one that came. */
static u latency_property(const query* of) {
  envoy_timing timing = {0};
  ENVOY_CALL(http_get_timing_info)(of->of->envoy, &timing);
  bool is_known = timing.has_other[LAST_UPSTREAM_RECEIVED] && timing.has_other[FIRST_UPSTREAM_SENT];
  return is_known ? give_number(of, timing.other[LAST_UPSTREAM_RECEIVED] - timing.other[FIRST_UPSTREAM_SENT]) : NOT_FOUND;
}

static u response_property(const query* of) {
  if (of->count == 1) return SERIALIZATION_FAILURE;
  bytes part = of->parts[1];
  if (is(part, "headers")) return headers_property(of, RESPONSE_HEADERS);
  if (is(part, "trailers")) return headers_property(of, RESPONSE_TRAILERS);
  if (of->count > 2) return NOT_FOUND;
  const reply* passing = of->of->passing;
  if (is(part, "code")) return passing != NULL ? give_number(of, passing->status) : number_attribute(of, ATTRIBUTE_RESPONSE_CODE);
  if (is(part, "code_details") && passing != NULL) return give(of, passing->details);
  if (is(part, "code_details")) return string_attribute(of, ATTRIBUTE_RESPONSE_CODE_DETAILS);
  if (is(part, "flags")) return number_attribute(of, ATTRIBUTE_RESPONSE_FLAGS);
  if (is(part, "grpc_status")) return grpc_status_property(of);
  if (is(part, "backend_latency")) return latency_property(of);
  if (is(part, "headers_bytes")) return give_number(of, headers_bytes(of->of, RESPONSE_HEADERS));
  int64_t sent = body_bytes(of->of, ATTRIBUTE_RESPONSE_SIZE);
  if (is(part, "size")) return give_number(of, sent);
  if (!is(part, "total_size")) return NOT_FOUND;
  return give_number(of, sent + headers_bytes(of->of, RESPONSE_HEADERS) + headers_bytes(of->of, RESPONSE_TRAILERS));
}

// Metadata: of what is in a namespace, Envoy tells a dynamic module texts, numbers, booleans, and lists of these.

static void add_item(const query* of, envoy_metadata source, bytes space, bytes key, size_t index, buffer* texts) {
  bytes text;
  double number;
  bool yes;
  if (ENVOY_CALL(http_get_metadata_list_string)(of->of->envoy, source, space, key, index, &text)) {
    buffer_add(texts, text);
  } else if (ENVOY_CALL(http_get_metadata_list_number)(of->of->envoy, source, space, key, index, &number)) {
    buffer_add(texts, bytes_of(&number, sizeof(number)));
  } else if (ENVOY_CALL(http_get_metadata_list_bool)(of->of->envoy, source, space, key, index, &yes)) {
    char byte = yes ? 1 : 0;
    buffer_add(texts, bytes_of(&byte, 1));
  }
}

static u give_list(const query* of, envoy_metadata source, bytes space, bytes key, size_t count) {
  envoy_header* pairs = must_allocate(count * sizeof(envoy_header));
  buffer texts = {NULL, 0, 0};
  size_t* ends = must_allocate(count * sizeof(size_t));
  for (size_t i = 0; i < count; i++) {
    add_item(of, source, space, key, i, &texts);
    ends[i] = texts.size;
  }
  for (size_t i = 0; i < count; i++) {
    size_t start = i == 0 ? 0 : ends[i - 1];
    pairs[i] = (envoy_header){bytes_of(texts.at + start, ends[i] - start), NO_BYTES};
  }
  given_room to = vm_room(of->in, pairs_size(pairs, count));
  if (to.at != NULL) pairs_write(pairs, count, to.at);
  free(ends);
  buffer_free(&texts);
  free(pairs);
  return vm_tell(of->in, to, of->value_at, of->size_at);
}

/** @param at of the part that is to be `filter_metadata` */
static u metadata_property(const query* of, envoy_metadata source, size_t at) {
  if (of->count < at + 3 || !is(of->parts[at], "filter_metadata")) return NOT_FOUND;
  bytes space = of->parts[at + 1], key = of->parts[at + 2], text;
  void* envoy = of->of->envoy;
  double number;
  bool yes;
  size_t count;
  if (of->count == at + 3) {
    if (ENVOY_CALL(http_get_metadata_string)(envoy, source, space, key, &text)) return give(of, text);
    if (ENVOY_CALL(http_get_metadata_number)(envoy, source, space, key, &number)) return give_double(of, number);
    if (ENVOY_CALL(http_get_metadata_bool)(envoy, source, space, key, &yes)) return give_bool(of, yes);
    if (ENVOY_CALL(http_get_metadata_list_size)(envoy, source, space, key, &count)) return give_list(of, source, space, key, count);
  }
  uint64_t index;
  if (of->count != at + 4 || !bytes_to_number(of->parts[at + 3], &index)) return NOT_FOUND;
  if (ENVOY_CALL(http_get_metadata_list_string)(envoy, source, space, key, index, &text)) return give(of, text);
  if (ENVOY_CALL(http_get_metadata_list_number)(envoy, source, space, key, index, &number)) return give_double(of, number);
  if (ENVOY_CALL(http_get_metadata_list_bool)(envoy, source, space, key, index, &yes)) return give_bool(of, yes);
  return NOT_FOUND;
}

/** An empty text is no attribute to Envoy here, and to its Wasm engine one that says that nothing failed. */
static u upstream_property(const query* of) {
  bytes address;
  u found = of_table(of, upstream_attributes);
  bool is_reason = of->count == 2 && is(of->parts[1], "transport_failure_reason");
  bool is_chosen = found == NOT_FOUND && is_reason &&
                   ENVOY_CALL(http_filter_get_attribute_string)(of->of->envoy, ATTRIBUTE_UPSTREAM_ADDRESS, &address);
  return is_chosen ? give(of, NO_BYTES) : found;
}

/** Of a connection without TLS, Envoy tells its Wasm engine that it has none, and a dynamic module nothing. */
static u connection_property(const query* of) {
  u found = of_table(of, connection_attributes);
  if (found != NOT_FOUND || of->count != 2) return found;
  if (is(of->parts[1], "mtls")) return give_bool(of, false);
  return is(of->parts[1], "requested_server_name") ? give(of, NO_BYTES) : found;
}

static u xds_property(const query* of) {
  if (of->count < 2) return SERIALIZATION_FAILURE;
  bytes part = of->parts[1];
  if (is(part, "route_metadata")) return metadata_property(of, METADATA_ROUTE, 2);
  if (is(part, "cluster_metadata")) return metadata_property(of, METADATA_CLUSTER, 2);
  if (is(part, "upstream_host_metadata")) return metadata_property(of, METADATA_HOST, 2);
  if (is(part, "upstream_host_locality_metadata")) return metadata_property(of, METADATA_HOST_LOCALITY, 2);
  return of_table(of, xds_attributes);
}

static u state_property(const query* of, bytes key) {
  bytes value;
  void* envoy = of->of->envoy;
  bool is_found = ENVOY_CALL(http_get_filter_state_bytes)(envoy, key, &value) || ENVOY_CALL(http_get_filter_state_typed)(envoy, key, &value);
  return is_found ? give(of, value) : NOT_FOUND;
}

/** What a module has set. */
static u own_state_property(const query* of) {
  buffer key = {NULL, 0, 0};
  buffer_add(&key, TEXT(FILTER_STATE_PREFIX));
  buffer_add(&key, of->parts[0]);
  bytes value;
  bool is_found = of->count == 1 && ENVOY_CALL(http_get_filter_state_bytes)(of->of->envoy, buffer_bytes(&key), &value);
  buffer_free(&key);
  return is_found ? give(of, value) : NOT_FOUND;
}

static u stream_property(const query* of) {
  bytes first = of->parts[0];
  // Envoy finds the route again for who asks for it.
  of->in->route_cleared_for = NULL;
  if (is(first, "request")) return request_property(of);
  if (is(first, "response")) return response_property(of);
  if (is(first, "connection")) return connection_property(of);
  if (is(first, "source")) return of_table(of, source_attributes);
  if (is(first, "destination")) return of_table(of, destination_attributes);
  if (is(first, "upstream")) return upstream_property(of);
  if (is(first, "xds")) return xds_property(of);
  if (is(first, "metadata")) return metadata_property(of, METADATA_DYNAMIC, 1);
  if (is(first, "connection_id")) return of->count == 1 ? number_attribute(of, ATTRIBUTE_CONNECTION_ID) : NOT_FOUND;
  if (is(first, "filter_state") && of->count == 2) return state_property(of, of->parts[1]);
  return own_state_property(of);
}

static u plugin_property(const query* of, const plugin_config* config, bool* is_found) {
  const bytes* values[] = {&config->name, &config->root_id, &config->vm_id};
  static const char* const names[] = {"plugin_name", "plugin_root_id", "plugin_vm_id"};
  for (size_t i = 0; i < 3; i++) {
    if (!is(of->parts[0], names[i])) continue;
    *is_found = true;
    return of->count == 1 ? give(of, *values[i]) : NOT_FOUND;
  }
  return NOT_FOUND;
}

u host_proxy_get_property(vm* in, u path_at, u path_size, u value_at, u size_at) {
  bytes path;
  if (!vm_read(in, path_at, path_size, &path)) return INVALID_MEMORY_ACCESS;
  if (path.size == 0) return SERIALIZATION_FAILURE;
  query of = {.in = in, .of = stream_of(vm_context(in)), .value_at = value_at, .size_at = size_at};
  // A NUL at the end is tolerated.
  if (path.at[path.size - 1] == '\0') path.size--;
  for (bool is_last = false; !is_last; of.count++) {
    if (of.count == MAX_PARTS) return NOT_FOUND;
    size_t size = bytes_find(path, '\0');
    is_last = size == path.size;
    of.parts[of.count] = bytes_of(path.at, size);
    path = bytes_from(path, size + 1);
  }
  bool is_found = false;
  u answer = plugin_property(&of, &vm_context(in)->root->plugin->config, &is_found);
  if (is_found || of.of == NULL || of.of->is_destroyed) return answer;
  return stream_property(&of);
}

u host_proxy_set_property(vm* in, u path_at, u path_size, u value_at, u value_size) {
  bytes path, value;
  if (!vm_read(in, path_at, path_size, &path) || !vm_read(in, value_at, value_size, &value)) return INVALID_MEMORY_ACCESS;
  stream* of = stream_of(vm_context(in));
  if (of == NULL || of->is_destroyed) return NOT_FOUND;
  buffer key = {NULL, 0, 0};
  buffer_add(&key, TEXT(FILTER_STATE_PREFIX));
  buffer_add(&key, path);
  bool is_set = ENVOY_CALL(http_set_filter_state_bytes)(of->envoy, buffer_bytes(&key), value);
  buffer_free(&key);
  return is_set ? OK : BAD_ARGUMENT;
}
