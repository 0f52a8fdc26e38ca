#include "grpc.h"
#include "log.h"
#include "proto.h"

typedef enum { NO_CLIENT, ENVOY_GRPC, GOOGLE_GRPC } client;

/** @returns whether it is a message */
static bool read_envoy_grpc(bytes message, grpc_target* into) {
  proto_field field;
  while (proto_next(&message, &field)) {
    if (field.number == 1) into->cluster = field.text;
    if (field.number == 2) into->authority = field.text;
    proto_field limit;
    if (field.number == 4 && proto_next(&field.text, &limit)) into->max_message = (uint32_t)limit.value;
  }
  return message.size == 0;
}

/** `envoy.config.core.v3.HeaderValue`. @returns whether it is a message */
static bool read_header(bytes message, envoy_header* into) {
  proto_field field;
  *into = (envoy_header){NO_BYTES, NO_BYTES};
  while (proto_next(&message, &field)) {
    if (field.number == 1) into->name = field.text;
    if (field.number == 2) into->value = field.text;
  }
  return message.size == 0;
}

/** @returns whether it is a message */
static bool read_service(bytes message, client* by, grpc_target* into) {
  proto_field field;
  while (into->metadata_count < MAX_PAIRS && proto_next(&message, &field)) {
    if (field.number == 1 || field.number == 2) {
      // Of a oneof the last counts.
      client next = field.number == 1 ? ENVOY_GRPC : GOOGLE_GRPC;
      if (*by != next) into->cluster = into->authority = NO_BYTES, into->max_message = 0;
      *by = next;
      if (next == ENVOY_GRPC && !read_envoy_grpc(field.text, into)) return false;
    } else if (field.number == 5) {
      envoy_header* line = &into->metadata[into->metadata_count];
      if (!read_header(field.text, line)) return false;
      // As Envoy adds no line that lacks one of them.
      into->metadata_count += line->name.size > 0 && line->value.size > 0;
    }
  }
  return message.size == 0;
}

static void clear(grpc_target* of, bytes cluster) {
  of->is_named = false;
  of->cluster = cluster;
  of->authority = NO_BYTES;
  of->max_message = 0;
  of->metadata_count = 0;
}

/** `Router::HeaderParser` */
static bool may_be_set(bytes name) {
  return name.at[0] != ':' && !bytes_equal_ignoring_case(name, TEXT("host"));
}

result grpc_target_read(bytes service, grpc_target* into) {
  client by = NO_CLIENT;
  clear(into, NO_BYTES);
  if (!read_service(service, &by, into)) {
    clear(into, service);
    into->is_named = true;
    return OK;
  }
  for (size_t i = 0; i < into->metadata_count; i++) {
    if (!may_be_set(into->metadata[i].name)) return BAD_ARGUMENT;
  }
  if (by == GOOGLE_GRPC) log_line(LOG_WARN, "filterwright aot: a gRPC service by google_grpc, which Envoy gives no dynamic module: take envoy_grpc");
  // Envoy ends itself where there is none.
  return by == ENVOY_GRPC ? OK : by == GOOGLE_GRPC ? UNIMPLEMENTED : PARSE_FAILURE;
}
