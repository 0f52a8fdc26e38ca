// `proxy_grpc_call` and `proxy_grpc_stream`: Envoy's `Context::grpcCall` and what is around it. A dynamic module has no gRPC client, so
// messages are framed here and go out as HTTP calls. What comes of them: grpc_answer.c.
#include <stdio.h>

#include "calls.h"
#include "grpc.h"
#include "outgoing.h"
#include "pairs.h"

static void add_frame(buffer* to, bytes message) {
  unsigned char head[GRPC_FRAME_HEAD] = {0, (unsigned char)(message.size >> 24), (unsigned char)(message.size >> 16),
                                         (unsigned char)(message.size >> 8), (unsigned char)message.size};
  buffer_add(to, bytes_of(head, sizeof(head)));
  buffer_add(to, message);
}

// Beginning.

/** Those that every call has. */
#define MAX_OWN_LINES 7

typedef struct {
  bytes target, service, method, metadata;
} request;

static bool read_request(vm* in, const u* at, request* into) {
  return vm_read(in, at[0], at[1], &into->target) && vm_read(in, at[2], at[3], &into->service) && vm_read(in, at[4], at[5], &into->method) &&
         vm_read(in, at[6], at[7], &into->metadata);
}

static void set_line(envoy_header* lines, size_t* count, envoy_header line) {
  size_t at = 0;
  while (at < *count && !bytes_equal_ignoring_case(lines[at].name, line.name)) at++;
  lines[at] = line;
  if (at == *count) ++*count;
}

/** `Grpc::Common::toGrpcTimeout`: of at most eight digits. */
static void write_timeout(char* to, size_t room, u milliseconds) {
  bool is_small = milliseconds < 100000000;
  snprintf(to, room, "%u%c", is_small ? milliseconds : milliseconds / 1000, is_small ? 'm' : 'S');
}

static bool is_binary(bytes name) {
  const bytes suffix = TEXT("-bin");
  return name.size >= suffix.size && bytes_equal_ignoring_case(bytes_from(name, name.size - suffix.size), suffix);
}

/** As metadata that is binary is written. @param to where four bytes are for each three, and rest of three, of the value */
static bytes write_base64(char* to, bytes value) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  size_t size = 0;
  for (size_t i = 0; i < value.size; i += 3) {
    size_t left = value.size - i;
    uint32_t bits = 0;
    for (size_t j = 0; j < 3; j++) bits = bits << 8 | (j < left ? (unsigned char)value.at[i + j] : 0);
    for (size_t j = 0; j < 4; j++) to[size++] = j <= left ? digits[bits >> (18 - 6 * j) & 63] : '=';
  }
  return bytes_of(to, size);
}

/** @returns what their binary values lie in now, to be freed */
static char* encode_binary(envoy_header* lines, size_t count) {
  size_t size = 0;
  for (size_t i = 0; i < count; i++) size += (lines[i].value.size + 2) / 3 * 4;
  char *texts = must_allocate(size), *to = texts;
  for (size_t i = 0; i < count; i++) {
    if (!is_binary(lines[i].name)) continue;
    lines[i].value = write_base64(to, lines[i].value);
    to += lines[i].value.size;
  }
  return texts;
}

/** `Grpc::Common::prepareHeaders`, then the service's own metadata, which replaces, then the plugin's, which is added. */
static header_lines copy_headers(outgoing_kind kind, const request* asked, const grpc_target* target, u timeout) {
  buffer path = {NULL, 0, 0};
  buffer_add(&path, TEXT("/"));
  buffer_add(&path, asked->service);
  buffer_add(&path, TEXT("/"));
  buffer_add(&path, asked->method);
  char time[16];
  write_timeout(time, sizeof(time), timeout);
  envoy_header* lines = must_allocate((MAX_OWN_LINES + target->metadata_count + MAX_PAIRS) * sizeof(envoy_header));
  size_t count = 0;
  lines[count++] = (envoy_header){TEXT(":method"), TEXT("POST")};
  lines[count++] = (envoy_header){TEXT(":path"), buffer_bytes(&path)};
  lines[count++] = (envoy_header){TEXT(":authority"), target->authority.size > 0 ? target->authority : target->cluster};
  lines[count++] = (envoy_header){TEXT(":scheme"), TEXT("http")};
  lines[count++] = (envoy_header){TEXT("te"), TEXT("trailers")};
  if (kind == GRPC_CALL) lines[count++] = (envoy_header){TEXT("grpc-timeout"), bytes_of(time, strlen(time))};
  lines[count++] = (envoy_header){TEXT("content-type"), TEXT("application/grpc")};
  for (size_t i = 0; i < target->metadata_count; i++) set_line(lines, &count, target->metadata[i]);
  count += pairs_read(asked->metadata, lines + count).count;
  char* encoded = encode_binary(lines, count);
  header_lines copy = headers_copy((header_lines){lines, count});
  free(encoded);
  free(lines);
  buffer_free(&path);
  return copy;
}

