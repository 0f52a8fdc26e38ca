// Bytes that someone else owns, and bytes of our own that grow.

#ifndef FILTERWRIGHT_BYTES_H_
#define FILTERWRIGHT_BYTES_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/** Laid out as Envoy's buffers and its header names and values are. */
typedef struct {
  const char* at;
  size_t size;
} bytes;

#define TEXT(literal) ((bytes){"" literal, sizeof(literal) - 1})
#define NO_BYTES ((bytes){"", 0})

static inline bytes bytes_of(const void* at, size_t size) {
  return (bytes){at, size};
}

static inline bool bytes_equal(bytes left, bytes right) {
  return left.size == right.size && (left.size == 0 || memcmp(left.at, right.at, left.size) == 0);
}

/** Whether they are equal but for the case of ASCII's letters. */
bool bytes_equal_ignoring_case(bytes left, bytes right);

/** From the start on, at most the whole. */
static inline bytes bytes_from(bytes all, size_t start) {
  return start >= all.size ? NO_BYTES : bytes_of(all.at + start, all.size - start);
}

/** Where a byte first comes; the size where it does not. */
static inline size_t bytes_find(bytes all, char byte) {
  const char* found = all.size == 0 ? NULL : memchr(all.at, byte, all.size);
  return found == NULL ? all.size : (size_t)(found - all.at);
}

/** Memory that is there: where there is none, the process ends, as Envoy itself does it. */
void* must_allocate(size_t size);
void* must_reallocate(void* memory, size_t size);
/** A copy of one's own, to be freed with bytes_free. */
bytes bytes_copy(bytes);
/** As far as ASCII has cases. */
bytes bytes_copy_in_lower_case(bytes);
void bytes_free(bytes);
/** A decimal number of digits alone. @returns whether it is one that 64 bits take */
bool bytes_to_number(bytes, uint64_t* number);

typedef struct {
  char* at;
  size_t size, room;
} buffer;

/** @returns where that many bytes more can be written, which count from now on */
char* buffer_extend(buffer*, size_t size);
void buffer_add(buffer*, bytes);
void buffer_add_u32(buffer*, uint32_t);
void buffer_free(buffer*);
static inline bytes buffer_bytes(const buffer* all) {
  return bytes_of(all->at, all->size);
}

#endif
