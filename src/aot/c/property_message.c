// `request` and `response`.
#include "lines.h"
#include "property.h"

/** All values of a name, whatever its case, joined by commas. @returns whether there is one */
static bool join(header_lines lines, bytes name, buffer* joined) {
  bool is_found = false;
  for (size_t i = 0; i < lines.count; i++) {
    if (!bytes_equal_ignoring_case(lines.at[i].name, name)) continue;
    if (is_found) buffer_add(joined, TEXT(","));
    buffer_add(joined, lines.at[i].value);
    is_found = true;
  }
  return is_found;
}

/** The whole map, each name once. */
static u give_map(const query* of, header_lines lines) {
  envoy_header* pairs = must_allocate(lines.count * sizeof(envoy_header));
  buffer* values = must_allocate(lines.count * sizeof(buffer));
  size_t names = 0;
  for (size_t i = 0; i < lines.count; i++) {
    bytes name = lines.at[i].name;
    if (headers_find(lines, name) != &lines.at[i]) continue;
    join(lines, name, &values[names]);
    pairs[names] = (envoy_header){name, buffer_bytes(&values[names])};
    names++;
  }
  u answer = give_pairs(of, (header_lines){pairs, names});
  for (size_t i = 0; i < names; i++) buffer_free(&values[i]);
  free(values);
  free(pairs);
  return answer;
}

/** Those of a map that can be read now. */
static header_lines lines_of(const stream* of, envoy_map map) {
  return stream_shows(of, map) ? lines_read(of, map) : (header_lines){NULL, 0};
}

static u headers_property(const query* of, envoy_map map) {
  if (of->count > 3) return NOT_FOUND;
  header_lines lines = lines_of(of->of, map);
  if (of->count == 2) return give_map(of, lines);
  buffer joined = {NULL, 0, 0};
  u answer = join(lines, lines_name(map, of->parts[2]), &joined) ? give(of, buffer_bytes(&joined)) : NOT_FOUND;
  buffer_free(&joined);
  return answer;
}

/** The first value. */
static bool header(const stream* of, envoy_map map, bytes name, bytes* value) {
  const envoy_header* found = headers_find(lines_of(of, map), name);
  if (found != NULL) *value = found->value;
  return found != NULL;
}

static u header_property(const query* of, bytes name) {
  bytes value;
  return header(of->of, REQUEST_HEADERS, name, &value) ? give(of, value) : NOT_FOUND;
}

static int64_t headers_bytes(const stream* of, envoy_map map) {
  return (int64_t)headers_size(lines_of(of, map));
}

static int64_t body_bytes(const stream* of, envoy_attribute id) {
  uint64_t size = 0;
  ENVOY_CALL(http_filter_get_attribute_int)(of->envoy, id, &size);
  return (int64_t)size;
}

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

u request_property(const query* of) {
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

u response_property(const query* of) {
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
