#include "pairs.h"

size_t pairs_size(header_lines pairs) {
  return 4 + 10 * pairs.count + headers_size(pairs);
}

static char* write_number(char* to, size_t number) {
  uint32_t small = (uint32_t)number;
  memcpy(to, &small, 4);
  return to + 4;
}

static char* write_text(char* to, bytes text) {
  if (text.size > 0) memcpy(to, text.at, text.size);
  to[text.size] = '\0';
  return to + text.size + 1;
}

void pairs_write(header_lines pairs, char* to) {
  to = write_number(to, pairs.count);
  for (size_t i = 0; i < pairs.count; i++) to = write_number(write_number(to, pairs.at[i].name.size), pairs.at[i].value.size);
  for (size_t i = 0; i < pairs.count; i++) to = write_text(write_text(to, pairs.at[i].name), pairs.at[i].value);
}

static size_t read_number(bytes all, size_t at) {
  uint32_t number;
  memcpy(&number, all.at + at, 4);
  return number;
}

/** Takes a text off the front. @returns false where there is none with a NUL behind it */
static bool take_text(bytes* rest, size_t size, bytes* text) {
  if (size >= rest->size || rest->at[size] != '\0') return false;
  *text = bytes_of(rest->at, size);
  *rest = bytes_of(rest->at + size + 1, rest->size - size - 1);
  return true;
}

header_lines pairs_read(bytes all, envoy_header* room) {
  header_lines none = {room, 0};
  if (all.size < 4 || all.size > MAX_PAIRS_BYTES) return none;
  size_t count = read_number(all, 0);
  if (count > MAX_PAIRS || 4 + 8 * count > all.size) return none;
  bytes rest = bytes_of(all.at + 4 + 8 * count, all.size - 4 - 8 * count);
  for (size_t i = 0; i < count; i++) {
    bool is_whole = take_text(&rest, read_number(all, 4 + 8 * i), &room[i].name) &&
                    take_text(&rest, read_number(all, 8 + 8 * i), &room[i].value);
    if (!is_whole) return none;
  }
  return rest.size == 0 ? (header_lines){room, count} : none;
}
