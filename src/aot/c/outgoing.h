// HTTP calls of plugins, and gRPC calls on top of them. In Envoy they are the plugin's, not a stream's, so that they go on when the stream
// that made them is gone. A dynamic module has such calls on the main thread alone: it begins them, and what comes of them it puts into
// the VM's inbox.

#ifndef FILTERWRIGHT_OUTGOING_H_
#define FILTERWRIGHT_OUTGOING_H_

#include <stdatomic.h>

#include "headers.h"
#include "root.h"

typedef struct plugin plugin;
typedef struct order order;

typedef enum { HTTP_CALL, GRPC_CALL, GRPC_STREAM } outgoing_kind;

struct outgoing {
  outgoing_kind kind;
  uint32_t token;
  root* of;
  /** The plugin's list, orders, and what is on its way to the VM. */
  size_t references;
  /** In its plugin's list. */
  outgoing* next;
  /** Nothing is to be delivered any more. The main thread looks at it, too. */
  atomic_bool is_over;

  // Copies.
  bytes cluster;
  header_lines headers;
  buffer body;
  uint64_t timeout;
  /** The end of the request goes with the headers and the body. */
  bool is_whole;

  // The main thread's: Envoy's number, and what has come.
  outgoing* next_active;
  uint64_t stream_id;
  bool is_active;
  header_lines answer_headers, answer_trailers;
  buffer answer_body;
  bool has_failed, is_too_large;
  /** No stream was begun for it. */
  bool is_refused;
  /** Nothing more comes of it. The VM's thread looks at it, too. */
  atomic_bool is_ended;

  // gRPC's.
  /** The target was a cluster's name. */
  bool is_named;
  uint32_t max_message;
  /** A call's answer, until its status comes. */
  bytes message;
  /** The end was told, whatever else Envoy has to say. */
  bool is_finished;
  /** The plugin sends no more; it knows of the end. */
  bool is_closed, is_answered;
};

/** A new one in the plugin's list, with a token. */
outgoing* outgoing_new(root*, outgoing_kind);
outgoing* outgoing_find(root*, uint32_t token);
void outgoing_keep(outgoing*);
void outgoing_release(outgoing*);
/** Takes it from the plugin's list; Envoy's call, if it goes on, is ended. */
void outgoing_forget(outgoing*);
void outgoing_forget_all(root*);
/** Begins it: at once on the main thread, else soon, and then whatever is wrong comes as its failure. @returns BAD_ARGUMENT for a cluster that is not there */
result outgoing_begin(outgoing*);
/** Has the main thread end it in Envoy, if it goes on there. */
void outgoing_end_soon(outgoing*);
/** More of the body of one that is not whole. */
void outgoing_send(outgoing*, bytes data, bool is_end);
/** The main thread's turn: orders that wait. */
void outgoing_work(plugin*);
/** A configuration ends, and its calls with it: to plugins that go on in another one they have failed. */
void outgoing_drop_orders(plugin*);

// What comes from Envoy, on the main thread.

void outgoing_on_headers(plugin*, uint64_t stream_id, header_lines, bool is_end);
void outgoing_on_data(plugin*, uint64_t stream_id, const bytes* chunks, size_t count, bool is_end);
void outgoing_on_trailers(plugin*, uint64_t stream_id, header_lines);
void outgoing_on_end(plugin*, uint64_t stream_id, bool is_reset);

// What is made of it: http_call.c and grpc_answer.c.

void http_call_on_end(outgoing*);
void grpc_call_on_headers(outgoing*, bool is_end);
void grpc_call_on_data(outgoing*, bool is_end);
void grpc_call_on_trailers(outgoing*);
void grpc_call_on_end(outgoing*);

#endif
