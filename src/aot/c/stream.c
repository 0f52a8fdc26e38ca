#include "stream.h"

#include "plugin.h"

stream* stream_new(root* in, void* envoy, bool is_bypassed) {
  stream* new = must_allocate(sizeof(stream));
  new->base.is_stream = true;
  new->base.root = in;
  new->envoy = envoy;
  new->is_bypassed = is_bypassed;
  if (in == NULL) return new;
  root_keep(in);
  vm_register(in->base.vm, &new->base);
  in->base.vm->stream_thread = this_thread();
  return new;
}

static void free_unused(stream* of) {
  if (!of->is_destroyed || of->uses > 0) return;
  root* in = of->base.root;
  free(of);
  if (in != NULL) root_release(in);
}

void stream_enter(stream* of) {
  of->uses++;
  if (of->base.root != NULL) vm_lock(of->base.vm);
}

void stream_leave(stream* of) {
  if (of->base.root != NULL) vm_unlock(of->base.vm);
  of->uses--;
  // With the VM unlocked: it may be the last that is in it.
  free_unused(of);
}

// Callbacks.

static const callback header_callbacks[] = {CALL_proxy_on_request_headers, CALL_proxy_on_response_headers};
static const callback body_callbacks[] = {CALL_proxy_on_request_body, CALL_proxy_on_response_body};
static const callback trailer_callbacks[] = {CALL_proxy_on_request_trailers, CALL_proxy_on_response_trailers};
static const envoy_map headers_of[] = {REQUEST_HEADERS, RESPONSE_HEADERS};
static const envoy_map trailers_of[] = {REQUEST_TRAILERS, RESPONSE_TRAILERS};

static void create(stream* of) {
  if (of->is_created) return;
  of->is_created = true;
  if (!of->is_listed) {
    of->is_listed = true;
    inbox_add_stream(of->base.vm, of);
  }
  vm_invoke(&of->base, CALL_proxy_on_context_create, of->base.id, of->base.root->base.id, 0, 0, 0);
}

static bool has_failed(const stream* of) {
  return of->base.root == NULL || of->base.vm->has_failed;
}

/** A callback lets the message go on, and yet answers that it holds it. @returns the status that it is to have */
static int go_on_from(stream* of, callback which, direction to, int status) {
  // What an earlier callback has held goes on, and what this one has seen is held.
  if (of->is_held[to]) stream_let_go(of, to);
  else if (which == header_callbacks[to]) return 0;
  return status;
}

/** What there is to do around a callback: `in` does it, and is not called for a stream that the plugin does not see. */
static inline int with(stream* of, callback which, direction to, bool is_end, int closed, int (*in)(stream*, direction, bool)) {
  if (of->is_bypassed || of->has_ended) return 0;
  if (of->is_closed) return closed;
  // A response does not reach a filter whose request did not, or that has failed.
  if (to == RESPONSE && (!of->is_created || of->has_failed)) return 0;
  if (of->is_created && !has_failed(of) && of->base.vm->callbacks[which] == NULL) {
    // With it goes on what an earlier callback has held.
    if (of->passing == NULL) of->is_held[to] = false;
    return 0;
  }
  int status = closed;
  stream_enter(of);
  bool was_in_callback = of->is_in_callback[to];
  of->is_in_callback[to] = true;
  of->goes_on[to] = false;
  if (!has_failed(of)) status = in(of, to, is_end);
  of->is_in_callback[to] = was_in_callback;
  bool is_prepared = to == REQUEST && !was_in_callback && of->prepared != NULL;
  if (is_prepared) stream_send_prepared(of);
  if (of->is_destroyed || of->is_closed) {
    status = closed;
  } else if (has_failed(of)) {
    // Of several answers in one callback Envoy takes the first.
    if (is_prepared) of->has_failed = true;
    else stream_fail(of);
    status = of->has_failed ? closed : 0;
  } else if (is_prepared) {
    status = closed;
  } else if (of->goes_on[to] && status != 0) {
    status = go_on_from(of, which, to, status);
  }
  if (of->passing == NULL) of->is_held[to] = status != 0;
  stream_leave(of);
  return status;
}

/** `convertVmCallResultToFilterHeadersStatus`, and Envoy's own conversion. */
static int headers_status(outcome came, bool allows_stop_iteration) {
  if (came.is_stopped || came.value > HEADERS_STOP_ALL_AND_WATERMARK) return HEADERS_STOP_ALL_AND_WATERMARK;
  if (came.value == HEADERS_STOP && !allows_stop_iteration) return HEADERS_STOP_ALL_AND_WATERMARK;
  return came.value == HEADERS_CONTINUE_AND_DONT_END ? HEADERS_CONTINUE : (int)came.value;
}

