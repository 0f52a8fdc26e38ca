// What waits for a VM: ticks, answers to calls, queues that are ready. It is done on the VM's worker if a stream is there by which that
// can be woken, for what it does may act on streams. Where there is none, the main thread does it: there is nothing to act on then.

#ifndef FILTERWRIGHT_INBOX_H_
#define FILTERWRIGHT_INBOX_H_

#include "root.h"

typedef struct stream stream;
typedef struct task task;

struct task {
  task* next;
  root* for_root;
  void (*run)(root*, void* data);
  /** Given to `drop` where it cannot be done any more. */
  void (*drop)(void* data);
  void* data;
};

/** Puts something in, from any thread, and wakes whoever will do it. @param drop NULL for nothing to give back */
void inbox_post(root*, void (*run)(root*, void*), void (*drop)(void*), void* data);
void inbox_post_tick(root*);
/** Does what waits, on a thread that may: the VM is locked. */
void inbox_drain(vm*);
/** A plugin ends: what comes for it from now on is dropped. */
void inbox_close(root*);
/** Does what waits where no stream can be woken, else wakes one. The VM is not locked; on the main thread. */
void inbox_drain_on_main(vm*);
/** A stream comes, or goes, by which the worker can be woken. The VM is locked. */
void inbox_add_stream(vm*, stream*);
void inbox_remove_stream(vm*, stream*);

#endif
