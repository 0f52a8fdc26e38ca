#include "calls.h"
#include "lines.h"
#include "outgoing.h"
#include "pairs.h"
#include "stream.h"

static bool is_of_stream(u map) {
  return map <= MAP_RESPONSE_TRAILERS;
}

/** @returns false where this moment does not have the map */
static bool find_map(vm* in, u map, header_lines* found) {
  context* now = vm_context(in);
  stream* of = stream_of(now);
  *found = (header_lines){NULL, 0};
  if (is_of_stream(map)) {
    if (of == NULL || of->is_destroyed || !stream_shows(of, map)) return false;
    *found = lines_read(of, map);
    return true;
  }
  outgoing* call = now->root->answered;
  if (call == NULL) return false;
  bool is_http = map == MAP_HTTP_CALL_HEADERS || map == MAP_HTTP_CALL_TRAILERS;
  bool is_headers = map == MAP_HTTP_CALL_HEADERS || map == MAP_GRPC_INITIAL_METADATA;
  bool is_shown = call->kind == HTTP_CALL ? is_http : map == now->root->shown_map;
  if (is_shown) *found = is_headers ? call->answer_headers : call->answer_trailers;
  return found->at != NULL;
}

u host_proxy_get_header_map_value(vm* in, u type, u name_at, u name_size, u value_at, u size_at) {
  if (type >= MAP_COUNT) return BAD_ARGUMENT;
  bytes name;
  if (!vm_read(in, name_at, name_size, &name)) return INVALID_MEMORY_ACCESS;
  header_lines map;
  if (!find_map(in, type, &map)) {
    stream* of = stream_of(vm_context(in));
    return of != NULL && of->is_logging ? NOT_FOUND : BAD_ARGUMENT;
  }
  const envoy_header* found = headers_find(map, lines_name(type, name));
  return found != NULL ? vm_give(in, found->value, value_at, size_at) : NOT_FOUND;
}

u host_proxy_get_header_map_pairs(vm* in, u type, u pairs_at, u size_at) {
  if (type >= MAP_COUNT) return BAD_ARGUMENT;
  header_lines map;
  find_map(in, type, &map);
  given_room to = vm_room(in, map.count == 0 ? 0 : pairs_size(map));
  if (to.at != NULL && map.count > 0) pairs_write(map, to.at);
  return vm_tell(in, to, pairs_at, size_at);
}

u host_proxy_get_header_map_size(vm* in, u type, u size_at) {
  if (type >= MAP_COUNT) return BAD_ARGUMENT;
  stream* of = stream_of(vm_context(in));
  if (!is_of_stream(type) || of == NULL || !stream_may_write(of, type)) return BAD_ARGUMENT;
  header_lines map;
  find_map(in, type, &map);
  return vm_write_u32(in, size_at, (u)headers_size(map)) ? OK : INVALID_MEMORY_ACCESS;
}

/** The stream whose map is to be written; NULL where it cannot be now. */
static stream* to_write(vm* in, u type) {
  stream* of = stream_of(vm_context(in));
  if (!is_of_stream(type) || of == NULL || !stream_may_write(of, type)) return NULL;
  if (type == MAP_REQUEST_HEADERS) stream_forget_route(of);
  return of;
}

/** Envoy takes a line without a value from no dynamic module: it adds none, and to set one removes the header. */
static u refuse_empty(bytes name) {
  log_line(LOG_WARN, "filterwright aot: the header %.*s is given an empty value, which Envoy takes from no dynamic module", (int)name.size,
           name.at);
  return BAD_ARGUMENT;
}

typedef enum { ADD, SET, REMOVE } change;

static void change_header(stream* of, u type, change how, bytes name, bytes value) {
  if (of->passing != NULL && type == MAP_RESPONSE_HEADERS) {
    if (how == ADD) reply_add_header(of->passing, name, value);
    else if (how == SET) reply_set_header(of->passing, name, value);
    else reply_remove_header(of->passing, name);
    return;
  }
  bool is_told = bytes_equal_ignoring_case(name, TEXT("content-type")) || bytes_equal(name, TEXT(":method"));
  if (type == MAP_REQUEST_HEADERS && is_told) reply_note_request(of);
  // Envoy looks at length for what is not there.
  if (how == REMOVE && lines_lack(of, type, name)) return;
  lines_forget(of->base.vm);
  // To set no value is to remove.
  if (how == ADD) ENVOY_CALL(http_add_header)(of->envoy, (envoy_map)type, name, value);
  else ENVOY_CALL(http_set_header)(of->envoy, (envoy_map)type, name, how == SET ? value : bytes_of(NULL, 0));
}

static u write_value(vm* in, change how, u type, u name_at, u name_size, u value_at, u value_size) {
  if (type >= MAP_COUNT) return BAD_ARGUMENT;
  bytes name, value;
  if (!vm_read(in, name_at, name_size, &name) || !vm_read(in, value_at, value_size, &value)) return INVALID_MEMORY_ACCESS;
  stream* of = to_write(in, type);
  if (of == NULL) return BAD_ARGUMENT;
  if (value.size == 0 && of->passing == NULL) return refuse_empty(name);
  change_header(of, type, how, name, value);
  return OK;
}

u host_proxy_add_header_map_value(vm* in, u type, u name, u name_size, u value, u value_size) {
  return write_value(in, ADD, type, name, name_size, value, value_size);
}

u host_proxy_replace_header_map_value(vm* in, u type, u name, u name_size, u value, u value_size) {
  return write_value(in, SET, type, name, name_size, value, value_size);
}

u host_proxy_remove_header_map_value(vm* in, u type, u name_at, u name_size) {
  if (type >= MAP_COUNT) return BAD_ARGUMENT;
  bytes name;
  if (!vm_read(in, name_at, name_size, &name)) return INVALID_MEMORY_ACCESS;
  stream* of = to_write(in, type);
  if (of == NULL) return BAD_ARGUMENT;
  change_header(of, type, REMOVE, name, NO_BYTES);
  return OK;
}

u host_proxy_set_header_map_pairs(vm* in, u type, u pairs_at, u size) {
  if (type >= MAP_COUNT) return BAD_ARGUMENT;
  bytes all;
  if (!vm_read(in, pairs_at, size, &all)) return INVALID_MEMORY_ACCESS;
  stream* of = to_write(in, type);
  if (of == NULL) return BAD_ARGUMENT;
  envoy_header room[MAX_PAIRS];
  header_lines pairs = pairs_read(all, room);
  for (size_t i = 0; i < pairs.count; i++) {
    if (pairs.at[i].value.size == 0 && of->passing == NULL) return refuse_empty(pairs.at[i].name);
  }
  // Names are copied: removing the first line of a name frees those of the others.
  header_lines map;
  find_map(in, type, &map);
  header_lines before = headers_copy(map);
  for (size_t i = 0; i < before.count; i++) change_header(of, type, REMOVE, before.at[i].name, NO_BYTES);
  headers_free(&before);
  for (size_t i = 0; i < pairs.count; i++) change_header(of, type, ADD, pairs.at[i].name, pairs.at[i].value);
  return OK;
}
