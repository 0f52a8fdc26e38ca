// How the ABI writes a list of pairs. All numbers are little-endian u32, nothing is padded:
//
//     | count | name size, value size | ... | name NUL value NUL name NUL value NUL ...
//
// What a list may be, and that a bad one reads as an empty one, is proxy-wasm-cpp-host's (src/pairs_util.cc, limits.h).

#ifndef FILTERWRIGHT_PAIRS_H_
#define FILTERWRIGHT_PAIRS_H_

#include "headers.h"

#define MAX_PAIRS_BYTES (1024u * 1024u)
#define MAX_PAIRS 1024u

size_t pairs_size(header_lines);
/** @param to has room for pairs_size of them */
void pairs_write(header_lines, char* to);
/** @param room for MAX_PAIRS; what is put there points into the bytes @returns them; none where the bytes are in no such form */
header_lines pairs_read(bytes, envoy_header* room);

#endif
