#include <time.h>

#include "calls.h"
#include "metrics.h"
#include "stream.h"

void vm_log(vm* in, log_level level, bytes message) {
  char text[LOG_NAMES];
  context* now = vm_context(in);
  // While the VM starts or allocates, it acts for no plugin.
  bytes names = in->allowed != CALLS_ALL || now == NULL ? NO_BYTES : context_log_names(now, text);
  log_of_module(level, names, message);
}

u host_proxy_log(vm* in, u level, u at, u size) {
  if (level > LOG_CRITICAL) return BAD_ARGUMENT;
  bytes message;
  if (!vm_read(in, at, size, &message)) return INVALID_MEMORY_ACCESS;
  if (log_is_on((log_level)level)) vm_log(in, (log_level)level, message);
  return OK;
}

u host_proxy_get_log_level(vm* in, u level_at) {
  return vm_write_u32(in, level_at, log_least()) ? OK : INVALID_MEMORY_ACCESS;
}

ul wall_clock_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (ul)now.tv_sec * 1000000000u + (ul)now.tv_nsec;
}

u host_proxy_get_current_time_nanoseconds(vm* in, u time_at) {
  return vm_write_u64(in, time_at, wall_clock_now()) ? OK : INVALID_MEMORY_ACCESS;
}

u host_proxy_set_tick_period_milliseconds(vm* in, u period) {
  root_set_tick_period(vm_context(in)->root, period);
  return OK;
}

u host_proxy_set_effective_context(vm* in, u id) {
  context* found = id == 0 ? NULL : vm_find(in, id);
  if (id != 0 && found == NULL) return BAD_ARGUMENT;
  if (found != NULL && found->is_stream && in->stream_thread != this_thread()) return BAD_ARGUMENT;
  in->effective = found;
  return OK;
}

u host_proxy_done(vm* in) {
  (void)in;
  return NOT_FOUND;  // nobody is given time: root_end
}

u host_proxy_get_status(vm* in, u code_at, u message_at, u size_at) {
  root* of = vm_context(in)->root;
  if (!vm_write_u32(in, code_at, of->status)) return INVALID_MEMORY_ACCESS;
  return vm_give(in, of->status_message, message_at, size_at);
}

u host_pthread_equal(vm* in, u left, u right) {
  (void)in;
  return left == right;
}

void host_emscripten_notify_memory_growth(vm* in, u memory) {
  (void)in;
  (void)memory;
}

u host_proxy_define_metric(vm* in, u type, u name_at, u name_size, u id_at) {
  bytes name;
  uint32_t id;
  if (!vm_read(in, name_at, name_size, &name)) return INVALID_MEMORY_ACCESS;
  result defined = metrics_define(in, type, name, &id);
  if (defined != OK) return defined;
  return vm_write_u32(in, id_at, id) ? OK : INVALID_MEMORY_ACCESS;
}

u host_proxy_increment_metric(vm* in, u id, ul offset) {
  return metrics_increment(in, id, (int64_t)offset);
}

u host_proxy_record_metric(vm* in, u id, ul value) {
  return metrics_record(in, id, value);
}

u host_proxy_get_metric(vm* in, u id, u value_at) {
  uint64_t value;
  result found = metrics_get(in, id, &value);
  if (found != OK) return found;
  return vm_write_u64(in, value_at, value) ? OK : INVALID_MEMORY_ACCESS;
}
