// What acts on a stream. Envoy's Wasm engine passes it on as it comes, and Envoy crashes on some of it: on what is not held and goes on, on
// what is closed twice, or answered when it is over. Here that is left undone.
#include "plugin.h"
#include "stream.h"

bool stream_can_act(const stream* of) {
  return of != NULL && !of->is_destroyed && !of->has_ended && !of->is_logging && !of->is_closed;
}

// Replies.

static void run_reply(context* in, void* data) {
  reply** ready = data;
  stream* of = (stream*)in;
  if (of != NULL) stream_enter(of);
  if (!stream_can_act(of) || (of->is_in_callback[REQUEST] && of->prepared != NULL)) reply_free(*ready);
  else if (of->is_in_callback[REQUEST]) of->prepared = *ready;
  else reply_send(of, *ready);
  if (of != NULL) stream_leave(of);
}

void stream_send_prepared(stream* of) {
  reply* prepared = of->prepared;
  of->prepared = NULL;
  if (prepared != NULL && !stream_can_act(of)) reply_free(prepared);
  else if (prepared != NULL) reply_send(of, prepared);
}

void stream_reply(stream* of, reply* ready) {
  reply** data = must_allocate(sizeof(*data));
  *data = ready;
  vm_later(&of->base, run_reply, data);
}

void stream_fail(stream* of) {
  if (of->has_failed || !stream_can_act(of) || (of->base.root != NULL && of->base.root->plugin->config.lets_failed_pass)) return;
  of->has_failed = true;
  if (of->prepared == NULL) reply_send(of, reply_new(503, TEXT("wasm_fail_stream"), NO_BYTES, (header_lines){NULL, 0}, 14));
}

// Going on, and the end.

void stream_let_go(stream* of, direction to) {
  of->is_held[to] = false;
  if (to == REQUEST) ENVOY_CALL(http_filter_continue_decoding)(of->envoy);
  else ENVOY_CALL(http_filter_continue_encoding)(of->envoy);
}

static void go_on(stream* of, direction to) {
  if (!stream_can_act(of)) return;
  if (of->is_in_callback[to]) {
    of->goes_on[to] = true;
  } else if (of->is_held[to] && of->passing == NULL) {
    stream_let_go(of, to);
  }
}

static void run_continue_request(context* in, void* unused) {
  (void)unused;
  go_on((stream*)in, REQUEST);
}

static void run_continue_response(context* in, void* unused) {
  (void)unused;
  go_on((stream*)in, RESPONSE);
}

void stream_continue(stream* of, direction to) {
  vm_later(&of->base, to == REQUEST ? run_continue_request : run_continue_response, NULL);
  // Envoy drops the request's for either direction.
  of->sides[REQUEST].headers = of->sides[REQUEST].body = of->sides[REQUEST].trailers = false;
}

static void run_close(context* in, void* unused) {
  (void)unused;
  stream* of = (stream*)in;
  if (!stream_can_act(of)) return;
  of->is_closed = true;
  ENVOY_CALL(http_filter_reset_stream)(of->envoy, LOCAL_RESET, TEXT("wasm_close_stream"));
}

void stream_close(stream* of) {
  vm_later(&of->base, run_close, NULL);
}