/** @param call set where the answer is OK */
static result prepare(vm* in, outgoing_kind kind, const request* asked, u timeout, outgoing** call) {
  grpc_target target;
  result read = grpc_target_read(asked->target, &target);
  if (read != OK) return read;
  outgoing* new = outgoing_new(vm_context(in)->root, kind);
  new->cluster = bytes_copy(target.cluster);
  new->timeout = timeout;
  new->max_message = target.max_message;
  new->is_named = target.is_named;
  new->headers = copy_headers(kind, asked, &target, timeout);
  *call = new;
  return OK;
}

static u start(vm* in, outgoing* call, u token_at) {
  uint32_t token = call->token;
  bool is_named = call->is_named;
  result began = outgoing_begin(call);
  if (began != OK) {
    outgoing_forget(call);
    return is_named ? PARSE_FAILURE : INTERNAL_FAILURE;
  }
  return vm_write_u32(in, token_at, token) ? OK : INVALID_MEMORY_ACCESS;
}

u host_proxy_grpc_call(vm* in, u service, u service_size, u name, u name_size, u method, u method_size, u metadata, u metadata_size, u message_at,
                       u message_size, u timeout, u token_at) {
  request asked;
  bytes message;
  u places[] = {service, service_size, name, name_size, method, method_size, metadata, metadata_size};
  if (!read_request(in, places, &asked) || !vm_read(in, message_at, message_size, &message)) return INVALID_MEMORY_ACCESS;
  outgoing* call;
  result prepared = prepare(in, GRPC_CALL, &asked, timeout, &call);
  if (prepared != OK) return prepared;
  add_frame(&call->body, message);
  call->is_whole = call->is_closed = true;
  return start(in, call, token_at);
}

u host_proxy_grpc_stream(vm* in, u service, u service_size, u name, u name_size, u method, u method_size, u metadata, u metadata_size,
                         u token_at) {
  request asked;
  u places[] = {service, service_size, name, name_size, method, method_size, metadata, metadata_size};
  if (!read_request(in, places, &asked)) return INVALID_MEMORY_ACCESS;
  outgoing* call;
  result prepared = prepare(in, GRPC_STREAM, &asked, 0, &call);
  return prepared == OK ? start(in, call, token_at) : prepared;
}

// The kind is in the two low bits of a token.

u host_proxy_grpc_send(vm* in, u token, u message_at, u size, u is_end) {
  bytes message;
  if (!vm_read(in, message_at, size, &message)) return INVALID_MEMORY_ACCESS;
  if ((token & 3) != GRPC_STREAM) return BAD_ARGUMENT;
  outgoing* call = outgoing_find(vm_context(in)->root, token);
  if (call == NULL) return NOT_FOUND;
  buffer frame = {NULL, 0, 0};
  add_frame(&frame, message);
  outgoing_send(call, buffer_bytes(&frame), is_end != 0);
  buffer_free(&frame);
  if (is_end != 0) call->is_closed = true;
  return OK;
}

static u end(vm* in, u token, bool is_cancelled) {
  if ((token & 3) != GRPC_CALL && (token & 3) != GRPC_STREAM) return BAD_ARGUMENT;
  outgoing* call = outgoing_find(vm_context(in)->root, token);
  if (call == NULL) return NOT_FOUND;
  if (is_cancelled || call->kind == GRPC_CALL || call->is_answered) {
    outgoing_forget(call);
  } else {
    call->is_closed = true;
    outgoing_send(call, NO_BYTES, true);
  }
  return OK;
}

u host_proxy_grpc_close(vm* in, u token) {
  return end(in, token, false);
}

u host_proxy_grpc_cancel(vm* in, u token) {
  return end(in, token, true);
}
