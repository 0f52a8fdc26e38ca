// The lines of a header map, read once for all that a callback asks for until it changes them. Envoy finds a header by a table that it
// makes of all of them when first asked, which costs more than to look at them all.

#ifndef FILTERWRIGHT_LINES_H_
#define FILTERWRIGHT_LINES_H_

#include "headers.h"
#include "stream.h"

/** A map that can be read now (stream_shows). Good until the next write, or the end of the callback. */
header_lines lines_read(const stream*, uint32_t map);
/** Whether it has been read, not changed since, and has no line of that name: Envoy is not asked. */
bool lines_lack(const stream*, uint32_t map, bytes name);
/** They are about to change. */
void lines_forget(vm*);
/** The name by which a map has it: in a request's, `host` is another name of `:authority`. */
bytes lines_name(uint32_t map, bytes name);
void lines_free(vm*);

#endif
