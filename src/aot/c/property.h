// What a property is asked for by, and ways to give it. The attributes are those that Envoy's Wasm engine resolves, as far as a dynamic
// module has them (docs/aot.md says which it has not), in the form of Envoy's `serializeValue`.

#ifndef FILTERWRIGHT_PROPERTY_H_
#define FILTERWRIGHT_PROPERTY_H_

#include "calls.h"
#include "pairs.h"
#include "stream.h"

#define MAX_PARTS 16

/** The parts of a path, and where what is found is to be told. */
typedef struct {
  vm* in;
  stream* of;
  bytes parts[MAX_PARTS];
  size_t count;
  u value_at, size_at;
} query;

static inline bool is(bytes text, const char* word) {
  return bytes_equal(text, bytes_of(word, strlen(word)));
}

static inline u give(const query* of, bytes value) {
  return vm_give(of->in, value, of->value_at, of->size_at);
}
static inline u give_number(const query* of, int64_t number) {
  return give(of, bytes_of(&number, sizeof(number)));
}
static inline u give_double(const query* of, double number) {
  return give(of, bytes_of(&number, sizeof(number)));
}
static inline u give_bool(const query* of, bool value) {
  return give(of, bytes_of(&value, 1));
}
static inline u give_pairs(const query* of, header_lines pairs) {
  given_room to = vm_room(of->in, pairs_size(pairs));
  if (to.at != NULL) pairs_write(pairs, to.at);
  return vm_tell(of->in, to, of->value_at, of->size_at);
}

// One attribute of Envoy's.

u string_attribute(const query*, envoy_attribute);
u number_attribute(const query*, envoy_attribute);

// What is under the first part of a path.

u request_property(const query*);
u response_property(const query*);
u connection_property(const query*);
u source_property(const query*);
u destination_property(const query*);
u upstream_property(const query*);
u xds_property(const query*);
/** @param at of the part that is to be `filter_metadata` */
u metadata_property(const query*, envoy_metadata, size_t at);

#endif
