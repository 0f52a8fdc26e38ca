#include "lines.h"

#define FIRST_ROOM 32

struct known_lines {
  /** NULL where nothing is known. */
  const stream* of;
  uint32_t map;
  size_t count, room;
  envoy_header* at;
};

static struct known_lines* known_of(vm* of) {
  if (of->lines != NULL) return of->lines;
  struct known_lines* new = must_allocate(sizeof(struct known_lines));
  new->room = FIRST_ROOM;
  new->at = must_allocate(FIRST_ROOM * sizeof(envoy_header));
  return of->lines = new;
}

header_lines lines_read(const stream* of, uint32_t map) {
  if (of->passing != NULL && map == MAP_RESPONSE_HEADERS) return reply_lines(of->passing);
  struct known_lines* known = known_of(of->base.vm);
  if (known->of != of || known->map != map) {
    known->of = of;
    known->map = map;
    known->count = ENVOY_CALL(http_get_headers_size)(of->envoy, (envoy_map)map);
    if (known->count > known->room) {
      known->room = 2 * known->count;
      known->at = must_reallocate(known->at, known->room * sizeof(envoy_header));
    }
    if (known->count > 0 && !ENVOY_CALL(http_get_headers)(of->envoy, (envoy_map)map, known->at)) known->count = 0;
  }
  return (header_lines){known->at, known->count};
}

bool lines_lack(const stream* of, uint32_t map, bytes name) {
  const struct known_lines* known = of->base.vm->lines;
  bool is_known = known != NULL && known->of == of && known->map == map;
  return is_known && headers_find((header_lines){known->at, known->count}, lines_name(map, name)) == NULL;
}

void lines_forget(vm* of) {
  if (of->lines != NULL) of->lines->of = NULL;
}

bytes lines_name(uint32_t map, bytes name) {
  bool is_host = map == MAP_REQUEST_HEADERS && bytes_equal_ignoring_case(name, TEXT("host"));
  return is_host ? TEXT(":authority") : name;
}

void lines_free(vm* of) {
  if (of->lines == NULL) return;
  free(of->lines->at);
  free(of->lines);
}
