// The lines of a header map, read once for all that a callback asks for until it changes them. Envoy finds a header by a table that it
// makes of all of them when first asked, which costs more than to look at them all.

#ifndef FILTERWRIGHT_LINES_H_
#define FILTERWRIGHT_LINES_H_

#include "stream.h"

typedef struct header_lines {
  const stream* of;
  uint32_t map;
  size_t count, room;
  envoy_header* at;
} header_lines;

/** A map that can be read now. Good until the next write, or the end of the callback. */
const header_lines* lines_read(const stream*, uint32_t map);
/** The same, where it has been read and not changed since; else NULL. */
const header_lines* lines_known(const stream*, uint32_t map);
/** They are about to change. */
void lines_forget(vm*);
/** The first line of that name, whatever its case; NULL for none. */
const envoy_header* lines_find(const header_lines*, bytes name);
/** As a request has it: `host` is another name of `:authority`. */
bytes lines_name(uint32_t map, bytes name);
void lines_free(vm*);

#endif
