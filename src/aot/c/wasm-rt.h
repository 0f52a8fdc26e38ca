// What the C needs that wabt's wasm2c (1.0.39) makes of a module: the names are wasm2c's. Every access to memory and every call
// through a table is checked by that C itself; what fails ends in wasm_rt_trap, which leaves all of the module's functions and
// goes back to whoever entered it. No signal is handled: those are the program's own.

#ifndef WASM_RT_H_
#define WASM_RT_H_

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "only little-endian machines: a module's memory is read as it is"
#endif

#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)
#define wasm_rt_memcpy memcpy

// Checks are explicit.
#define WABT_BIG_ENDIAN 0
#define WASM_RT_MEMCHECK_GUARD_PAGES 0
#define WASM_RT_USE_SEGUE 0
#define WASM_RT_SANITY_CHECKS 0

/** The stack of the thread that runs a module. It comes right before the module's instance in memory, where every function finds it. */
typedef struct {
  /** From where on it is counted: where the module was entered, or higher where the thread has less; 0 while nobody is in it. */
  _Alignas(16) uintptr_t base;
} wasm_rt_stack_t;

/** Bytes of stack that a module may take, of those that its thread has. */
#define WASM_RT_MAX_STACK (1024 * 1024)
/** What is left of the thread's then: for a frame, which a function looks at when it has it (src/aot/library.ts), and for a host call. */
#define WASM_RT_SPARE_STACK (WASM_RT_MAX_FRAME + 128 * 1024)

static inline size_t wasm_rt_stack_used(const void* instance) {
  uintptr_t here;
#if defined(__x86_64__)
  __asm__("mov %%rsp, %0" : "=r"(here));
#elif defined(__aarch64__)
  __asm__("mov %0, sp" : "=r"(here));
#else
  here = (uintptr_t)__builtin_frame_address(0);
#endif
  return ((const wasm_rt_stack_t*)instance)[-1].base - here;
}

// wasm2c counts calls: `if (++wasm_rt_call_stack_depth > WASM_RT_MAX_CALL_STACK_DEPTH)` begins each function, in which `instance` is
// known. A count says little where a function may have a large frame, so what is compared is the stack that was taken.
#define WASM_RT_STACK_DEPTH_COUNT 1
#define WASM_RT_MAX_CALL_STACK_DEPTH WASM_RT_MAX_STACK
#define wasm_rt_call_stack_depth (*(size_t[]){wasm_rt_stack_used(instance)})

typedef enum {
  WASM_RT_TRAP_NONE,
  WASM_RT_TRAP_OOB,
  WASM_RT_TRAP_INT_OVERFLOW,
  WASM_RT_TRAP_DIV_BY_ZERO,
  WASM_RT_TRAP_INVALID_CONVERSION,
  WASM_RT_TRAP_UNREACHABLE,
  WASM_RT_TRAP_CALL_INDIRECT,
  WASM_RT_TRAP_NULL_REF,
  WASM_RT_TRAP_UNALIGNED,
  WASM_RT_TRAP_UNCAUGHT_EXCEPTION,
  WASM_RT_TRAP_EXHAUSTION,
} wasm_rt_trap_t;

typedef enum {
  WASM_RT_I32,
  WASM_RT_I64,
  WASM_RT_F32,
  WASM_RT_F64,
  WASM_RT_V128,
  WASM_RT_FUNCREF,
  WASM_RT_EXNREF,
  WASM_RT_EXTERNREF,
} wasm_rt_type_t;

/** Of a function's type: 32 bytes that are equal where types are. */
typedef const char* wasm_rt_func_type_t;
typedef void (*wasm_rt_function_ptr_t)(void);
typedef struct wasm_rt_tailcallee_t {
  void (*fn)(void** instance_ptr, void* tail_call_stack, struct wasm_rt_tailcallee_t* next);
} wasm_rt_tailcallee_t;

typedef struct {
  wasm_rt_func_type_t func_type;
  wasm_rt_function_ptr_t func;
  wasm_rt_tailcallee_t func_tailcallee;
  void* module_instance;
} wasm_rt_funcref_t;
typedef void* wasm_rt_externref_t;

static const wasm_rt_funcref_t wasm_rt_funcref_null_value = {NULL, NULL, {NULL}, NULL};
static const wasm_rt_externref_t wasm_rt_externref_null_value = NULL;

typedef struct {
  uint8_t* data;
  uint64_t pages, max_pages;
  uint64_t size;
  bool is64;
  uint32_t page_size;
  /** Address space that was set aside. */
  uint64_t reserved;
} wasm_rt_memory_t;

typedef struct {
  wasm_rt_funcref_t* data;
  uint32_t max_size, size;
} wasm_rt_funcref_table_t;

typedef struct {
  wasm_rt_externref_t* data;
  uint32_t max_size, size;
} wasm_rt_externref_table_t;

/** Where to go on after a trap. They are chained, the innermost first: a module may be entered while it waits for a host call. */
typedef struct wasm_rt_entry_t {
  jmp_buf place;
  struct wasm_rt_entry_t* outer;
  wasm_rt_stack_t* stack;
  uintptr_t outer_base;
} wasm_rt_entry_t;

/** To be called in the function that enters a module: `if ((trap = WASM_RT_ENTER(&entry, stack)) == 0) { call it; wasm_rt_leave(&entry); }`. */
#define WASM_RT_ENTER(entry, stack) \
  (wasm_rt_prepare(entry, stack, (uintptr_t)__builtin_frame_address(0)), (wasm_rt_trap_t)_setjmp((entry)->place))

void wasm_rt_prepare(wasm_rt_entry_t* entry, wasm_rt_stack_t* stack, uintptr_t here);
void wasm_rt_leave(wasm_rt_entry_t* entry);
__attribute__((noreturn)) void wasm_rt_trap(wasm_rt_trap_t trap);
/** In words, as V8 names it. */
const char* wasm_rt_trap_text(wasm_rt_trap_t trap);

bool wasm_rt_is_initialized(void);

/** Traps where there is no memory to be had. */
void wasm_rt_allocate_memory(wasm_rt_memory_t*, uint64_t initial_pages, uint64_t max_pages, bool is64, uint32_t page_size);
/** @returns how many pages there were; or -1, as memory.grow does */
uint64_t wasm_rt_grow_memory(wasm_rt_memory_t*, uint64_t pages);
void wasm_rt_free_memory(wasm_rt_memory_t*);

void wasm_rt_allocate_funcref_table(wasm_rt_funcref_table_t*, uint32_t elements, uint32_t max_elements);
uint32_t wasm_rt_grow_funcref_table(wasm_rt_funcref_table_t*, uint32_t delta, wasm_rt_funcref_t init);
void wasm_rt_free_funcref_table(wasm_rt_funcref_table_t*);

void wasm_rt_allocate_externref_table(wasm_rt_externref_table_t*, uint32_t elements, uint32_t max_elements);
uint32_t wasm_rt_grow_externref_table(wasm_rt_externref_table_t*, uint32_t delta, wasm_rt_externref_t init);
void wasm_rt_free_externref_table(wasm_rt_externref_table_t*);

#endif
