// One instance of the module, and the contexts that live in it: proxy-wasm-cpp-host's `WasmBase`.

#ifndef FILTERWRIGHT_VM_H_
#define FILTERWRIGHT_VM_H_

#include <pthread.h>
#include <stdatomic.h>

#include "abi.h"
#include "bytes.h"
#include "config.h"
#include "guest.h"

typedef struct context context;
typedef struct root root;

/** What host calls of one plugin, or one stream, act on: proxy-wasm's `ContextBase`. It is the first member of either. */
struct context {
  uint32_t id;
  bool is_stream;
  /** Of a stream its plugin's; of a plugin itself. */
  root* root;
  vm* vm;
  /** In its bucket. */
  context* next;
};

/** Something that a host call has put off until the callback returns. */
typedef struct {
  /** Is given NULL where the context is gone. */
  void (*run)(context*, void* data);
  context* subject;
  /** Freed when it has run. */
  void* data;
} action;

/** Host calls that a module may make at the moment. */
typedef enum { CALLS_ALL, CALLS_AT_START, CALLS_IN_MALLOC, CALLS_NONE } allowed_calls;

struct vm {
  /** Of its plugins; the last one takes it away. */
  size_t references;
  /**
   * Which thread is in it, and how often: its worker, and for a moment the main thread, when configurations come and go, or when something
   * waits and no stream is there. A pthread mutex would cost each callback more than the callback.
   */
  void* owner;
  size_t entries;
  /** The thread of its streams: nobody else may touch them, not even who is in it. */
  void* stream_thread;
  /** What it is made of, its own copy. */
  plugin_config config;
  wasm_rt_memory_t* memory;
  /** Callbacks that are there and allowed. */
  guest_callback callbacks[CALLBACK_COUNT];
  context* current;
  /** Set by `proxy_set_effective_context`; NULL for that of the callback. */
  context* effective;
  /** Header lines as the callback at hand has read them: lines.h. */
  struct known_lines* lines;
  /** The stream whose route is forgotten since nobody asked for it: stream.h. */
  const context* route_cleared_for;
  /** It has trapped, and runs no more. Other threads look at it, too, before they take it for a plugin of theirs. */
  atomic_bool has_failed;
  /** A local reply was sent in the callback at hand. */
  bool is_iteration_stopped;
  allowed_calls allowed;
  /** By import: its capability is denied. */
  bool* denied;
  /** What it was, where not the code that wasm2c made has trapped. */
  const char* trap_reason;

  context** buckets;
  size_t bucket_count, context_count;
  uint32_t next_context_id;
  action* actions;
  size_t action_count, action_room, next_action;
  uint32_t http_token, grpc_call_token, grpc_stream_token;
  /** Metrics that it has defined, by type. */
  struct vm_metrics {
    struct metric** of_type[3];
    uint32_t count[3];
  } metrics;

  /** What waits for its thread, and its streams that can wake it: inbox.h. Their lock is held while nothing else is waited for. */
  pthread_mutex_t inbox_lock;
  struct task* inbox;
  struct task** inbox_end;
  struct stream* streams;

  /** Where the stack was when the module was entered, right before the instance: wasm-rt.h. */
  wasm_rt_stack_t* stack;
  guest* instance;
};

/** What came of a callback. */
typedef struct {
  /** 0 where the module does not have it, or the VM has failed. */
  uint32_t value;
  /** It ran to its end. */
  bool is_called;
  /** A local reply was sent meanwhile, so that the value does not count. */
  bool is_stopped;
} outcome;

