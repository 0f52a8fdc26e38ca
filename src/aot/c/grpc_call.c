// `proxy_grpc_call` and `proxy_grpc_stream`: Envoy's `Context::grpcCall` and what is around it. A dynamic module has no gRPC client, so
// messages are framed here (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md) and go out as HTTP calls.
#include <stdio.h>

#include "calls.h"
#include "inbox.h"
#include "outgoing.h"
#include "pairs.h"
#include "proto.h"
#include "stream.h"

enum { GRPC_OK = 0, GRPC_UNKNOWN = 2, GRPC_INTERNAL = 13, GRPC_UNAVAILABLE = 14 };
#define FRAME_HEAD 5

static void add_frame(buffer* to, bytes message) {
  unsigned char head[FRAME_HEAD] = {0, (unsigned char)(message.size >> 24), (unsigned char)(message.size >> 16),
                                    (unsigned char)(message.size >> 8), (unsigned char)message.size};
  buffer_add(to, bytes_of(head, sizeof(head)));
  buffer_add(to, message);
}

/** Takes a message off the front. @returns false while it is not all there */
static bool take_frame(bytes* from, bytes* message) {
  if (from->size < FRAME_HEAD) return false;
  const unsigned char* head = (const unsigned char*)from->at;
  size_t size = (size_t)head[1] << 24 | (size_t)head[2] << 16 | (size_t)head[3] << 8 | head[4];
  if (from->size - FRAME_HEAD < size) return false;
  *message = bytes_of(from->at + FRAME_HEAD, size);
  *from = bytes_from(*from, FRAME_HEAD + size);
  return true;
}

// Beginning.

typedef struct {
  bytes target, service, method, metadata;
} request;

static bool read_request(vm* in, const u* at, request* into) {
  return vm_read(in, at[0], at[1], &into->target) && vm_read(in, at[2], at[3], &into->service) && vm_read(in, at[4], at[5], &into->method) &&
         vm_read(in, at[6], at[7], &into->metadata);
}

/** `envoy.config.core.v3.GrpcService.envoy_grpc.cluster_name`; none where the bytes are no such message, and then they are a cluster's name. */
static bytes cluster_of(bytes target) {
  proto_field field;
  bytes rest = target, name = NO_BYTES;
  while (proto_next(&rest, &field)) {
    if (field.number == 1) name = proto_text(field.text, 1);
  }
  return rest.size > 0 ? NO_BYTES : name;
}

static outgoing* prepare(vm* in, outgoing_kind kind, const request* asked, u timeout) {
  outgoing* call = outgoing_new(vm_context(in)->root, kind);
  bytes named = cluster_of(asked->target);
  call->cluster = bytes_copy(named.size > 0 ? named : asked->target);
  call->timeout = timeout;
  buffer path = {NULL, 0, 0};
  buffer_add(&path, TEXT("/"));
  buffer_add(&path, asked->service);
  buffer_add(&path, TEXT("/"));
  buffer_add(&path, asked->method);
  char time[16];
  snprintf(time, sizeof(time), "%um", timeout);
  envoy_header lines[MAX_PAIRS + 8] = {
      {TEXT(":method"), TEXT("POST")},
      {TEXT(":scheme"), TEXT("http")},
      {TEXT(":path"), buffer_bytes(&path)},
      {TEXT(":authority"), call->cluster},
      {TEXT("te"), TEXT("trailers")},
      {TEXT("content-type"), TEXT("application/grpc")},
  };
  size_t count = 6;
  if (timeout > 0) lines[count++] = (envoy_header){TEXT("grpc-timeout"), bytes_of(time, strlen(time))};
  count += pairs_read(asked->metadata, lines + count).count;
  call->headers = headers_copy((header_lines){lines, count});
  buffer_free(&path);
  return call;
}

static u start(vm* in, outgoing* call, bool is_named, u token_at) {
  uint32_t token = call->token;
  result began = outgoing_begin(call);
  if (began != OK) {
    outgoing_forget(call);
    return is_named ? INTERNAL_FAILURE : PARSE_FAILURE;
  }
  return vm_write_u32(in, token_at, token) ? OK : INVALID_MEMORY_ACCESS;
}

u host_proxy_grpc_call(vm* in, u service, u service_size, u name, u name_size, u method, u method_size, u metadata, u metadata_size, u message_at,
                       u message_size, u timeout, u token_at) {
  request asked;
  bytes message;
  u places[] = {service, service_size, name, name_size, method, method_size, metadata, metadata_size};
  if (!read_request(in, places, &asked) || !vm_read(in, message_at, message_size, &message)) return INVALID_MEMORY_ACCESS;
  outgoing* call = prepare(in, GRPC_CALL, &asked, timeout);
  add_frame(&call->body, message);
  call->is_whole = call->is_closed = true;
  return start(in, call, cluster_of(asked.target).size > 0, token_at);
}

