// Lines in Envoy's log, under its component `dynamic_modules`.

#ifndef FILTERWRIGHT_LOG_H_
#define FILTERWRIGHT_LOG_H_

#include "bytes.h"

/** proxy-wasm's levels are Envoy's. */
typedef enum { LOG_TRACE, LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR, LOG_CRITICAL, LOG_OFF } log_level;

/** Whether a line of that level is written now: it may be changed while Envoy runs. */
bool log_is_on(log_level);
/** The least level that is written now; LOG_OFF for none. */
log_level log_least(void);
__attribute__((format(printf, 2, 3))) void log_line(log_level, const char* format, ...);
/** A line of a module's, `wasm log NAMES: MESSAGE` as from Envoy's Wasm engine. */
void log_of_module(log_level, bytes names, bytes message);

#endif
