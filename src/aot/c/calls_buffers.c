#include "calls.h"
#include "outgoing.h"
#include "plugin.h"
#include "stream.h"

/** What can be read now: bytes, or the body of a stream. */
typedef struct {
  bytes plain;
  stream* of;
  direction to;
  body_view body;
} readable;

/** The body of an answer of the filter's own; NULL where it has none on its way. */
static buffer* passing_body(vm* in, u type) {
  stream* of = stream_of(vm_context(in));
  bool is_passing = of != NULL && of->passing != NULL && type == BUFFER_RESPONSE_BODY && of->sides[RESPONSE].body;
  return is_passing ? &of->passing->body : NULL;
}

static result find_buffer(vm* in, u type, readable* found) {
  context* now = vm_context(in);
  root* plugin_of = now->root;
  stream* of = stream_of(now);
  *found = (readable){.plain = NO_BYTES};
  switch (type) {
    case BUFFER_REQUEST_BODY:
    case BUFFER_RESPONSE_BODY:
      if (passing_body(in, type) != NULL) {
        found->plain = buffer_bytes(passing_body(in, type));
        return OK;
      }
      if (of == NULL || of->is_destroyed) return OK;
      found->of = of;
      found->to = type == BUFFER_REQUEST_BODY ? REQUEST : RESPONSE;
      found->body = stream_body(of, found->to);
      return OK;
    case BUFFER_VM_CONFIGURATION:
      found->plain = in->config.vm_configuration;
      return OK;
    case BUFFER_PLUGIN_CONFIGURATION:
      found->plain = plugin_of->plugin->config.configuration;
      return plugin_of->shows_configuration ? OK : NOT_FOUND;
    case BUFFER_HTTP_CALL_BODY:
      if (plugin_of->answered == NULL || plugin_of->answered->kind != HTTP_CALL) return NOT_FOUND;
      found->plain = buffer_bytes(&plugin_of->answered->answer_body);
      return OK;
    case BUFFER_GRPC_MESSAGE:
      if (plugin_of->answered != NULL && plugin_of->answered->kind != HTTP_CALL) found->plain = plugin_of->message;
      return OK;
    case BUFFER_CALL_DATA:
      return NOT_FOUND;
    default:
      return type < BUFFER_COUNT ? OK : BAD_ARGUMENT;
  }
}

static size_t size_of(const readable* from) {
  return from->of != NULL ? from->body.size : from->plain.size;
}

/** Copies a part of a stream's body, which lies in chunks. */
static void copy_body(const readable* from, size_t start, size_t size, char* to) {
  bytes few[FEW_CHUNKS];
  size_t count;
  bytes* chunks = stream_chunks(from->of, from->body.of, few, &count);
  size_t skipped = from->body.from + start;
  for (size_t i = 0; i < count && size > 0; i++) {
    if (skipped >= chunks[i].size) {
      skipped -= chunks[i].size;
      continue;
    }
    size_t part = chunks[i].size - skipped < size ? chunks[i].size - skipped : size;
    memcpy(to, chunks[i].at + skipped, part);
    to += part;
    size -= part;
    skipped = 0;
  }
  if (chunks != few) free(chunks);
}

u host_proxy_get_buffer_bytes(vm* in, u type, u start, u length, u bytes_at, u size_at) {
  readable from;
  result found = find_buffer(in, type, &from);
  if (found != OK) return found;
  size_t all = size_of(&from);
  size_t size = start >= all ? 0 : all - start < length ? all - start : length;
  given_room to = vm_room(in, size);
  if (to.at != NULL && size > 0) {
    if (from.of != NULL) copy_body(&from, start, size, to.at);
    else memcpy(to.at, from.plain.at + start, size);
  }
  return vm_tell(in, to, bytes_at, size_at);
}

u host_proxy_get_buffer_status(vm* in, u type, u length_at, u flags_at) {
  readable from;
  result found = find_buffer(in, type, &from);
  if (found != OK) return found;
  return vm_write_u32(in, length_at, (u)size_of(&from)) && vm_write_u32(in, flags_at, 0) ? OK : INVALID_MEMORY_ACCESS;
}

/** Envoy's buffers are drained in front and added to behind, and nothing else. */
static void replace_front(const readable* of, size_t length, bytes data) {
  size_t all = of->body.from + of->body.size;
  size_t cut = length < of->body.size ? length : of->body.size;
  char* rest = must_allocate(all);
  readable whole = *of;
  whole.body.from = 0;
  copy_body(&whole, 0, all, rest);
  void* envoy = of->of->envoy;
  ENVOY_CALL(http_drain_body)(envoy, of->body.of, all);
  if (of->body.from > 0) ENVOY_CALL(http_append_body)(envoy, of->body.of, bytes_of(rest, of->body.from));
  if (data.size > 0) ENVOY_CALL(http_append_body)(envoy, of->body.of, data);
  size_t kept = of->body.from + cut;
  if (all > kept) ENVOY_CALL(http_append_body)(envoy, of->body.of, bytes_of(rest + kept, all - kept));
  free(rest);
}

static result replace_in(buffer* all, size_t start, size_t length, bytes data) {
  if (start != 0 && start < all->size) return BAD_ARGUMENT;
  buffer after = {NULL, 0, 0};
  if (start != 0) buffer_add(&after, buffer_bytes(all));
  buffer_add(&after, data);
  if (start == 0) buffer_add(&after, bytes_from(buffer_bytes(all), length));
  buffer_free(all);
  *all = after;
  return OK;
}

u host_proxy_set_buffer_bytes(vm* in, u type, u start, u length, u data_at, u size) {
  readable into;
  result found = find_buffer(in, type, &into);
  if (found != OK) return found;
  bytes data;
  if (!vm_read(in, data_at, size, &data)) return INVALID_MEMORY_ACCESS;
  buffer* passing = passing_body(in, type);
  if (passing != NULL) return replace_in(passing, start, length, data);
  const stream* of = into.of;
  if (of == NULL || !(of->sides[into.to].body || of->sides[into.to].is_buffering)) return BAD_ARGUMENT;
  if (start != 0 && start < into.body.size) return BAD_ARGUMENT;
  if (start == 0 && length >= into.body.size && into.body.from == 0) {
    if (into.body.size > 0) ENVOY_CALL(http_drain_body)(of->envoy, into.body.of, into.body.size);
    if (data.size > 0) ENVOY_CALL(http_append_body)(of->envoy, into.body.of, data);
  } else if (start == 0) {
    replace_front(&into, length, data);
  } else if (data.size > 0) {
    ENVOY_CALL(http_append_body)(of->envoy, into.body.of, data);
  }
  return OK;
}
