// WASI as Envoy has it: proxy-wasm-cpp-host's exports.cc. Files and sockets are refused, output is logged.
#include <errno.h>
#include <stdio.h>
#ifdef __APPLE__
#include <stdlib.h>
#else
#include <sys/random.h>
#endif

#include "calls.h"
#include "timers.h"

enum { SUCCESS = 0, BADF = 8, NOTDIR = 20, FAULT = 21, INVAL = 28, NOENT = 44, NOSYS = 52, NOTSUP = 58 };
#define MAX_RANDOM (64u * 1024u)

static bool is_output(u fd) {
  return fd == 1 || fd == 2;
}

static u for_output(u fd) {
  return is_output(fd) ? SUCCESS : BADF;
}

static u wrote(bool is_written) {
  return is_written ? SUCCESS : FAULT;
}

/** For what is not supported: nothing was read or sent, where there is a place to say so. */
static u none(bool is_written) {
  return is_written ? NOTSUP : FAULT;
}

static u write_out(vm* in, u fd, u vectors, u count, u written_at) {
  if (!is_output(fd)) return BADF;
  buffer text = {NULL, 0, 0};
  for (u i = 0; i < count; i++) {
    u at, size;
    bytes part = NO_BYTES;
    bool is_read = vm_read_u32(in, vectors + 8 * i, &at) && vm_read_u32(in, vectors + 8 * i + 4, &size) &&
                   (size == 0 || vm_read(in, at, size, &part)) && text.size + part.size <= in->memory->size;
    if (!is_read) {
      buffer_free(&text);
      return FAULT;
    }
    buffer_add(&text, part);
  }
  log_level level = fd == 1 ? LOG_INFO : LOG_ERROR;
  bytes line = buffer_bytes(&text);
  if (line.size > 0 && line.at[line.size - 1] == '\n') line.size--;
  if (text.size > 0 && log_is_on(level)) vm_log(in, level, line);
  bool is_written = vm_write_u32(in, written_at, (u)text.size);
  buffer_free(&text);
  return wrote(is_written);
}

u host_fd_write(vm* in, u fd, u vectors, u count, u written_at) {
  return write_out(in, fd, vectors, count, written_at);
}

u host_fd_pwrite(vm* in, u fd, u vectors, u count, ul offset, u written_at) {
  (void)offset;
  return write_out(in, fd, vectors, count, written_at);
}

u host_args_sizes_get(vm* in, u count_at, u size_at) {
  return wrote(vm_write_u32(in, count_at, 0) && vm_write_u32(in, size_at, 0));
}

u host_environ_get(vm* in, u array, u text) {
  bytes all = buffer_bytes(&in->config.environment);
  while (all.size > 0) {
    bytes variable = bytes_of(all.at, bytes_find(all, '\0') + 1);
    if (!vm_write_u32(in, array, text) || !vm_write(in, text, variable.at, variable.size)) return FAULT;
    array += 4;
    text += (u)variable.size;
    all = bytes_from(all, variable.size);
  }
  return SUCCESS;
}

u host_environ_sizes_get(vm* in, u count_at, u size_at) {
  const plugin_config* config = &in->config;
  return wrote(vm_write_u32(in, count_at, (u)config->environment_count) && vm_write_u32(in, size_at, (u)config->environment.size));
}

u host_clock_time_get(vm* in, u clock, ul precision, u at) {
  (void)precision;
  if (clock > 1) return NOTSUP;
  return wrote(vm_write_u64(in, at, clock == 0 ? wall_clock_now() : monotonic_now()));
}

u host_clock_res_get(vm* in, u clock, u at) {
  return clock <= 1 ? wrote(vm_write_u64(in, at, 1)) : NOTSUP;
}

