#include "reply.h"

#include <stdio.h>

#include "log.h"
#include "stream.h"

reply* reply_new(uint32_t status, bytes details, bytes body, header_lines headers, int32_t grpc_status) {
  reply* new = must_allocate(sizeof(reply));
  new->status = status;
  new->grpc_status = grpc_status;
  new->details = bytes_copy(details);
  buffer_add(&new->body, body);
  for (size_t i = 0; i < headers.count; i++) reply_add_header(new, headers.at[i].name, headers.at[i].value);
  return new;
}

void reply_free(reply* old) {
  for (size_t i = 0; i < old->count; i++) {
    bytes_free(old->lines[i].name);
    bytes_free(old->lines[i].value);
  }
  free(old->lines);
  bytes_free(old->details);
  buffer_free(&old->body);
  free(old);
}

void reply_add_header(reply* to, bytes name, bytes value) {
  if (to->count == to->room) {
    to->room = 2 * to->room + 8;
    to->lines = must_reallocate(to->lines, to->room * sizeof(envoy_header));
  }
  to->lines[to->count++] = (envoy_header){bytes_copy_in_lower_case(name), bytes_copy(value)};
}

void reply_remove_header(reply* from, bytes name) {
  size_t kept = 0;
  for (size_t i = 0; i < from->count; i++) {
    if (bytes_equal_ignoring_case(name, from->lines[i].name)) {
      bytes_free(from->lines[i].name);
      bytes_free(from->lines[i].value);
    } else {
      from->lines[kept++] = from->lines[i];
    }
  }
  from->count = kept;
}

static const envoy_header* find(const reply* in, bytes name) {
  return headers_find(reply_lines(in), name);
}

/** The first line of that name stays where it is. */
void reply_set_header(reply* in, bytes name, bytes value) {
  const envoy_header* found = find(in, name);
  size_t place = found != NULL ? (size_t)(found - in->lines) : in->count;
  reply_add_header(in, name, value);
  envoy_header set = in->lines[--in->count];
  reply_remove_header(in, name);
  if (place > in->count) place = in->count;
  memmove(in->lines + place + 1, in->lines + place, (in->count - place) * sizeof(envoy_header));
  in->lines[place] = set;
  in->count++;
}

static void set_number(reply* in, bytes name, size_t number) {
  char digits[24];
  snprintf(digits, sizeof(digits), "%zu", number);
  reply_set_header(in, name, bytes_of(digits, strlen(digits)));
}

static bool request_is(const stream* of, bytes header, bytes value, bool may_go_on) {
  bytes found;
  if (!ENVOY_CALL(http_get_header)(of->envoy, REQUEST_HEADERS, header, &found, 0, NULL)) return false;
  if (found.size < value.size || memcmp(found.at, value.at, value.size) != 0) return false;
  return found.size == value.size || (may_go_on && strchr("+;", found.at[value.size]) != NULL);
}

/** https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md */
int32_t grpc_status_of(uint32_t status) {
  switch (status) {
    case 400: return 13;
    case 401: return 16;
    case 403: return 7;
    case 404: return 12;
    case 429: case 502: case 503: case 504: return 14;
    default: return 2;
  }
}

/** As gRPC has its messages. */
static void set_grpc_message(reply* in) {
  buffer encoded = {NULL, 0, 0};
  for (size_t i = 0; i < in->body.size; i++) {
    unsigned char byte = (unsigned char)in->body.at[i];
    char text[4];
    bool is_plain = byte >= 0x20 && byte <= 0x7e && byte != '%';
    if (is_plain) text[0] = (char)byte;
    else snprintf(text, sizeof(text), "%%%02X", byte);
    buffer_add(&encoded, bytes_of(text, is_plain ? 1 : 3));
  }
  reply_set_header(in, TEXT("grpc-message"), buffer_bytes(&encoded));
  buffer_free(&encoded);
}

