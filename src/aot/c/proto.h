// Protocol Buffers' wire format, read field by field.

#ifndef FILTERWRIGHT_PROTO_H_
#define FILTERWRIGHT_PROTO_H_

#include "bytes.h"

typedef struct {
  uint32_t number;
  /** Of a number, of whatever width. */
  uint64_t value;
  /** Of a text, bytes or a message. */
  bytes text;
} proto_field;

/** Reads the next field off the front of a message. @returns false at its end, and where it is malformed, which then leaves some of it */
bool proto_next(bytes* rest, proto_field*);
/** @returns the first text of that number; none where there is no such field */
bytes proto_text(bytes message, uint32_t number);
/** What a `google.protobuf.Any` holds, as Envoy's Wasm engine gives it to a module: of a StringValue or BytesValue its value, else the message. */
bytes proto_any(bytes any);

#endif