/** Starts an instance. @param config is copied as far as it is the VM's @returns one that may have failed already */
vm* vm_new(const plugin_config* config);
void vm_delete(vm*);
void vm_wait_for(vm*, void* self);
/** What tells this thread from others. */
static inline void* this_thread(void) {
#ifdef __APPLE__
  return (void*)pthread_self();  // the register that compilers take for it holds another thing there
#else
  return __builtin_thread_pointer();
#endif
}
static inline void vm_lock(vm* of) {
  void* self = this_thread();
  void* nobody = NULL;
  if (__atomic_load_n(&of->owner, __ATOMIC_RELAXED) != self &&
      UNLIKELY(!__atomic_compare_exchange_n(&of->owner, &nobody, self, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))) {
    vm_wait_for(of, self);
  }
  of->entries++;
}
static inline void vm_unlock(vm* of) {
  if (--of->entries == 0) __atomic_store_n(&of->owner, NULL, __ATOMIC_RELEASE);
}

/** Gives a new context its number, or takes it away. */
void vm_register(vm*, context*);
void vm_forget(context*);
/** @returns NULL for one that is not there */
context* vm_find(vm*, uint32_t id);
/** The context that host calls of this moment act on. */
static inline context* vm_context(vm* of) {
  return of->effective != NULL ? of->effective : of->current;
}

/** Calls a callback, and then does what host calls have put off until it returns. */
outcome vm_invoke(context*, callback, uint32_t a, uint32_t b, uint32_t c, uint32_t d, uint32_t e);
/** Puts something off until the callback returns. @param data from malloc, or NULL */
void vm_later(context* subject, void (*run)(context*, void*), void* data);
/** Whether a callback is running. */
static inline bool vm_is_running(const vm* of) {
  return of->current != NULL;
}
/** Ends the host call at hand, and the VM. */
__attribute__((noreturn)) void vm_trap(vm*, const char* reason);

// The module's memory. Addresses come from the module and may be anything: every access is checked.

static inline bool vm_has(const vm* of, uint32_t at, uint64_t size) {
  return (uint64_t)at + size <= of->memory->size;
}
static inline bool vm_read(const vm* of, uint32_t at, uint32_t size, bytes* text) {
  if (!vm_has(of, at, size)) return false;
  *text = bytes_of(of->memory->data + at, size);
  return true;
}
static inline bool vm_write(vm* of, uint32_t at, const void* from, size_t size) {
  if (!vm_has(of, at, size)) return false;
  if (size > 0) memcpy(of->memory->data + at, from, size);
  return true;
}
static inline bool vm_write_u32(vm* of, uint32_t at, uint32_t value) {
  return vm_write(of, at, &value, sizeof(value));
}
static inline bool vm_write_u64(vm* of, uint32_t at, uint64_t value) {
  return vm_write(of, at, &value, sizeof(value));
}
static inline bool vm_read_u32(const vm* of, uint32_t at, uint32_t* value) {
  if (!vm_has(of, at, sizeof(*value))) return false;
  memcpy(value, of->memory->data + at, sizeof(*value));
  return true;
}
/** Memory that the module has allocated for what it is given. */
typedef struct {
  /** Where to write; NULL where there is none. */
  char* at;
  /** For the module. No bytes are address 0. */
  uint32_t address;
  size_t size;
} given_room;
/** An allocator that traps ends the VM, but not the callback at hand: as in Envoy, it goes on. */
given_room vm_room(vm*, size_t size);
/**
 * Writes address and size through two pointers: when the bytes are written, as in Envoy, since these may lie where the pointers point to.
 *
 * @returns the result of a host call that gives that
 */
result vm_tell(vm*, given_room, uint32_t address_at, uint32_t size_at);
/** @returns the result of a host call that gives that */
result vm_give(vm*, bytes, uint32_t address_at, uint32_t size_at);
/** Traps where a host call may not be made while the module starts, or allocates. */
void vm_expect_allowed(vm*, const char* name);
/** Whether the host call of that import may be made now. @returns false where its capability is denied */
static inline bool vm_may_call(vm* of, size_t import) {
  if (UNLIKELY(of->allowed != CALLS_ALL)) vm_expect_allowed(of, guest_imports[import]);
  return !of->denied[import];
}

#endif