/** `Utility::prepareLocalReply`: as callbacks find it. */
static void compose(reply* in, bool is_grpc, bool is_head) {
  reply_remove_header(in, TEXT(":status"));
  set_number(in, TEXT(":status"), is_grpc ? 200 : in->status);
  // It comes first.
  envoy_header status = in->lines[in->count - 1];
  memmove(in->lines + 1, in->lines, (in->count - 1) * sizeof(envoy_header));
  in->lines[0] = status;
  if (is_grpc) {
    reply_remove_header(in, TEXT("content-length"));
    if (in->body.size > 0 && !is_head && find(in, TEXT("grpc-message")) == NULL) set_grpc_message(in);
  } else if (in->body.size == 0) {
    reply_remove_header(in, TEXT("content-length"));
    reply_remove_header(in, TEXT("content-type"));
  } else {
    set_number(in, TEXT("content-length"), in->body.size);
    if (find(in, TEXT("content-type")) == NULL) reply_set_header(in, TEXT("content-type"), TEXT("text/plain"));
  }
}

/** Calls the response callbacks on it. */
static void pass(stream* of, reply* passing, bool is_grpc) {
  compose(passing, is_grpc, of->is_head);
  bool has_body = passing->body.size > 0 && !is_grpc && !of->is_head;
  of->passing = passing;
  bool is_held = stream_on_headers(of, RESPONSE, !has_body) != 0;
  bool is_sent = !of->base.vm->has_failed;
  if (has_body && is_sent && of->replacing == NULL) is_held |= stream_on_body(of, RESPONSE, true) != 0;
  // In Envoy its headers would be with the client when the callback of its body traps.
  of->is_broken = is_sent && of->base.vm->has_failed;
  of->passing = NULL;
  of->sides[RESPONSE] = (side){0};
  if (is_held && !of->base.vm->has_failed && !of->is_closed) {
    log_line(LOG_WARN, "filterwright aot: a filter holds its own answer, which Envoy lets no dynamic module do: the answer goes on");
  }
  const envoy_header* status = find(passing, TEXT(":status"));
  uint64_t number;
  if (!is_grpc && status != NULL && bytes_to_number(status->value, &number) && number <= UINT16_MAX) passing->status = (uint32_t)number;
  // Envoy sets it itself, and writes the length of the body over what is said of it here.
  reply_remove_header(passing, TEXT(":status"));
}

void reply_note_request(stream* of) {
  if (of->is_noted) return;
  of->is_noted = true;
  of->is_head = request_is(of, TEXT(":method"), TEXT("HEAD"), false);
  of->is_grpc = request_is(of, TEXT("content-type"), TEXT("application/grpc"), true);
}

static void send(stream* of, reply* ready) {
  ENVOY_CALL(http_send_response)(of->envoy, ready->status, ready->lines, ready->count, buffer_bytes(&ready->body), ready->details);
}

void reply_send(stream* of, reply* ready) {
  reply_note_request(of);
  bool is_grpc = of->is_grpc;
  if (is_grpc) reply_set_header(ready, TEXT("content-type"), TEXT("application/grpc"));
  if (is_grpc && find(ready, TEXT("grpc-status")) == NULL) {
    // Envoy would say OK: it is told no other status of a dynamic module. What is in the headers it leaves.
    set_number(ready, TEXT("grpc-status"), (size_t)(ready->grpc_status >= 0 ? ready->grpc_status : grpc_status_of(ready->status)));
  }
  if (of->passing != NULL) {
    // Answered in the midst of an answer: this one goes in its place, past the callbacks.
    if (of->replacing != NULL) reply_free(of->replacing);
    of->replacing = ready;
    return;
  }
  bool is_first = !of->has_response && !of->has_failed && of->is_created && !of->base.vm->has_failed;
  of->has_response = true;
  if (is_first) pass(of, ready, is_grpc);
  if (of->replacing != NULL) {
    reply_free(ready);
    ready = of->replacing;
    of->replacing = NULL;
  }
  // It may have been closed, or have ended, in those callbacks.
  bool can_act = stream_can_act(of);
  if (can_act && of->is_broken) ENVOY_CALL(http_filter_reset_stream)(of->envoy, LOCAL_RESET, TEXT("wasm_fail_stream"));
  else if (can_act) send(of, ready);
  reply_free(ready);
}
