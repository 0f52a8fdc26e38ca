#include "vm.h"

#include <time.h>

#include "lines.h"
#include "log.h"
#include "metrics.h"
#include "plugin.h"
#include "shared.h"
#include "stream.h"

#define FIRST_BUCKETS 16

// Starting and ending.

/** Of a list of names with spaces around each. */
static bool is_among(const char* name, const char* names) {
  size_t size = strlen(name);
  for (const char* at = strstr(names, name); at != NULL; at = strstr(at + 1, name)) {
    if (at[-1] == ' ' && at[size] == ' ') return true;
  }
  return false;
}

/** Whether a restriction can deny it: host calls of proxy-wasm, and WASI. What else there is, Envoy always allows. */
static bool is_capability(const char* name) {
  return strncmp(name, "proxy_", 6) == 0 || !is_among(name, " pthread_equal emscripten_notify_memory_growth envoy_resolve_dns ");
}

static void trap(vm* of, const char* where, wasm_rt_trap_t why) {
  const char* reason = of->trap_reason != NULL ? of->trap_reason : wasm_rt_trap_text(why);
  of->trap_reason = NULL;
  of->allowed = CALLS_ALL;
  of->has_failed = true;
  char text[LOG_NAMES];
  bytes names = of->current == NULL ? NO_BYTES : context_log_names(of->current, text);
  log_line(LOG_ERROR, "filterwright aot: plugin %.*s: Function: %s failed: Uncaught RuntimeError: %s", (int)names.size, names.at, where, reason);
  if (of->current != NULL) plugin_count_trap(of->current->root->plugin);
}

static void start(vm* of) {
  wasm_rt_entry_t entry;
  of->allowed = CALLS_NONE;
  wasm_rt_trap_t why = WASM_RT_ENTER(&entry, of->stack);
  if (why == WASM_RT_TRAP_NONE) {
    guest_instantiate(of->instance, of);
    of->memory = guest_memory(of->instance);
    of->allowed = CALLS_AT_START;
    guest_start(of->instance);
    of->allowed = CALLS_ALL;
    wasm_rt_leave(&entry);
  } else {
    trap(of, "_initialize", why);
  }
}

vm* vm_new(const plugin_config* config) {
  vm* made = must_allocate(sizeof(vm));
  pthread_mutex_init(&made->inbox_lock, NULL);
  made->config.vm_id = bytes_copy(config->vm_id);
  made->config.vm_configuration = bytes_copy(config->vm_configuration);
  buffer_add(&made->config.environment, buffer_bytes(&config->environment));
  made->config.environment_count = config->environment_count;
  buffer_add(&made->config.capabilities, buffer_bytes(&config->capabilities));
  made->denied = must_allocate(guest_import_count * sizeof(bool));
  for (size_t i = 0; i < guest_import_count; i++) {
    made->denied[i] = is_capability(guest_imports[i]) && !config_allows(config, guest_imports[i]);
  }
  for (size_t i = 0; i < CALLBACK_COUNT; i++) {
    bool is_allowed = guest_callbacks[i] != NULL && config_allows(config, callback_names[i]);
    made->callbacks[i] = is_allowed ? guest_callbacks[i] : NULL;
  }
  made->bucket_count = FIRST_BUCKETS;
  made->buckets = must_allocate(FIRST_BUCKETS * sizeof(context*));
  made->next_context_id = 1;
  made->http_token = 0;
  made->grpc_call_token = 1;
  made->grpc_stream_token = 2;
  made->inbox_end = &made->inbox;
  made->stack = must_allocate(sizeof(wasm_rt_stack_t) + guest_size);
  made->instance = (guest*)(made->stack + 1);
  shared_add_vm(made->config.vm_id);
  start(made);
  return made;
}

void vm_delete(vm* of) {
  guest_free(of->instance);
  free(of->stack);
  metrics_forget_vm(of);
  shared_remove_vm(of->config.vm_id);
  free(of->actions);
  free(of->denied);
  free(of->buckets);
  lines_free(of);
  config_free(&of->config);
  pthread_mutex_destroy(&of->inbox_lock);
  free(of);
}

void vm_wait_for(vm* of, void* self) {
  const struct timespec moment = {0, 20000};
  for (void* nobody = NULL; !__atomic_compare_exchange_n(&of->owner, &nobody, self, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED); nobody = NULL) {
    nanosleep(&moment, NULL);
  }
}

// Contexts by number.

static context** bucket_of(vm* of, uint32_t id) {
  return &of->buckets[id & (of->bucket_count - 1)];
}

static void grow_buckets(vm* of) {
  context** before = of->buckets;
  size_t count = of->bucket_count;
  of->bucket_count = 2 * count;
  of->buckets = must_allocate(of->bucket_count * sizeof(context*));
  for (size_t i = 0; i < count; i++) {
    for (context *at = before[i], *next; at != NULL; at = next) {
      next = at->next;
      at->next = *bucket_of(of, at->id);
      *bucket_of(of, at->id) = at;
    }
  }
  free(before);
}

void vm_register(vm* of, context* new) {
  if (of->context_count++ >= 2 * of->bucket_count) grow_buckets(of);
  new->vm = of;
  // As proxy-wasm-cpp-host's `allocContextId`, when all numbers were given once.
  do new->id = of->next_context_id++;
  while (UNLIKELY(new->id == 0 || vm_find(of, new->id) != NULL));
  context** bucket = bucket_of(of, new->id);
  new->next = *bucket;
  *bucket = new;
}

