#include "inbox.h"

#include "envoy.h"
#include "plugin.h"
#include "stream.h"

/** Streams leave the list before Envoy takes them away, so that one that is in it is there. */
static void wake_stream(vm* of) {
  void* scheduler = ENVOY_CALL(http_filter_scheduler_new)(of->streams->envoy);
  ENVOY_CALL(http_filter_scheduler_commit)(scheduler, 0);
  ENVOY_CALL(http_filter_scheduler_delete)(scheduler);
}

/** With the inbox's lock. @returns whether the main thread is to be woken */
static bool put(vm* of, root* to, task* new) {
  bool is_first = of->inbox == NULL;
  root_keep(to);
  *of->inbox_end = new;
  of->inbox_end = &new->next;
  if (is_first && of->streams != NULL) wake_stream(of);
  return is_first && of->streams == NULL;
}

static task* new_task(root* to, void (*run)(root*, void*), void (*drop)(void*), void* data) {
  task* new = must_allocate(sizeof(task));
  *new = (task){NULL, to, run, drop, data};
  return new;
}

/** Has the main thread look after the VM of that plugin. */
static void wake_main_for(root* of) {
  plugin* with = root_keep_plugin(of);
  plugin_wake_main(with);
  plugin_release(with);
}

void inbox_post(root* to, void (*run)(root*, void*), void (*drop)(void*), void* data) {
  vm* of = to->base.vm;
  pthread_mutex_lock(&of->inbox_lock);
  bool is_late = to->is_deleted;
  bool is_for_main = !is_late && put(of, to, new_task(to, run, drop, data));
  pthread_mutex_unlock(&of->inbox_lock);
  if (is_for_main) wake_main_for(to);
  if (is_late && drop != NULL) drop(data);
}

static void run_tick(root* of, void* unused) {
  (void)unused;
  root_tick(of);
}

void inbox_post_tick(root* to) {
  vm* of = to->base.vm;
  pthread_mutex_lock(&of->inbox_lock);
  bool is_new = !to->is_tick_due && !to->is_deleted;
  to->is_tick_due = true;
  bool is_for_main = is_new && put(of, to, new_task(to, run_tick, NULL, NULL));
  pthread_mutex_unlock(&of->inbox_lock);
  if (is_for_main) wake_main_for(to);
}

static task* take(vm* of) {
  pthread_mutex_lock(&of->inbox_lock);
  task* first = of->inbox;
  if (first != NULL) {
    of->inbox = first->next;
    if (of->inbox == NULL) of->inbox_end = &of->inbox;
    if (first->run == run_tick) first->for_root->is_tick_due = false;
  }
  pthread_mutex_unlock(&of->inbox_lock);
  return first;
}

static void finish(task* old) {
  if (old->drop != NULL) old->drop(old->data);
  root* of = old->for_root;
  free(old);
  root_release(of);
}

void inbox_drain(vm* of) {
  for (task* next = take(of); next != NULL; next = take(of)) {
    if (!next->for_root->is_deleted && !of->has_failed) {
      next->run(next->for_root, next->data);
      next->drop = NULL;
    }
    finish(next);
  }
}

void inbox_drain_on_main(vm* of) {
  pthread_mutex_lock(&of->inbox_lock);
  bool is_for_worker = of->streams != NULL, is_for_main = !is_for_worker && of->inbox != NULL;
  if (is_for_worker && of->inbox != NULL) wake_stream(of);
  pthread_mutex_unlock(&of->inbox_lock);
  // Only then is it waited for: a module that does not return on its worker holds nobody else.
  if (!is_for_main) return;
  vm_lock(of);
  inbox_drain(of);
  vm_unlock(of);
}

/** With the inbox's lock: takes out what is for that root. */
static task* take_all_for(root* of) {
  vm* in = of->base.vm;
  task *taken = NULL, **at = &in->inbox;
  while (*at != NULL) {
    task* next = *at;
    if (next->for_root != of) {
      at = &next->next;
      continue;
    }
    *at = next->next;
    next->next = taken;
    taken = next;
  }
  in->inbox_end = at;
  return taken;
}

void inbox_close(root* of) {
  vm* in = of->base.vm;
  pthread_mutex_lock(&in->inbox_lock);
  of->is_deleted = true;
  task* dropped = take_all_for(of);
  // Who was woken for this root may not come for the others.
  root* waiting = in->inbox == NULL ? NULL : in->inbox->for_root;
  bool is_for_main = waiting != NULL && in->streams == NULL;
  if (waiting != NULL) {
    root_keep(waiting);
    if (!is_for_main) wake_stream(in);
  }
  pthread_mutex_unlock(&in->inbox_lock);
  if (is_for_main) wake_main_for(waiting);
  if (waiting != NULL) root_release(waiting);
  for (task* next; dropped != NULL; dropped = next) {
    next = dropped->next;
    finish(dropped);
  }
}

void inbox_add_stream(vm* of, stream* new) {
  pthread_mutex_lock(&of->inbox_lock);
  new->previous_of_vm = NULL;
  new->next_of_vm = of->streams;
  if (of->streams != NULL) of->streams->previous_of_vm = new;
  of->streams = new;
  pthread_mutex_unlock(&of->inbox_lock);
}

void inbox_remove_stream(vm* of, stream* old) {
  pthread_mutex_lock(&of->inbox_lock);
  if (old->previous_of_vm != NULL) old->previous_of_vm->next_of_vm = old->next_of_vm;
  else of->streams = old->next_of_vm;
  if (old->next_of_vm != NULL) old->next_of_vm->previous_of_vm = old->previous_of_vm;
  pthread_mutex_unlock(&of->inbox_lock);
  // It may be the one that was woken.
  inbox_drain(of);
}
