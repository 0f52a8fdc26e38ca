#define _GNU_SOURCE  // pthread_getattr_np
#include "wasm-rt.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>

/** The most that a memory may be, as in Envoy's Wasm engine: 1 GiB. */
#define MAX_MEMORY (UINT64_C(1) << 30)
/** The most that a table may have. */
#define MAX_TABLE UINT32_C(10000000)

static _Thread_local struct {
  wasm_rt_entry_t* innermost;
  /** The lowest address of the stack that modules may come to; 0 where it was not looked for yet. */
  uintptr_t floor;
} thread;

/** @returns the lowest address of this thread's stack that may be written to; 0 where the system does not say */
static uintptr_t end_of_stack(void) {
#ifdef __APPLE__
  return (uintptr_t)pthread_get_stackaddr_np(pthread_self()) - pthread_get_stacksize_np(pthread_self());
#else
  pthread_attr_t attributes;
  void* lowest = NULL;
  size_t size, guard = 0;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return 0;
  pthread_attr_getstack(&attributes, &lowest, &size);
  pthread_attr_getguardsize(&attributes, &guard);
  pthread_attr_destroy(&attributes);
  return (uintptr_t)lowest + guard;
#endif
}

static uintptr_t base_of_stack(uintptr_t here) {
  if (thread.floor == 0) thread.floor = end_of_stack() + WASM_RT_SPARE_STACK;
  uintptr_t lowest_base = thread.floor + WASM_RT_MAX_STACK;
  return here < lowest_base ? lowest_base : here;
}

void wasm_rt_prepare(wasm_rt_entry_t* entry, wasm_rt_stack_t* stack, uintptr_t here) {
  entry->outer = thread.innermost;
  entry->stack = stack;
  entry->outer_base = stack->base;
  // A module that is entered while it waits for a host call has what is left.
  if (stack->base == 0) stack->base = base_of_stack(here);
  thread.innermost = entry;
}

void wasm_rt_leave(wasm_rt_entry_t* entry) {
  entry->stack->base = entry->outer_base;
  thread.innermost = entry->outer;
}

void wasm_rt_trap(wasm_rt_trap_t trap) {
  wasm_rt_entry_t* entry = thread.innermost;
  // Nobody has entered a module: there is nowhere to go on.
  if (entry == NULL) abort();
  wasm_rt_leave(entry);
  _longjmp(entry->place, (int)trap);
}

const char* wasm_rt_trap_text(wasm_rt_trap_t trap) {
  switch (trap) {
    case WASM_RT_TRAP_OOB:
      return "memory access out of bounds";
    case WASM_RT_TRAP_INT_OVERFLOW:
      return "integer overflow";
    case WASM_RT_TRAP_DIV_BY_ZERO:
      return "divide by zero";
    case WASM_RT_TRAP_INVALID_CONVERSION:
      return "float unrepresentable in integer range";
    case WASM_RT_TRAP_UNREACHABLE:
      return "unreachable";
    case WASM_RT_TRAP_CALL_INDIRECT:
      return "null function or function signature mismatch";
    case WASM_RT_TRAP_NULL_REF:
      return "dereferencing a null pointer";
    case WASM_RT_TRAP_UNALIGNED:
      return "operation does not support unaligned accesses";
    case WASM_RT_TRAP_UNCAUGHT_EXCEPTION:
      return "uncaught exception";
    case WASM_RT_TRAP_EXHAUSTION:
      return "Maximum call stack size exceeded";
    case WASM_RT_TRAP_NONE:
      break;
  }
  return "no trap";
}

bool wasm_rt_is_initialized(void) {
  return true;
}

// Address space is set aside for all that a memory may become, so that it never moves; the system gives pages when they are touched.

void wasm_rt_allocate_memory(wasm_rt_memory_t* memory, uint64_t initial_pages, uint64_t max_pages, bool is64, uint32_t page_size) {
  uint64_t most = MAX_MEMORY / page_size;
  memory->pages = initial_pages;
  memory->max_pages = max_pages < most ? max_pages : most;
  memory->size = initial_pages * page_size;
  memory->is64 = is64;
  memory->page_size = page_size;
  memory->reserved = memory->max_pages * page_size;
  memory->data = NULL;
  if (initial_pages > memory->max_pages) wasm_rt_trap(WASM_RT_TRAP_OOB);
  if (memory->reserved == 0) return;
  void* data = mmap(NULL, memory->reserved, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (data == MAP_FAILED) wasm_rt_trap(WASM_RT_TRAP_OOB);
  memory->data = data;
  if (memory->size > 0 && mprotect(data, memory->size, PROT_READ | PROT_WRITE) != 0) {
    wasm_rt_free_memory(memory);
    wasm_rt_trap(WASM_RT_TRAP_OOB);
  }
}

uint64_t wasm_rt_grow_memory(wasm_rt_memory_t* memory, uint64_t pages) {
  uint64_t before = memory->pages;
  if (pages == 0) return before;
  if (pages > memory->max_pages - before) return memory->is64 ? UINT64_MAX : UINT32_MAX;
  uint64_t more = pages * memory->page_size;
  if (mprotect(memory->data + memory->size, more, PROT_READ | PROT_WRITE) != 0) return memory->is64 ? UINT64_MAX : UINT32_MAX;
  memory->pages += pages;
  memory->size += more;
  return before;
}

void wasm_rt_free_memory(wasm_rt_memory_t* memory) {
  if (memory->data != NULL) munmap(memory->data, memory->reserved);
  memory->data = NULL;
  memory->size = memory->pages = 0;
}

// Tables of functions, and of references.
#define DEFINE_TABLE(kind)                                                                                                    \
  void wasm_rt_allocate_##kind##_table(wasm_rt_##kind##_table_t* table, uint32_t elements, uint32_t max_elements) {           \
    table->size = elements;                                                                                                   \
    table->max_size = max_elements < MAX_TABLE ? max_elements : MAX_TABLE;                                                    \
    table->data = NULL;                                                                                                       \
    if (elements == 0) return;                                                                                                \
    if (elements <= table->max_size) table->data = calloc(elements, sizeof(wasm_rt_##kind##_t));                              \
    if (table->data == NULL) wasm_rt_trap(WASM_RT_TRAP_OOB);                                                                  \
  }                                                                                                                           \
  uint32_t wasm_rt_grow_##kind##_table(wasm_rt_##kind##_table_t* table, uint32_t delta, wasm_rt_##kind##_t init) {            \
    uint32_t before = table->size;                                                                                            \
    if (delta == 0) return before;                                                                                            \
    if (delta > table->max_size - before) return UINT32_MAX;                                                                  \
    wasm_rt_##kind##_t* data = realloc(table->data, (size_t)(before + delta) * sizeof(wasm_rt_##kind##_t));                    \
    if (data == NULL) return UINT32_MAX;                                                                                      \
    for (uint32_t i = before; i < before + delta; i++) data[i] = init;                                                        \
    table->data = data;                                                                                                       \
    table->size += delta;                                                                                                     \
    return before;                                                                                                            \
  }                                                                                                                           \
  void wasm_rt_free_##kind##_table(wasm_rt_##kind##_table_t* table) {                                                         \
    free(table->data);                                                                                                        \
    table->data = NULL;                                                                                                       \
    table->size = 0;                                                                                                          \
  }

DEFINE_TABLE(funcref)
DEFINE_TABLE(externref)
