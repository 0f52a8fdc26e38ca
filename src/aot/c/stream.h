// One HTTP stream in a VM: Envoy's `Context`, with its rules of when a map or a body is to be had.

#ifndef FILTERWRIGHT_STREAM_H_
#define FILTERWRIGHT_STREAM_H_

#include "envoy.h"
#include "inbox.h"
#include "reply.h"
#include "root.h"

typedef enum { REQUEST, RESPONSE } direction;

/** What of a direction the callbacks have now. */
typedef struct {
  bool headers, body, trailers;
  /** The filter sees what the chain has buffered in the place of the chunk at hand. */
  bool is_buffering;
  /** Bytes that the chain had buffered before the chunk at hand, where that was put behind them. */
  size_t buffered_before;
} side;

struct stream {
  context base;
  /** Envoy's filter. */
  void* envoy;
  /** Those of its VM by which the worker can be woken: inbox.h. */
  stream *previous_of_vm, *next_of_vm;
  side sides[2];
  /** Hooks that are using it: it may be destroyed within. */
  unsigned uses;
  /** Its plugin is left out: FAIL_OPEN. */
  bool is_bypassed;
  bool is_created, is_listed, has_failed, has_ended, is_destroyed;
  /** The response has come to the callbacks, or was made. */
  bool has_response;
  /** An answer of the filter's own, which its response callbacks are called on. */
  reply* passing;
  /** One that takes its place. */
  reply* replacing;
  /** What goes out when the callback at hand, of the request, has returned: of several answers Envoy takes the first. */
  reply* prepared;
  /** By direction: a callback runs; it lets the message go on; the filter holds it. */
  bool is_in_callback[2], goes_on[2], is_held[2];
  bool is_closed;
  bool is_at_end;
  /** What Envoy knows of the request from its start: reply.h. */
  bool is_noted, is_head, is_grpc;
  /** An answer of its own trapped in its body. */
  bool is_broken;
  /** The access log's turn. */
  bool is_logging;
};

stream* stream_new(root*, void* envoy, bool is_bypassed);
int stream_on_headers(stream*, direction, bool is_end);
int stream_on_body(stream*, direction, bool is_end);
int stream_on_trailers(stream*, direction);
void stream_on_complete(stream*);
void stream_on_destroy(stream*);
/** Around each use, in which it may be destroyed. */
void stream_enter(stream*);
void stream_leave(stream*);

static inline stream* stream_of(context* in) {
  return in->is_stream ? (stream*)in : NULL;
}

/** Whether a map can be read now, or written. */
bool stream_shows(const stream*, uint32_t map);
bool stream_may_write(const stream*, uint32_t map);
/** Request headers are about to be written: Envoy forgets the route, as its Wasm engine does it. */
void stream_forget_route(stream*);

/** The body as the callbacks see it: which of Envoy's, and from where on. */
typedef struct {
  envoy_body of;
  size_t from, size;
} body_view;
body_view stream_body(const stream*, direction);

static inline envoy_body received_body(direction of) {
  return of == REQUEST ? RECEIVED_REQUEST_BODY : RECEIVED_RESPONSE_BODY;
}
static inline envoy_body buffered_body(direction of) {
  return of == REQUEST ? BUFFERED_REQUEST_BODY : BUFFERED_RESPONSE_BODY;
}
#define FEW_CHUNKS 16
/** The chunks that a body lies in. @returns `few`, or where they are more, memory to be freed */
bytes* stream_chunks(const stream*, envoy_body, bytes few[FEW_CHUNKS], size_t* count);

/** `proxy_continue_stream`, `proxy_close_stream` and `proxy_send_local_response`, each when the callback at hand has returned. */
void stream_continue(stream*, direction);
void stream_close(stream*);
void stream_reply(stream*, reply*);
/** What a callback of the request has put off, when it has returned. */
void stream_send_prepared(stream*);
/** Lets Envoy go on with a message that is held. */
void stream_let_go(stream*, direction);
/** Whether it can be answered, closed, or let go: neither over nor in the access log's turn. */
bool stream_can_act(const stream*);
/** A stream whose VM has failed is answered with 503: `CHECK_FAIL_HTTP`. */
void stream_fail(stream*);

/** https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md */
int32_t grpc_status_of(uint32_t http_status);

#define LOG_NAMES 512
/** The plugin's names in front of a line of log. */
bytes context_log_names(const context*, char names[LOG_NAMES]);
/** A callback has trapped. */
void context_on_trap(context*, callback);

#endif
