// Metadata. Of what is in a namespace, Envoy tells a dynamic module texts, numbers, booleans, and lists of these.
#include "property.h"

/** Adds an item of a list. @returns whether it is there */
static bool add_item(const query* of, envoy_metadata source, bytes space, bytes key, size_t index, buffer* to) {
  void* envoy = of->of->envoy;
  bytes text;
  double number;
  bool yes;
  if (ENVOY_CALL(http_get_metadata_list_string)(envoy, source, space, key, index, &text)) buffer_add(to, text);
  else if (ENVOY_CALL(http_get_metadata_list_number)(envoy, source, space, key, index, &number)) buffer_add(to, bytes_of(&number, sizeof(number)));
  else if (ENVOY_CALL(http_get_metadata_list_bool)(envoy, source, space, key, index, &yes)) buffer_add(to, bytes_of(&yes, 1));
  else return false;
  return true;
}

static u give_item(const query* of, envoy_metadata source, bytes space, bytes key, size_t index) {
  buffer item = {NULL, 0, 0};
  u answer = add_item(of, source, space, key, index, &item) ? give(of, buffer_bytes(&item)) : NOT_FOUND;
  buffer_free(&item);
  return answer;
}

/** As names without values. */
static u give_list(const query* of, envoy_metadata source, bytes space, bytes key, size_t count) {
  envoy_header* pairs = must_allocate(count * sizeof(envoy_header));
  buffer* items = must_allocate(count * sizeof(buffer));
  for (size_t i = 0; i < count; i++) {
    add_item(of, source, space, key, i, &items[i]);
    pairs[i] = (envoy_header){buffer_bytes(&items[i]), NO_BYTES};
  }
  u answer = give_pairs(of, (header_lines){pairs, count});
  for (size_t i = 0; i < count; i++) buffer_free(&items[i]);
  free(items);
  free(pairs);
  return answer;
}

u metadata_property(const query* of, envoy_metadata source, size_t at) {
  if (of->count < at + 3 || !is(of->parts[at], "filter_metadata")) return NOT_FOUND;
  bytes space = of->parts[at + 1], key = of->parts[at + 2], text;
  void* envoy = of->of->envoy;
  double number;
  bool yes;
  size_t count;
  if (of->count == at + 3) {
    if (ENVOY_CALL(http_get_metadata_string)(envoy, source, space, key, &text)) return give(of, text);
    if (ENVOY_CALL(http_get_metadata_number)(envoy, source, space, key, &number)) return give_double(of, number);
    if (ENVOY_CALL(http_get_metadata_bool)(envoy, source, space, key, &yes)) return give_bool(of, yes);
    if (ENVOY_CALL(http_get_metadata_list_size)(envoy, source, space, key, &count)) return give_list(of, source, space, key, count);
  }
  uint64_t index;
  bool is_item = of->count == at + 4 && bytes_to_number(of->parts[at + 3], &index);
  return is_item ? give_item(of, source, space, key, index) : NOT_FOUND;
}
