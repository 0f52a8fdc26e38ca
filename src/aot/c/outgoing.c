#include "outgoing.h"

#include "inbox.h"
#include "plugin.h"

/** Of the body of an answer to `proxy_http_call`: Envoy's `http.async_response_buffer_limit`. A larger one is a failure. */
#define MAX_ANSWER ((size_t)32 << 20)

// Of a plugin.

outgoing* outgoing_new(root* of, outgoing_kind kind) {
  vm* in = of->base.vm;
  uint32_t* tokens[] = {&in->http_token, &in->grpc_call_token, &in->grpc_stream_token};
  outgoing* new = must_allocate(sizeof(outgoing));
  new->kind = kind;
  new->token = *tokens[kind] += 4;
  new->of = of;
  new->references = 1;
  new->next = of->calls;
  of->calls = new;
  root_keep(of);
  return new;
}

outgoing* outgoing_find(root* of, uint32_t token) {
  outgoing* at = of->calls;
  while (at != NULL && at->token != token) at = at->next;
  return at;
}

void outgoing_keep(outgoing* of) {
  __atomic_add_fetch(&of->references, 1, __ATOMIC_RELAXED);
}

void outgoing_release(outgoing* of) {
  if (__atomic_sub_fetch(&of->references, 1, __ATOMIC_ACQ_REL) > 0) return;
  bytes_free(of->cluster);
  headers_free(&of->headers);
  headers_free(&of->answer_headers);
  headers_free(&of->answer_trailers);
  buffer_free(&of->body);
  buffer_free(&of->answer_body);
  bytes_free(of->message);
  root* owner = of->of;
  free(of);
  root_release(owner);
}

// Orders to the main thread.

typedef enum { BEGIN, SEND, END } order_kind;

struct order {
  order* next;
  order_kind kind;
  outgoing* call;
  bytes data;
  bool is_end;
};

static void free_order(order* old) {
  bytes_free(old->data);
  outgoing_release(old->call);
  free(old);
}

/** Begins it in Envoy. Whatever comes of it may come before this returns. */
static envoy_call_result begin(plugin* with, outgoing* call) {
  call->is_active = true;
  call->stream_id = UINT64_MAX;
  outgoing_keep(call);
  call->next_active = with->active;
  with->active = call;
  uint64_t id = UINT64_MAX;
  with->beginning = call;
  envoy_call_result came = ENVOY_CALL(http_filter_config_start_http_stream)(
      with->envoy, &id, call->cluster, call->headers.at, call->headers.count, buffer_bytes(&call->body), call->is_whole, call->timeout);
  with->beginning = NULL;
  if (call->is_active && call->stream_id == UINT64_MAX) call->stream_id = id;
  return came;
}

/** It is over for Envoy. */
static void deactivate(plugin* with, outgoing* call) {
  if (!call->is_active) return;
  call->is_active = false;
  outgoing** at = &with->active;
  while (*at != call) at = &(*at)->next_active;
  *at = call->next_active;
  outgoing_release(call);
}

/** Nothing more comes of it. */
static void end(outgoing* call, bool has_failed) {
  call->has_failed = has_failed;
  call->is_ended = true;
  if (call->kind == HTTP_CALL) http_call_on_end(call);
  else if (!call->is_finished) grpc_call_on_end(call);
}

static void carry_out(plugin* with, order* given) {
  outgoing* call = given->call;
  switch (given->kind) {
    case BEGIN:
      if (call->is_over || begin(with, call) == CALL_STARTED) break;
      deactivate(with, call);
      call->is_refused = true;
      end(call, true);
      break;
    case SEND:
      if (call->is_active) {
        ENVOY_CALL(http_filter_config_stream_send_data)(with->envoy, call->stream_id, given->data, given->is_end);
      }
      break;
    case END:
      if (call->is_active) ENVOY_CALL(http_filter_config_reset_http_stream)(with->envoy, call->stream_id);
  }
  free_order(given);
}

static void give(outgoing* call, order_kind kind, bytes data, bool is_end) {
  plugin* with = root_keep_plugin(call->of);
  order* new = must_allocate(sizeof(order));
  outgoing_keep(call);
  *new = (order){NULL, kind, call, bytes_copy(data), is_end};
  pthread_mutex_lock(&with->envoy_lock);
  bool is_possible = with->envoy != NULL;
  if (is_possible) {
    *with->orders_end = new;
    with->orders_end = &new->next;
  }
  pthread_mutex_unlock(&with->envoy_lock);
  if (is_possible) plugin_wake_main(with);
  else free_order(new);
  plugin_release(with);
}

