// `proxy_http_call`: Envoy's `Context::httpCall`, `onHttpCallSuccess` and `onHttpCallFailure`.
#include <stdio.h>

#include "calls.h"
#include "inbox.h"
#include "outgoing.h"
#include "pairs.h"

static bool has(header_lines headers, bytes name) {
  return headers_find(headers, name) != NULL;
}

/** @param room that they are in, with a place more */
static header_lines set_content_length(header_lines headers, envoy_header* room, bytes digits) {
  size_t kept = 0;
  for (size_t i = 0; i < headers.count; i++) {
    if (!bytes_equal_ignoring_case(room[i].name, TEXT("content-length"))) room[kept++] = room[i];
  }
  room[kept++] = (envoy_header){TEXT("content-length"), digits};
  return (header_lines){room, kept};
}

uint32_t host_proxy_http_call(vm* of, uint32_t cluster_at, uint32_t cluster_size, uint32_t headers_at, uint32_t headers_size, uint32_t body_at,
                              uint32_t body_size, uint32_t trailers_at, uint32_t trailers_size, uint32_t timeout, uint32_t token_at) {
  // Envoy takes trailers, and sends none.
  bytes cluster, body, headers_bytes, trailers_bytes;
  bool is_read = vm_read(of, cluster_at, cluster_size, &cluster) && vm_read(of, body_at, body_size, &body) &&
                 vm_read(of, headers_at, headers_size, &headers_bytes) && vm_read(of, trailers_at, trailers_size, &trailers_bytes);
  if (!is_read || !vm_write_u32(of, token_at, 0)) return INVALID_MEMORY_ACCESS;
  envoy_header room[MAX_PAIRS + 1];
  header_lines headers = pairs_read(headers_bytes, room);
  bool is_whole = has(headers, TEXT(":method")) && has(headers, TEXT(":path")) && (has(headers, TEXT(":authority")) || has(headers, TEXT("host")));
  if ((int32_t)timeout < 0 || !is_whole) return BAD_ARGUMENT;
  char digits[16];
  if (body.size > 0) {
    int size = snprintf(digits, sizeof(digits), "%zu", body.size);
    headers = set_content_length(headers, room, bytes_of(digits, (size_t)size));
  }
  outgoing* call = outgoing_new(vm_context(of)->root, HTTP_CALL);
  call->cluster = bytes_copy(cluster);
  call->headers = headers_copy(headers);
  buffer_add(&call->body, body);
  call->timeout = timeout;
  call->is_whole = true;
  uint32_t token = call->token;
  result began = outgoing_begin(call);
  if (began != OK) {
    outgoing_forget(call);
    return began;
  }
  vm_write_u32(of, token_at, token);
  return OK;
}

static void take_answer_away(context* in, void* unused) {
  (void)unused;
  if (in == NULL) return;
  in->root->answered = NULL;
  in->root->status_message = NO_BYTES;
}

static void run_answer(root* of, void* data) {
  outgoing* call = data;
  if (!call->is_over) {
    if (call->has_failed) {
      of->status = BROKEN_CONNECTION;
      of->status_message = TEXT("reset");
    } else {
      of->answered = call;
    }
    // Envoy takes the answer away before it does what the callback puts off.
    vm_later(&of->base, take_answer_away, NULL);
    const outgoing* given = of->answered;
    uint32_t sizes[3] = {0, 0, 0};
    if (given != NULL) {
      sizes[0] = (uint32_t)given->answer_headers.count;
      sizes[1] = (uint32_t)given->answer_body.size;
      sizes[2] = (uint32_t)given->answer_trailers.count;
    }
    // It is answered, whatever becomes of the plugin meanwhile.
    outgoing_forget(call);
    vm_invoke(&of->base, CALL_proxy_on_http_call_response, of->base.id, call->token, sizes[0], sizes[1], sizes[2]);
  }
  outgoing_release(call);
}

static void drop_answer(void* call) {
  outgoing_release(call);
}

void http_call_on_end(outgoing* call) {
  outgoing_keep(call);
  inbox_post(call->of, run_answer, drop_answer, call);
}
