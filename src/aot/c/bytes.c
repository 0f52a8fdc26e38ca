#include "bytes.h"

void* must_allocate(size_t size) {
  void* memory = calloc(1, size == 0 ? 1 : size);
  if (memory == NULL) abort();
  return memory;
}

void* must_reallocate(void* memory, size_t size) {
  void* moved = realloc(memory, size);
  if (moved == NULL) abort();
  return moved;
}

static char in_lower_case(char byte) {
  return byte >= 'A' && byte <= 'Z' ? (char)(byte + ('a' - 'A')) : byte;
}

bool bytes_equal_ignoring_case(bytes left, bytes right) {
  if (left.size != right.size) return false;
  for (size_t i = 0; i < left.size; i++) {
    if (left.at[i] != right.at[i] && in_lower_case(left.at[i]) != in_lower_case(right.at[i])) return false;
  }
  return true;
}

bytes bytes_copy(bytes all) {
  char* copy = must_allocate(all.size);
  if (all.size > 0) memcpy(copy, all.at, all.size);
  return bytes_of(copy, all.size);
}

bytes bytes_copy_in_lower_case(bytes all) {
  char* copy = must_allocate(all.size);
  for (size_t i = 0; i < all.size; i++) copy[i] = in_lower_case(all.at[i]);
  return bytes_of(copy, all.size);
}

void bytes_free(bytes all) {
  free((char*)all.at);
}

bool bytes_to_number(bytes text, uint64_t* number) {
  uint64_t sum = 0;
  for (size_t i = 0; i < text.size; i++) {
    unsigned digit = (unsigned char)text.at[i] - '0';
    if (digit > 9 || __builtin_mul_overflow(sum, 10u, &sum) || __builtin_add_overflow(sum, digit, &sum)) return false;
  }
  *number = sum;
  return text.size > 0;
}

char* buffer_extend(buffer* all, size_t size) {
  size_t needed = all->size + size;
  if (needed > all->room) {
    all->room = needed > 2 * all->room ? needed : 2 * all->room;
    all->at = must_reallocate(all->at, all->room);
  }
  char* place = all->at + all->size;
  all->size = needed;
  return place;
}

void buffer_add(buffer* all, bytes more) {
  if (more.size > 0) memcpy(buffer_extend(all, more.size), more.at, more.size);
}

void buffer_add_u32(buffer* all, uint32_t number) {
  memcpy(buffer_extend(all, sizeof(number)), &number, sizeof(number));
}

void buffer_free(buffer* all) {
  free(all->at);
  *all = (buffer){NULL, 0, 0};
}
