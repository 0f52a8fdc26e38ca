// What callbacks see of a stream.
#include <stdio.h>

#include "plugin.h"
#include "stream.h"

bool stream_shows(const stream* of, uint32_t map) {
  if (of->is_logging) return map != MAP_REQUEST_TRAILERS;
  const side* here = &of->sides[map / 2];
  return map % 2 == 0 ? here->headers : here->trailers;
}

bool stream_may_write(const stream* of, uint32_t map) {
  const side* here = &of->sides[map / 2];
  return !of->is_destroyed && (map % 2 == 0 ? here->headers : here->trailers);
}

void stream_forget_route(stream* of) {
  if (of->base.vm->route_cleared_for == &of->base) return;
  of->base.vm->route_cleared_for = &of->base;
  ENVOY_CALL(http_clear_route_cache)(of->envoy);
}

body_view stream_body(const stream* of, direction to) {
  const side* here = &of->sides[to];
  if (of->passing != NULL && to == RESPONSE) return (body_view){received_body(to), 0, here->body ? of->passing->body.size : 0};
  if (!here->body && !here->is_buffering) return (body_view){received_body(to), 0, 0};
  if (here->is_buffering) return (body_view){buffered_body(to), 0, ENVOY_CALL(http_get_body_size)(of->envoy, buffered_body(to))};
  size_t size = ENVOY_CALL(http_get_body_size)(of->envoy, received_body(to));
  if (size > 0 || !of->is_at_end) return (body_view){received_body(to), 0, size};
  // Of a body that is buffered for others, Envoy has put the last chunk behind that.
  size_t all = ENVOY_CALL(http_get_body_size)(of->envoy, buffered_body(to));
  bool is_behind = all > here->buffered_before;
  return is_behind ? (body_view){buffered_body(to), here->buffered_before, all - here->buffered_before} : (body_view){received_body(to), 0, 0};
}

bytes* stream_chunks(const stream* of, envoy_body body, bytes few[FEW_CHUNKS], size_t* count) {
  *count = ENVOY_CALL(http_get_body_chunks_size)(of->envoy, body);
  bytes* chunks = *count <= FEW_CHUNKS ? few : must_allocate(*count * sizeof(bytes));
  if (*count > 0) ENVOY_CALL(http_get_body_chunks)(of->envoy, body, chunks);
  return chunks;
}

bytes context_log_names(const context* in, char names[LOG_NAMES]) {
  const plugin_config* config = &in->root->plugin->config;
  bytes parts[] = {in->is_stream ? config->name : NO_BYTES, config->root_id, config->vm_id};
  size_t size = 0;
  for (size_t i = 0; i < 3; i++) {
    size_t room = LOG_NAMES - size;
    if (parts[i].size == 0) continue;
    int more = snprintf(names + size, room, "%s%.*s", size > 0 ? " " : "", (int)parts[i].size, parts[i].at);
    if (more > 0) size += (size_t)more < room ? (size_t)more : room - 1;
  }
  return bytes_of(names, size);
}