u host_proxy_grpc_stream(vm* in, u service, u service_size, u name, u name_size, u method, u method_size, u metadata, u metadata_size,
                         u token_at) {
  request asked;
  u places[] = {service, service_size, name, name_size, method, method_size, metadata, metadata_size};
  if (!read_request(in, places, &asked)) return INVALID_MEMORY_ACCESS;
  return start(in, prepare(in, GRPC_STREAM, &asked, 0), cluster_of(asked.target).size > 0, token_at);
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

// What comes: on the main thread, and from there into the VM's inbox.

typedef struct {
  outgoing* call;
  callback which;
  /** Of a message, or of the end. */
  bytes text;
  uint32_t status;
} event;

static void free_event(void* data) {
  event* old = data;
  bytes_free(old->text);
  outgoing_release(old->call);
  free(old);
}

static void clear(context* in, void* message) {
  if (in != NULL) {
    in->root->message = in->root->status_message = NO_BYTES;
    in->root->answered = NULL;
  }
  (void)message;
}

static void run_event(root* of, void* data) {
  event* came = data;
  outgoing* call = came->call;
  if (!call->is_over) {
    uint32_t argument = came->status;
    of->answered = call;
    of->shown_map = MAP_COUNT;
    bool is_last = call->kind == GRPC_CALL;
    switch (came->which) {
      case CALL_proxy_on_grpc_receive:
        of->message = came->text;
        argument = (uint32_t)came->text.size;
        break;
      case CALL_proxy_on_grpc_receive_initial_metadata:
        of->shown_map = MAP_GRPC_INITIAL_METADATA;
        argument = (uint32_t)call->answer_headers.count;
        break;
      case CALL_proxy_on_grpc_receive_trailing_metadata:
        of->shown_map = MAP_GRPC_TRAILING_METADATA;
        argument = (uint32_t)call->answer_trailers.count;
        break;
      default:
        of->status = came->status;
        of->status_message = came->text;
        // Envoy keeps a stream that the plugin has not closed, so that closing it still succeeds.
        call->is_answered = true;
        is_last |= call->is_closed;
    }
    vm_later(&of->base, clear, NULL);
    if (is_last) outgoing_forget(call);
    vm_invoke(&of->base, came->which, of->base.id, call->token, argument, 0, 0);
  }
  free_event(came);
}

static void post(outgoing* call, callback which, bytes text, uint32_t status) {
  event* new = must_allocate(sizeof(event));
  *new = (event){call, which, bytes_copy(text), status};
  outgoing_keep(call);
  inbox_post(call->of, run_event, free_event, new);
}

static bool find(header_lines in, bytes name, bytes* value) {
  const envoy_header* found = headers_find(in, name);
  if (found != NULL) *value = found->value;
  return found != NULL;
}

void grpc_call_on_headers(outgoing* call) {
  bytes status;
  bool is_good = find(call->answer_headers, TEXT(":status"), &status) && bytes_equal(status, TEXT("200"));
  if (is_good && call->kind == GRPC_STREAM) post(call, CALL_proxy_on_grpc_receive_initial_metadata, NO_BYTES, 0);
}

void grpc_call_on_data(outgoing* call) {
  if (call->kind != GRPC_STREAM) return;
  bytes rest = buffer_bytes(&call->answer_body), message;
  while (take_frame(&rest, &message)) post(call, CALL_proxy_on_grpc_receive, message, 0);
  if (rest.size > 0) memmove(call->answer_body.at, rest.at, rest.size);
  call->answer_body.size = rest.size;
}

/** In trailers, or, where there is nothing else, in headers. */
static uint32_t status_of(const outgoing* call, bytes* message) {
  bytes text = NO_BYTES, http = NO_BYTES;
  uint64_t number;
  *message = NO_BYTES;
  find(call->answer_headers, TEXT(":status"), &http);
  bool is_in_trailers = find(call->answer_trailers, TEXT("grpc-status"), &text);
  header_lines from = is_in_trailers ? call->answer_trailers : call->answer_headers;
  if (is_in_trailers || find(call->answer_headers, TEXT("grpc-status"), &text)) {
    find(from, TEXT("grpc-message"), message);
    return bytes_to_number(text, &number) ? (uint32_t)number : GRPC_UNKNOWN;
  }
  if (bytes_to_number(http, &number) && number != 200) return (uint32_t)grpc_status_of((uint32_t)number);
  return call->has_failed ? GRPC_UNAVAILABLE : GRPC_UNKNOWN;
}

void grpc_call_on_end(outgoing* call) {
  bytes message, answer, rest = buffer_bytes(&call->answer_body);
  uint32_t status = status_of(call, &message);
  if (call->kind == GRPC_STREAM) {
    if (call->answer_trailers.at != NULL) post(call, CALL_proxy_on_grpc_receive_trailing_metadata, NO_BYTES, 0);
  } else if (status == GRPC_OK) {
    if (take_frame(&rest, &answer)) {
      post(call, CALL_proxy_on_grpc_receive, answer, 0);
      return;
    }
    status = GRPC_INTERNAL;
  }
  post(call, CALL_proxy_on_grpc_close, message, status);
}
