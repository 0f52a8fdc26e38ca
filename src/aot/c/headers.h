// Header lines, whoever they belong to.

#ifndef FILTERWRIGHT_HEADERS_H_
#define FILTERWRIGHT_HEADERS_H_

#include "envoy.h"

typedef struct {
  const envoy_header* at;
  size_t count;
} header_lines;

/** The first line of that name, whatever its case; NULL for none. */
const envoy_header* headers_find(header_lines, bytes name);
/** Bytes of all names and values. */
size_t headers_size(header_lines);
/** A copy of one's own, in one piece of memory. */
header_lines headers_copy(header_lines);
void headers_free(header_lines*);

#endif
