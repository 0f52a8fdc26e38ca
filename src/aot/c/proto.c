#include "proto.h"

static bool take_varint(bytes* rest, uint64_t* value) {
  *value = 0;
  for (unsigned shift = 0; rest->size > 0 && shift < 64; shift += 7) {
    uint8_t byte = (uint8_t)*rest->at;
    *rest = bytes_from(*rest, 1);
    *value |= (uint64_t)(byte & 0x7f) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

bool proto_next(bytes* rest, proto_field* field) {
  bytes before = *rest;
  uint64_t tag, size;
  *field = (proto_field){0, 0, NO_BYTES};
  if (rest->size == 0) return false;
  if (take_varint(rest, &tag) && tag >= 8 && tag <= UINT32_MAX) {
    field->number = (uint32_t)tag >> 3;
    switch (tag & 7) {
      case 0:
        if (take_varint(rest, &field->value)) return true;
        break;
      case 1:
      case 5:
        size = (tag & 7) == 1 ? 8 : 4;
        if (rest->size < size) break;
        memcpy(&field->value, rest->at, size);
        *rest = bytes_from(*rest, size);
        return true;
      case 2:
        if (!take_varint(rest, &size) || size > rest->size) break;
        field->text = bytes_of(rest->at, size);
        *rest = bytes_from(*rest, size);
        return true;
    }
  }
  *rest = before;
  return false;
}

bytes proto_text(bytes message, uint32_t number) {
  proto_field field;
  while (proto_next(&message, &field)) {
    if (field.number == number) return field.text;
  }
  return NO_BYTES;
}

bytes proto_any(bytes any) {
  bytes type = proto_text(any, 1);
  bytes value = proto_text(any, 2);
  bool is_plain = bytes_equal(type, TEXT("type.googleapis.com/google.protobuf.StringValue")) ||
                  bytes_equal(type, TEXT("type.googleapis.com/google.protobuf.BytesValue"));
  return is_plain ? proto_text(value, 1) : value;
}
