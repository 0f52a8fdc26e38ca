// What comes of a gRPC call: Envoy's `Grpc::AsyncStreamImpl`, and what its Wasm engine makes of that.
#include "calls.h"
#include "grpc.h"
#include "inbox.h"
#include "outgoing.h"
#include "stream.h"

enum { GRPC_OK = 0, GRPC_UNKNOWN = 2, GRPC_RESOURCE_EXHAUSTED = 8, GRPC_INTERNAL = 13, GRPC_UNAVAILABLE = 14 };
/** Envoy's `InvalidCode`, for what is no status of gRPC's. */
#define GRPC_NO_STATUS UINT32_MAX
#define GRPC_LAST_STATUS 16

// On the main thread, and from there into the VM's inbox.

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

// The end.

static void finish(outgoing* call, uint32_t status, bytes message) {
  call->is_finished = true;
  bool has_message = call->message.at != NULL;
  if (call->kind == GRPC_CALL && status == GRPC_OK && has_message) {
    post(call, CALL_proxy_on_grpc_receive, call->message, 0);
  } else if (call->kind == GRPC_CALL && status == GRPC_OK) {
    post(call, CALL_proxy_on_grpc_close, NO_BYTES, GRPC_INTERNAL);
  } else {
    post(call, CALL_proxy_on_grpc_close, message, status);
  }
  // Its other direction may be open.
  outgoing_end_soon(call);
}

/** `AsyncStreamImpl::streamError` */
static void fail(outgoing* call, uint32_t status) {
  if (call->kind == GRPC_STREAM) post(call, CALL_proxy_on_grpc_receive_trailing_metadata, NO_BYTES, 0);
  finish(call, status, NO_BYTES);
}

static bytes value_of(header_lines in, bytes name) {
  const envoy_header* found = headers_find(in, name);
  return found == NULL ? NO_BYTES : found->value;
}

/** `Grpc::Common::getGrpcStatus` */
static uint32_t status_in(header_lines trailers) {
  bytes text = value_of(trailers, TEXT("grpc-status"));
  uint64_t number;
  if (text.size == 0) return GRPC_UNKNOWN;
  return bytes_to_number(text, &number) && number <= GRPC_LAST_STATUS ? (uint32_t)number : GRPC_NO_STATUS;
}

void grpc_call_on_trailers(outgoing* call) {
  if (call->kind == GRPC_STREAM) post(call, CALL_proxy_on_grpc_receive_trailing_metadata, NO_BYTES, 0);
  finish(call, status_in(call->answer_trailers), value_of(call->answer_trailers, TEXT("grpc-message")));
}

void grpc_call_on_headers(outgoing* call, bool is_end) {
  uint64_t http = 0;
  bytes_to_number(value_of(call->answer_headers, TEXT(":status")), &http);
  bool has_status = value_of(call->answer_headers, TEXT("grpc-status")).size > 0;
  if (is_end) {
    // Headers alone are trailers.
    call->answer_trailers = call->answer_headers;
    call->answer_headers = (header_lines){NULL, 0};
  } else if (http != 200) {
    headers_free(&call->answer_headers);
  }
  if (http != 200 && !(is_end && has_status)) headers_free(&call->answer_trailers);
  if (call->kind == GRPC_STREAM) post(call, CALL_proxy_on_grpc_receive_initial_metadata, NO_BYTES, 0);
  if (http != 200 && !(is_end && has_status)) fail(call, (uint32_t)grpc_status_of((uint32_t)http));
  else if (is_end) grpc_call_on_trailers(call);
}

// Messages: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md

#define COMPRESSED 1

static size_t size_in(const char* frame) {
  const unsigned char* head = (const unsigned char*)frame;
  return (size_t)head[1] << 24 | (size_t)head[2] << 16 | (size_t)head[3] << 8 | head[4];
}

/** Whether the heads of all frames are good, of which one may be to come: where one is not, none is given out. */
static uint32_t status_of_heads(bytes all, size_t max_message) {
  while (all.size > 0) {
    if ((all.at[0] & ~COMPRESSED) != 0) return GRPC_INTERNAL;
    if (all.size < GRPC_FRAME_HEAD) break;
    size_t size = size_in(all.at);
    if (max_message > 0 && size > max_message) return GRPC_RESOURCE_EXHAUSTED;
    all = bytes_from(all, GRPC_FRAME_HEAD + size);
  }
  return GRPC_OK;
}

/** Takes a frame off the front. @returns false while it is not all there */
static bool take_frame(bytes* from, bytes* message, bool* is_compressed) {
  if (from->size < GRPC_FRAME_HEAD || from->size - GRPC_FRAME_HEAD < size_in(from->at)) return false;
  *message = bytes_of(from->at + GRPC_FRAME_HEAD, size_in(from->at));
  *is_compressed = from->at[0] == COMPRESSED && message->size > 0;
  *from = bytes_from(*from, GRPC_FRAME_HEAD + message->size);
  return true;
}

static void give(outgoing* call, bytes message) {
  if (call->kind == GRPC_STREAM) {
    post(call, CALL_proxy_on_grpc_receive, message, 0);
  } else {
    // Of several messages Envoy gives the last.
    bytes_free(call->message);
    call->message = bytes_copy(message);
  }
}

void grpc_call_on_data(outgoing* call, bool is_end) {
  bytes rest = buffer_bytes(&call->answer_body), message;
  uint32_t status = status_of_heads(rest, call->max_message);
  bool is_compressed = false;
  while (status == GRPC_OK && !is_compressed && take_frame(&rest, &message, &is_compressed)) {
    if (!is_compressed) give(call, message);
  }
  if (status != GRPC_OK || is_compressed) {
    fail(call, status != GRPC_OK ? status : GRPC_INTERNAL);
  } else if (is_end) {
    fail(call, GRPC_UNKNOWN);
  } else {
    if (rest.size > 0) memmove(call->answer_body.at, rest.at, rest.size);
    call->answer_body.size = rest.size;
  }
}

void grpc_call_on_end(outgoing* call) {
  // To a cluster that is not there no stream is begun.
  if (call->is_refused) finish(call, GRPC_UNAVAILABLE, NO_BYTES);
  else fail(call, call->has_failed ? GRPC_INTERNAL : GRPC_UNKNOWN);
}