void vm_forget(context* old) {
  vm* of = old->vm;
  context** at = bucket_of(of, old->id);
  while (*at != NULL && *at != old) at = &(*at)->next;
  if (*at == NULL) return;
  *at = old->next;
  of->context_count--;
  if (of->effective == old) of->effective = NULL;
  for (size_t i = of->next_action; i < of->action_count; i++) {
    if (of->actions[i].subject == old) of->actions[i].subject = NULL;
  }
}

context* vm_find(vm* of, uint32_t id) {
  context* at = *bucket_of(of, id);
  while (at != NULL && at->id != id) at = at->next;
  return at;
}

// Callbacks.

static bool call(vm* of, callback which, const uint32_t* a, uint32_t* value) {
  wasm_rt_entry_t entry;
  wasm_rt_trap_t why = WASM_RT_ENTER(&entry, of->stack);
  if (why != WASM_RT_TRAP_NONE) {
    trap(of, callback_names[which], why);
    return false;
  }
  *value = of->callbacks[which](of->instance, a[0], a[1], a[2], a[3], a[4]);
  wasm_rt_leave(&entry);
  // An allocator may have trapped in between.
  return !of->has_failed;
}

static void run_actions(vm* of) {
  while (of->next_action < of->action_count) {
    action next = of->actions[of->next_action++];
    if (of->next_action == of->action_count) of->next_action = of->action_count = 0;
    next.run(next.subject, next.data);
    free(next.data);
  }
}

outcome vm_invoke(context* in, callback which, uint32_t a, uint32_t b, uint32_t c, uint32_t d, uint32_t e) {
  vm* of = in->vm;
  outcome came = {0, false, false};
  if (of->has_failed || of->callbacks[which] == NULL) {
    if (!vm_is_running(of)) run_actions(of);
    return came;
  }
  of->route_cleared_for = NULL;
  lines_forget(of);
  context *current = of->current, *effective = of->effective;
  of->current = in;
  of->effective = NULL;
  came.is_called = call(of, which, (const uint32_t[]){a, b, c, d, e}, &came.value);
  of->current = current;
  of->effective = effective;
  if (of->has_failed) context_on_trap(in, which);
  lines_forget(of);
  came.is_stopped = of->is_iteration_stopped;
  of->is_iteration_stopped = false;
  run_actions(of);
  return came;
}

void vm_later(context* subject, void (*run)(context*, void*), void* data) {
  vm* of = subject->vm;
  if (of->action_count == of->action_room) {
    of->action_room = 2 * of->action_room + 4;
    of->actions = must_reallocate(of->actions, of->action_room * sizeof(action));
  }
  of->actions[of->action_count++] = (action){run, subject, data};
}

void vm_trap(vm* of, const char* reason) {
  of->trap_reason = reason;
  wasm_rt_trap(WASM_RT_TRAP_UNREACHABLE);
}

// What the module is given.

static uint32_t allocate(vm* of, uint32_t size) {
  wasm_rt_entry_t entry;
  allowed_calls before = of->allowed;
  of->allowed = CALLS_IN_MALLOC;
  wasm_rt_trap_t why = WASM_RT_ENTER(&entry, of->stack);
  if (why != WASM_RT_TRAP_NONE) {
    trap(of, "malloc", why);
    of->allowed = before;
    return 0;
  }
  uint32_t address = guest_malloc(of->instance, size);
  wasm_rt_leave(&entry);
  of->allowed = before;
  return address;
}

given_room vm_room(vm* of, size_t size) {
  if (size > UINT32_MAX) return (given_room){NULL, 0, 0};
  uint32_t address = size == 0 ? 0 : allocate(of, (uint32_t)size);
  bool is_good = size == 0 || (address != 0 && vm_has(of, address, size));
  return (given_room){is_good ? (char*)of->memory->data + address : NULL, address, size};
}

result vm_tell(vm* of, given_room given, uint32_t address_at, uint32_t size_at) {
  bool is_told = given.at != NULL && vm_write_u32(of, address_at, given.address) && vm_write_u32(of, size_at, (uint32_t)given.size);
  return is_told ? OK : INVALID_MEMORY_ACCESS;
}

result vm_give(vm* of, bytes all, uint32_t address_at, uint32_t size_at) {
  given_room to = vm_room(of, all.size);
  if (to.at != NULL && all.size > 0) memcpy(to.at, all.at, all.size);
  return vm_tell(of, to, address_at, size_at);
}

// Host calls that may be made.

static bool may_call_at_start(const char* name) {
  bool is_wasi_output = strncmp(name, "fd_", 3) == 0 && !is_among(name, " fd_close fd_read fd_seek ");
  bool is_path = strncmp(name, "path_", 5) == 0 && strcmp(name, "path_open") != 0;
  return is_wasi_output || is_path || strncmp(name, "args_", 5) == 0 || strncmp(name, "environ_", 8) == 0 ||
         strncmp(name, "clock_", 6) == 0 || strncmp(name, "sock_", 5) == 0 ||
         is_among(name, " emscripten_notify_memory_growth proxy_log random_get poll_oneoff ");
}

void vm_expect_allowed(vm* of, const char* name) {
  if (of->allowed == CALLS_NONE) vm_trap(of, "a host call is made in the module's start section");
  if (of->allowed == CALLS_AT_START && !may_call_at_start(name)) vm_trap(of, "restricted_callback");
  if (of->allowed == CALLS_IN_MALLOC && !is_among(name, " proxy_log fd_write clock_time_get poll_oneoff ")) {
    vm_trap(of, "restricted_callback");
  }
}
