// What a library says of itself, in its bytes: what it was built for, and of which module. src/aot/about.ts reads it.

#ifndef FILTERWRIGHT_ABOUT_H_
#define FILTERWRIGHT_ABOUT_H_

#include "envoy.h"

#define FILTERWRIGHT_ABOUT(target, sha256) \
  "filterwright-aot envoy=" ENVOY_RELEASE " abi=" ENVOY_ABI_VERSION " target=" target " wasm=" sha256 " "

extern const char filterwright_about[];

#endif
