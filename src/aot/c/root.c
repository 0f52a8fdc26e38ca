#include "root.h"

#include "inbox.h"
#include "outgoing.h"
#include "plugin.h"
#include "shared.h"
#include "timers.h"

root* root_new(vm* in, plugin* of) {
  root* made = must_allocate(sizeof(root));
  made->base.root = made;
  made->plugin = of;
  made->references = 1;
  made->status_message = NO_BYTES;
  plugin_keep(of);
  __atomic_add_fetch(&in->references, 1, __ATOMIC_RELAXED);
  vm_register(in, &made->base);

  uint32_t id = made->base.id;
  uint32_t configuration_size = (uint32_t)of->config.configuration.size;
  made->shows_configuration = true;
  vm_invoke(&made->base, CALL_proxy_on_context_create, id, 0, 0, 0, 0);
  made->shows_configuration = false;
  outcome started = vm_invoke(&made->base, CALL_proxy_on_vm_start, id, (uint32_t)in->config.vm_configuration.size, 0, 0, 0);
  outcome configured = {1, false, false};
  if (!started.is_called || started.value != 0) {
    made->shows_configuration = true;
    outcome came = vm_invoke(&made->base, CALL_proxy_on_configure, id, configuration_size, 0, 0, 0);
    if (came.is_called) configured = came;
    made->shows_configuration = false;
  } else {
    configured.value = 0;
  }
  if (!in->has_failed && configured.value != 0) return made;
  root_discard(made);
  root_release(made);
  return NULL;
}

void root_keep(root* of) {
  __atomic_add_fetch(&of->references, 1, __ATOMIC_RELAXED);
}

void root_release(root* of) {
  if (__atomic_sub_fetch(&of->references, 1, __ATOMIC_ACQ_REL) > 0) return;
  vm* in = of->base.vm;
  plugin* owner = of->plugin;
  free(of);
  if (__atomic_sub_fetch(&in->references, 1, __ATOMIC_ACQ_REL) == 0) vm_delete(in);
  plugin_release(owner);
}

plugin* root_keep_plugin(root* of) {
  pthread_mutex_t* lock = &of->base.vm->inbox_lock;
  pthread_mutex_lock(lock);
  plugin* kept = of->plugin;
  plugin_keep(kept);
  pthread_mutex_unlock(lock);
  return kept;
}

bool root_hand_over(root* of, plugin* heir) {
  vm* in = of->base.vm;
  pthread_mutex_lock(&in->inbox_lock);
  of->plugin = heir;
  bool is_waiting = in->inbox != NULL;
  pthread_mutex_unlock(&in->inbox_lock);
  return is_waiting;
}

static void forget(root* of) {
  inbox_close(of);
  root_set_tick_period(of, 0);
  outgoing_forget_all(of);
  shared_forget_queues(of);
}

void root_end(root* of) {
  vm_invoke(&of->base, CALL_proxy_on_done, of->base.id, 0, 0, 0, 0);
  vm_invoke(&of->base, CALL_proxy_on_delete, of->base.id, 0, 0, 0, 0);
  // After the last callback, which may ask for something still.
  forget(of);
  vm_forget(&of->base);
}

void root_discard(root* of) {
  forget(of);
  vm_forget(&of->base);
}

void root_set_tick_period(root* of, uint32_t milliseconds) {
  of->tick_period = milliseconds;
  timers_set(of, milliseconds);
}

void root_tick(root* of) {
  if (of->tick_period == 0) return;
  // Before: the tick may set another.
  root_set_tick_period(of, of->tick_period);
  vm_invoke(&of->base, CALL_proxy_on_tick, of->base.id, 0, 0, 0, 0);
}