static int on_headers(stream* of, direction to, bool is_end) {
  create(of);
  if (of->is_destroyed) return HEADERS_STOP_ALL_AND_WATERMARK;
  side* here = &of->sides[to];
  if (to == RESPONSE) of->has_response = true;
  here->headers = true;
  of->is_at_end = is_end;
  if (of->base.vm->callbacks[header_callbacks[to]] == NULL) {
    here->headers = false;
    return HEADERS_CONTINUE;
  }
  uint32_t count = (uint32_t)(of->passing != NULL && to == RESPONSE ? of->passing->count : ENVOY_CALL(http_get_headers_size)(of->envoy, headers_of[to]));
  outcome came = vm_invoke(&of->base, header_callbacks[to], of->base.id, count, is_end, 0, 0);
  int status = headers_status(came, of->base.root->plugin->config.allows_stop_iteration);
  if (status == HEADERS_CONTINUE) here->headers = false;
  return status;
}

int stream_on_headers(stream* of, direction to, bool is_end) {
  return with(of, header_callbacks[to], to, is_end, HEADERS_STOP_ALL_AND_WATERMARK, on_headers);
}

/** Puts the chunk at hand behind what is buffered; Envoy does that itself with the last one. */
static void buffer_chunk(stream* of, direction to) {
  bool is_buffered = to == REQUEST ? ENVOY_CALL(http_received_buffered_request_body)(of->envoy) : ENVOY_CALL(http_received_buffered_response_body)(of->envoy);
  if (is_buffered) return;
  bytes few[FEW_CHUNKS];
  size_t count;
  bytes* chunks = stream_chunks(of, received_body(to), few, &count);
  for (size_t i = 0; i < count; i++) ENVOY_CALL(http_append_body)(of->envoy, buffered_body(to), chunks[i]);
  if (chunks != few) free(chunks);
  ENVOY_CALL(http_drain_body)(of->envoy, received_body(to), SIZE_MAX);
}

static int on_body(stream* of, direction to, bool is_end) {
  side* here = &of->sides[to];
  if (here->is_buffering) {
    buffer_chunk(of, to);
    if (of->is_destroyed) return DATA_STOP_AND_BUFFER;
  }
  here->body = true;
  of->is_at_end = is_end;
  uint32_t size = (uint32_t)stream_body(of, to).size;
  outcome came = vm_invoke(&of->base, body_callbacks[to], of->base.id, size, is_end, 0, 0);
  bool is_odd = came.is_stopped || came.value > DATA_STOP_NO_BUFFER;
  int status = is_odd ? DATA_STOP_NO_BUFFER : (int)came.value;
  here->is_buffering = status == DATA_STOP_AND_BUFFER;
  if (status == DATA_CONTINUE) here->body = false;
  if (!of->is_destroyed && of->passing == NULL) {
    here->buffered_before = ENVOY_CALL(http_get_body_size)(of->envoy, buffered_body(to));
    if (status == DATA_STOP_AND_WATERMARK) here->buffered_before += ENVOY_CALL(http_get_body_size)(of->envoy, received_body(to));
  }
  return status;
}

int stream_on_body(stream* of, direction to, bool is_end) {
  return with(of, body_callbacks[to], to, is_end, DATA_STOP_NO_BUFFER, on_body);
}

static int on_trailers(stream* of, direction to, bool is_end) {
  (void)is_end;
  side* here = &of->sides[to];
  here->trailers = true;
  uint32_t count = (uint32_t)ENVOY_CALL(http_get_headers_size)(of->envoy, trailers_of[to]);
  outcome came = vm_invoke(&of->base, trailer_callbacks[to], of->base.id, count, 0, 0, 0);
  bool is_continued = came.value == TRAILERS_CONTINUE && !came.is_stopped;
  if (is_continued) here->trailers = false;
  return is_continued ? TRAILERS_CONTINUE : TRAILERS_STOP;
}

int stream_on_trailers(stream* of, direction to) {
  return with(of, trailer_callbacks[to], to, true, TRAILERS_STOP, on_trailers);
}

/** Its end is told, and it is found no more. */
static void end(stream* of) {
  if (of->has_ended) return;
  of->has_ended = true;
  if (of->is_created) {
    vm_invoke(&of->base, CALL_proxy_on_done, of->base.id, 0, 0, 0, 0);
    vm_invoke(&of->base, CALL_proxy_on_delete, of->base.id, 0, 0, 0, 0);
  }
  vm_forget(&of->base);
  if (of->is_listed) inbox_remove_stream(of->base.vm, of);
}

/** The log, and at once the end, which in Envoy comes next: at the filter's own end Envoy tells a dynamic module nothing of the stream. */
void stream_on_complete(stream* of) {
  if (of->is_bypassed || of->base.root == NULL) return;
  stream_enter(of);
  create(of);  // also a request that no filter saw is logged
  of->is_logging = true;
  vm_invoke(&of->base, CALL_proxy_on_log, of->base.id, 0, 0, 0, 0);
  of->is_logging = false;
  end(of);
  stream_leave(of);
}

void stream_on_destroy(stream* of) {
  stream_enter(of);
  if (of->base.root != NULL) end(of);
  of->is_destroyed = true;
  of->envoy = NULL;
  // Whoever else uses the stream still frees it.
  stream_leave(of);
}

void context_on_trap(context* in, callback which) {
  stream* of = stream_of(in);
  bool is_of_message = which >= CALL_proxy_on_request_headers && which <= CALL_proxy_on_response_trailers;
  if (of != NULL && is_of_message) stream_fail(of);
}
