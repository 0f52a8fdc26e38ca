#include "lines.h"

#define FIRST_ROOM 32

const header_lines* lines_read(const stream* of, uint32_t map) {
  header_lines* known = of->base.vm->lines;
  if (known == NULL) {
    known = must_allocate(sizeof(header_lines));
    known->room = FIRST_ROOM;
    known->at = must_allocate(FIRST_ROOM * sizeof(envoy_header));
    of->base.vm->lines = known;
  }
  if (known->of == of && known->map == map) return known;
  known->of = of;
  known->map = map;
  known->count = ENVOY_CALL(http_get_headers_size)(of->envoy, (envoy_map)map);
  if (known->count > known->room) {
    known->room = 2 * known->count;
    known->at = must_reallocate(known->at, known->room * sizeof(envoy_header));
  }
  if (known->count > 0 && !ENVOY_CALL(http_get_headers)(of->envoy, (envoy_map)map, known->at)) known->count = 0;
  return known;
}

const header_lines* lines_known(const stream* of, uint32_t map) {
  const header_lines* known = of->base.vm->lines;
  return known != NULL && known->of == of && known->map == map ? known : NULL;
}

void lines_forget(vm* of) {
  if (of->lines != NULL) of->lines->of = NULL;
}

bytes lines_name(uint32_t map, bytes name) {
  bool is_host = map == MAP_REQUEST_HEADERS && bytes_equal_in_lower_case(name, TEXT("host"));
  return is_host ? TEXT(":authority") : name;
}

const envoy_header* lines_find(const header_lines* in, bytes name) {
  name = lines_name(in->map, name);
  for (size_t i = 0; i < in->count; i++) {
    if (bytes_equal_in_lower_case(name, in->at[i].name)) return &in->at[i];
  }
  return NULL;
}

void lines_free(vm* of) {
  if (of->lines == NULL) return;
  free(of->lines->at);
  free(of->lines);
}