static order* take(plugin* of) {
  pthread_mutex_lock(&of->envoy_lock);
  order* first = of->orders;
  if (first != NULL) {
    of->orders = first->next;
    if (of->orders == NULL) of->orders_end = &of->orders;
  }
  pthread_mutex_unlock(&of->envoy_lock);
  return first;
}

void outgoing_work(plugin* of) {
  for (order* next = take(of); next != NULL; next = take(of)) carry_out(of, next);
}

void outgoing_drop_orders(plugin* of) {
  for (order* next = take(of); next != NULL; next = take(of)) {
    if (next->kind == BEGIN && !next->call->is_over) end(next->call, true);
    free_order(next);
  }
  while (of->active != NULL) {
    outgoing* call = of->active;
    outgoing_keep(call);
    deactivate(of, call);
    if (!call->is_over) end(call, true);
    outgoing_release(call);
  }
}

result outgoing_begin(outgoing* call) {
  plugin* with = call->of->plugin;
  if (!is_main_thread() || with->envoy == NULL) {
    give(call, BEGIN, NO_BYTES, false);
    return OK;
  }
  envoy_call_result came = begin(with, call);
  if (came == CALL_STARTED) return OK;
  deactivate(with, call);
  return came == CALL_CANNOT_BE_CREATED ? INTERNAL_FAILURE : BAD_ARGUMENT;
}

void outgoing_send(outgoing* call, bytes data, bool is_end) {
  give(call, SEND, data, is_end);
}

void outgoing_end_soon(outgoing* call) {
  give(call, END, NO_BYTES, false);
}

void outgoing_forget(outgoing* call) {
  outgoing** at = &call->of->calls;
  while (*at != NULL && *at != call) at = &(*at)->next;
  if (*at == NULL) return;
  *at = call->next;
  call->is_over = true;
  if (!call->is_ended) outgoing_end_soon(call);
  outgoing_release(call);
}

void outgoing_forget_all(root* of) {
  while (of->calls != NULL) outgoing_forget(of->calls);
}

// From Envoy.

static outgoing* find_active(plugin* of, uint64_t stream_id) {
  outgoing* at = of->active;
  while (at != NULL && at->stream_id != stream_id) at = at->next_active;
  if (at == NULL && of->beginning != NULL && of->beginning->is_active) {
    at = of->beginning;
    at->stream_id = stream_id;
  }
  return at;
}

void outgoing_on_headers(plugin* of, uint64_t stream_id, header_lines headers, bool is_end) {
  outgoing* call = find_active(of, stream_id);
  if (call == NULL || call->is_finished) return;
  headers_free(&call->answer_headers);
  call->answer_headers = headers_copy(headers);
  if (call->kind != HTTP_CALL) grpc_call_on_headers(call, is_end);
}

void outgoing_on_data(plugin* of, uint64_t stream_id, const bytes* chunks, size_t count, bool is_end) {
  outgoing* call = find_active(of, stream_id);
  if (call == NULL || call->is_finished) return;
  for (size_t i = 0; i < count && !call->is_too_large; i++) {
    call->is_too_large = call->kind == HTTP_CALL && chunks[i].size > MAX_ANSWER - call->answer_body.size;
    if (call->is_too_large) buffer_free(&call->answer_body);
    else buffer_add(&call->answer_body, chunks[i]);
  }
  if (call->kind != HTTP_CALL) grpc_call_on_data(call, is_end);
}

void outgoing_on_trailers(plugin* of, uint64_t stream_id, header_lines trailers) {
  outgoing* call = find_active(of, stream_id);
  if (call == NULL || call->is_finished) return;
  headers_free(&call->answer_trailers);
  call->answer_trailers = headers_copy(trailers);
  if (call->kind != HTTP_CALL) grpc_call_on_trailers(call);
}

void outgoing_on_end(plugin* of, uint64_t stream_id, bool is_reset) {
  outgoing* call = find_active(of, stream_id);
  if (call == NULL) return;
  outgoing_keep(call);
  deactivate(of, call);
  end(call, is_reset || call->is_too_large);
  outgoing_release(call);
}
