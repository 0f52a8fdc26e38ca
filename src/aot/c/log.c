#include "log.h"

#include <stdarg.h>
#include <stdio.h>

#include "envoy.h"

bool log_is_on(log_level level) {
  return ENVOY_CALL(log_enabled)(level);
}

log_level log_least(void) {
  log_level level = LOG_TRACE;
  while (level < LOG_OFF && !log_is_on(level)) level++;
  return level;
}

void log_line(log_level level, const char* format, ...) {
  if (!log_is_on(level)) return;
  char line[1024];
  va_list values;
  va_start(values, format);
  int size = vsnprintf(line, sizeof(line), format, values);
  va_end(values);
  if (size < 0) return;
  ENVOY_CALL(log)(level, bytes_of(line, (size_t)size < sizeof(line) ? (size_t)size : sizeof(line) - 1));
}

void log_of_module(log_level level, bytes names, bytes message) {
  buffer line = {NULL, 0, 0};
  buffer_add(&line, TEXT("wasm log"));
  if (names.size > 0) buffer_add(&line, TEXT(" "));
  buffer_add(&line, names);
  buffer_add(&line, TEXT(": "));
  buffer_add(&line, message);
  ENVOY_CALL(log)(level, buffer_bytes(&line));
  buffer_free(&line);
}
