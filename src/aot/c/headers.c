#include "headers.h"

const envoy_header* headers_find(header_lines in, bytes name) {
  for (size_t i = 0; i < in.count; i++) {
    if (bytes_equal_ignoring_case(in.at[i].name, name)) return &in.at[i];
  }
  return NULL;
}

size_t headers_size(header_lines all) {
  size_t size = 0;
  for (size_t i = 0; i < all.count; i++) size += all.at[i].name.size + all.at[i].value.size;
  return size;
}

static bytes put(char** to, bytes text) {
  bytes copy = bytes_of(*to, text.size);
  if (text.size > 0) memcpy(*to, text.at, text.size);
  *to += text.size;
  return copy;
}

header_lines headers_copy(header_lines from) {
  envoy_header* copy = must_allocate(from.count * sizeof(envoy_header) + headers_size(from));
  char* texts = (char*)(copy + from.count);
  for (size_t i = 0; i < from.count; i++) {
    copy[i].name = put(&texts, from.at[i].name);
    copy[i].value = put(&texts, from.at[i].value);
  }
  return (header_lines){copy, from.count};
}

void headers_free(header_lines* copy) {
  free((void*)copy->at);
  *copy = (header_lines){NULL, 0};
}
