// Answers of a filter's own: `proxy_send_local_response`. In Envoy such an answer passes the filters' response callbacks like any other. Of
// a dynamic module's answer Envoy leaves that module's callbacks out, so they are called here, on the answer as it is about to be sent.

#ifndef FILTERWRIGHT_REPLY_H_
#define FILTERWRIGHT_REPLY_H_

#include "headers.h"

typedef struct stream stream;

/** An answer on its way. */
typedef struct reply {
  uint32_t status;
  /** -1 for none. */
  int32_t grpc_status;
  bytes details;
  /** Lines of our own memory. */
  envoy_header* lines;
  size_t count, room;
  buffer body;
} reply;

reply* reply_new(uint32_t status, bytes details, bytes body, header_lines, int32_t grpc_status);
void reply_free(reply*);
static inline header_lines reply_lines(const reply* of) {
  return (header_lines){of->lines, of->count};
}
/** Sends it, past the response callbacks where the response has not begun. It is freed. */
void reply_send(stream*, reply*);
/** To be called before the request's method or type is changed: an answer is for the request as it came. */
void reply_note_request(stream*);

// As Envoy's header maps do it.

void reply_add_header(reply*, bytes name, bytes value);
void reply_set_header(reply*, bytes name, bytes value);
void reply_remove_header(reply*, bytes name);

#endif
