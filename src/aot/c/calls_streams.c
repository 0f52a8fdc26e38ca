#include "calls.h"
#include "pairs.h"
#include "stream.h"

#define LAST_GRPC_STATUS 16

u host_proxy_continue_stream(vm* in, u type) {
  if (type >= STREAM_COUNT) return BAD_ARGUMENT;
  stream* of = stream_of(vm_context(in));
  if (of == NULL || type > STREAM_RESPONSE) return type == STREAM_UPSTREAM ? UNIMPLEMENTED : OK;
  stream_continue(of, type == STREAM_REQUEST ? REQUEST : RESPONSE);
  return OK;
}

u host_proxy_close_stream(vm* in, u type) {
  if (type >= STREAM_COUNT) return BAD_ARGUMENT;
  stream* of = stream_of(vm_context(in));
  if (of != NULL && type <= STREAM_RESPONSE) stream_close(of);
  return OK;
}

/** Envoy's details have no blanks. */
static bytes without_blanks(bytes details, char* to, size_t room) {
  size_t size = details.size < room ? details.size : room;
  for (size_t i = 0; i < size; i++) to[i] = strchr(" \t\n\v\f\r", details.at[i]) != NULL && details.at[i] != '\0' ? '_' : details.at[i];
  return bytes_of(to, size);
}

u host_proxy_send_local_response(vm* in, u status, u details_at, u details_size, u body_at, u body_size, u headers_at, u headers_size,
                                 u grpc_status) {
  bytes details, body, pairs;
  bool is_read = vm_read(in, details_at, details_size, &details) && vm_read(in, body_at, body_size, &body) &&
                 vm_read(in, headers_at, headers_size, &pairs);
  if (!is_read) return INVALID_MEMORY_ACCESS;
  in->is_iteration_stopped = true;
  stream* of = stream_of(vm_context(in));
  if (of == NULL) return OK;
  envoy_header room[MAX_PAIRS];
  header_lines headers = pairs_read(pairs, room);
  char text[1024];
  // Envoy's `Http::Code` has two bytes.
  int32_t given = grpc_status <= LAST_GRPC_STATUS ? (int32_t)grpc_status : -1;
  stream_reply(of, reply_new(status & 0xffff, without_blanks(details, text, sizeof(text)), body, headers, given));
  return OK;
}