static bool fill_random(char* to, size_t size) {
#ifdef __APPLE__
  arc4random_buf(to, size);
  return true;
#else
  while (size > 0) {
    ssize_t got = getrandom(to, size, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return false;
    to += got;
    size -= (size_t)got;
  }
  return true;
#endif
}

u host_random_get(vm* in, u at, u size) {
  if (size > MAX_RANDOM) return INVAL;
  if (!vm_has(in, at, size)) return FAULT;
  return wrote(fill_random((char*)in->memory->data + at, size));
}

u host_poll_oneoff(vm* in, u a, u b, u c, u count_at) {
  (void)a;
  (void)b;
  (void)c;
  return wrote(vm_write_u32(in, count_at, 0));
}

/** Envoy logs it and goes on; a compiler puts a trap behind it. */
void host_proc_exit(vm* in, u code) {
  (void)in;
  log_line(LOG_ERROR, "filterwright aot: proc_exit(%u)", code);
}

u host_fd_fdstat_get(vm* in, u fd, u at) {
  if (!is_output(fd)) return BADF;
  const char stat[24] = {[8] = 0x40};  // rights: to write
  vm_write(in, at, stat, sizeof(stat));  // whether it fits is not looked at
  return SUCCESS;
}

u host_fd_readdir(vm* in, u fd, u a, u b, ul c, u used_at) {
  (void)fd;
  (void)a;
  (void)b;
  (void)c;
  return vm_write_u32(in, used_at, 0) ? NOTDIR : FAULT;
}

u host_fd_renumber(vm* in, u from, u to) {
  (void)in;
  return is_output(from) && is_output(to) ? NOTSUP : BADF;
}

u host_fd_tell(vm* in, u fd, u at) {
  return is_output(fd) ? wrote(vm_write_u64(in, at, 0)) : BADF;
}

u host_path_readlink(vm* in, u a, u b, u c, u d, u e, u size_at) {
  (void)a;
  (void)b;
  (void)c;
  (void)d;
  (void)e;
  return none(vm_write_u32(in, size_at, 0));
}

u host_sock_accept(vm* in, u a, u b, u at) {
  (void)a;
  (void)b;
  return none(vm_write_u64(in, at, 0));
}

u host_sock_recv(vm* in, u a, u b, u c, u d, u size_at, u flags_at) {
  (void)a;
  (void)b;
  (void)c;
  (void)d;
  return none(vm_write_u32(in, size_at, 0) && vm_write(in, flags_at, "\0", 2));
}

u host_sock_send(vm* in, u a, u b, u c, u d, u size_at) {
  (void)a;
  (void)b;
  (void)c;
  (void)d;
  return none(vm_write_u32(in, size_at, 0));
}

// Calls that Envoy has for the sake of modules that import them: each answers the same.

#pragma GCC diagnostic ignored "-Wunused-parameter"
#define ANSWERS(answer, name, ...) \
  u host_##name(vm* in, __VA_ARGS__) { return answer; }

ANSWERS(SUCCESS, args_get, u a, u b)
ANSWERS(SUCCESS, fd_advise, u fd, ul a, ul b, u c)
ANSWERS(SUCCESS, fd_close, u fd)
ANSWERS(SUCCESS, fd_seek, u fd, ul a, u b, u c)
ANSWERS(for_output(fd), fd_allocate, u fd, ul a, ul b)
ANSWERS(for_output(fd), fd_datasync, u fd)
ANSWERS(for_output(fd), fd_sync, u fd)
ANSWERS(for_output(fd), fd_fdstat_set_rights, u fd, ul a, ul b)
ANSWERS(for_output(fd), fd_filestat_set_size, u fd, ul a)
ANSWERS(for_output(fd), fd_filestat_set_times, u fd, ul a, ul b, u c)
ANSWERS(NOSYS, fd_fdstat_set_flags, u fd, u a)
ANSWERS(BADF, fd_filestat_get, u fd, u a)
ANSWERS(NOSYS, fd_pread, u fd, u a, u b, ul c, u d)
ANSWERS(NOSYS, fd_prestat_dir_name, u fd, u a, u b)
ANSWERS(BADF, fd_prestat_get, u fd, u a)
ANSWERS(NOSYS, fd_read, u fd, u a, u b, u c)
ANSWERS(NOTSUP, path_create_directory, u a, u b, u c)
ANSWERS(NOTSUP, path_filestat_get, u a, u b, u c, u d, u e)
ANSWERS(NOTSUP, path_filestat_set_times, u a, u b, u c, u d, ul e, ul f, u g)
ANSWERS(NOTSUP, path_link, u a, u b, u c, u d, u e, u f)
ANSWERS(NOENT, path_open, u a, u b, u c, u d, u e, ul f, ul g, u h, u i)
ANSWERS(NOTSUP, path_remove_directory, u a, u b, u c)
ANSWERS(NOTSUP, path_rename, u a, u b, u c, u d, u e, u f)
ANSWERS(NOTSUP, path_symlink, u a, u b, u c, u d)
ANSWERS(NOTSUP, path_unlink_file, u a, u b, u c)
ANSWERS(NOTSUP, sock_shutdown, u a, u b)

u host_sched_yield(vm* in) {
  return SUCCESS;
}
