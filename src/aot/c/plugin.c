#include "plugin.h"

#include <stdio.h>

#include "envoy.h"
#include "inbox.h"
#include "log.h"
#include "metrics.h"
#include "outgoing.h"
#include "timers.h"

enum { RELOAD_SUCCESS, RELOAD_FAILURE, RELOAD_BACKOFF };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static plugin* plugins = NULL;
/** The one that configures; known from the first plugin on. */
static pthread_t main_thread;
static bool has_main_thread = false;

void plugins_each(bool (*visit)(plugin*, void*), void* data) {
  pthread_mutex_lock(&lock);
  for (plugin* at = plugins; at != NULL && (!at->is_accepted || visit(at, data)); at = at->next) {
  }
  pthread_mutex_unlock(&lock);
}

bool is_main_thread(void) {
  return pthread_equal(pthread_self(), main_thread);
}

/** Envoy's own counters of the Wasm engine, `wasm.NAME.vm_reload_*`, are not ours to count. */
static void define_counter(plugin* of, const char* what, size_t* id) {
  char name[256];
  snprintf(name, sizeof(name), "aot.%.*s.%s", of->config.name.size < 128 ? (int)of->config.name.size : 128, of->config.name.at, what);
  ENVOY_CALL(http_filter_config_define_counter)(of->envoy, bytes_of(name, strlen(name)), NULL, 0, id);
}

static void count(plugin* of, size_t counter) {
  pthread_mutex_lock(&of->envoy_lock);
  if (of->envoy != NULL) ENVOY_CALL(http_filter_config_increment_counter)(of->envoy, counter, NULL, 0, 1);
  pthread_mutex_unlock(&of->envoy_lock);
}

void plugin_count_trap(plugin* of) {
  count(of, of->trap_counter);
}

/** A VM of that thread which another plugin of the same VM key lives in. It is locked, and has a reference for the caller. */
static vm* shared_vm(const plugin* with, size_t thread) {
  pthread_mutex_lock(&lock);
  vm* found = NULL;
  for (plugin* other = plugins; other != NULL && found == NULL; other = other->next) {
    if (other == with || !config_has_same_vm(&other->config, &with->config)) continue;
    root* theirs = other->roots[thread];
    if (theirs == NULL || theirs->base.vm->has_failed) continue;
    found = theirs->base.vm;
    __atomic_add_fetch(&found->references, 1, __ATOMIC_RELAXED);
  }
  pthread_mutex_unlock(&lock);
  if (found != NULL) vm_lock(found);
  return found;
}

static void give_back(vm* of) {
  vm_unlock(of);
  if (__atomic_sub_fetch(&of->references, 1, __ATOMIC_ACQ_REL) == 0) vm_delete(of);
}

/** In a VM of its own. */
static root* start_alone(plugin* of) {
  vm* in = vm_new(&of->config);
  in->references++;
  vm_lock(in);
  root* started = in->has_failed ? NULL : root_new(in, of);
  give_back(in);
  return started;
}

/** The other root of that thread is the plugin's from now on. @returns the one before */
static root* put_root(plugin* in, size_t thread, root* new) {
  pthread_mutex_lock(&lock);
  root* before = in->roots[thread];
  in->roots[thread] = new;
  pthread_mutex_unlock(&lock);
  return before;
}

/**
 * Takes the root of the same plugin in another configuration, with which it then does not end: that looks for an heir with the same lock.
 *
 * @returns NULL where there is none that runs
 */
static root* take_shared_root(plugin* with, size_t thread) {
  pthread_mutex_lock(&lock);
  root* found = NULL;
  for (plugin* other = plugins; other != NULL && found == NULL; other = other->next) {
    if (other == with || !config_is_same_plugin(&other->config, &with->config)) continue;
    if (other->roots[thread] != NULL && !other->roots[thread]->base.vm->has_failed) found = other->roots[thread];
  }
  if (found != NULL) {
    root_keep(found);
    with->roots[thread] = found;
  }
  pthread_mutex_unlock(&lock);
  return found;
}

static root* start_on(plugin* of, size_t thread) {
  root* known = take_shared_root(of, thread);
  if (known != NULL) return known;
  vm* in = shared_vm(of, thread);
  if (in == NULL) return start_alone(of);
  root* started = root_new(in, of);
  give_back(in);
  return started;
}

/** As in Envoy it is tried out in a VM of its own, so that one which traps or refuses does no harm to those in a VM that it shares. */
static root* try_out(plugin* of, size_t main) {
  root* tried = start_alone(of);
  if (tried == NULL) return NULL;
  vm* known = shared_vm(of, main);
  if (known == NULL) return tried;
  root_discard(tried);
  root_release(tried);
  root* started = root_new(known, of);
  give_back(known);
  return started;
}

static bool start(plugin* of) {
  size_t main = of->thread_count - 1;
  if (take_shared_root(of, main) == NULL) put_root(of, main, try_out(of, main));
  if (of->roots[main] == NULL) return false;
  for (size_t worker = 0; worker < main; worker++) {
    put_root(of, worker, start_on(of, worker));
    of->started_at[worker] = monotonic_now();
  }
  return true;
}

plugin* plugin_new(void* envoy, bytes filter_name, bytes message) {
  plugin* made = must_allocate(sizeof(plugin));
  if (!has_main_thread) {
    main_thread = pthread_self();
    has_main_thread = true;
  }
  made->references = 1;
  made->envoy = envoy;
  made->orders_end = &made->orders;
  pthread_mutex_init(&made->envoy_lock, NULL);
  made->thread_count = ENVOY_CALL(get_concurrency)() + 1;
  made->roots = must_allocate(made->thread_count * sizeof(root*));
  made->started_at = must_allocate(made->thread_count * sizeof(uint64_t));
  const char* problem = config_read(&made->config, filter_name, message);
  if (problem != NULL) {
    log_line(LOG_ERROR, "filterwright aot: %s", problem);
    plugin_release(made);
    return NULL;
  }
  made->scheduler = ENVOY_CALL(http_filter_config_scheduler_new)(envoy);
  define_counter(made, "vm_trap", &made->trap_counter);
  define_counter(made, "vm_reload_success", &made->reload_counters[RELOAD_SUCCESS]);
  define_counter(made, "vm_reload_failure", &made->reload_counters[RELOAD_FAILURE]);
  define_counter(made, "vm_reload_backoff", &made->reload_counters[RELOAD_BACKOFF]);
  metrics_define_known(made);
  // Before it starts: it may take roots of others, which are then looked for in it.
  pthread_mutex_lock(&lock);
  made->next = plugins;
  plugins = made;
  pthread_mutex_unlock(&lock);
  if (!start(made)) {
    log_line(LOG_ERROR, "filterwright aot: plugin %.*s is not accepted: it has trapped, or refuses its configuration",
             (int)made->config.name.size, made->config.name.at);
    plugin_end(made);
    return NULL;
  }
  pthread_mutex_lock(&lock);
  made->is_accepted = true;
  pthread_mutex_unlock(&lock);
  return made;
}

static bool leave_list(plugin* of) {
  pthread_mutex_lock(&lock);
  plugin** at = &plugins;
  while (*at != NULL && *at != of) at = &(*at)->next;
  if (*at != NULL) *at = of->next;
  bool is_last = plugins == NULL;
  pthread_mutex_unlock(&lock);
  return is_last;
}

/** Another configuration that the plugin is in, kept for the caller; NULL where there is none. */
static plugin* heir_of(const root* of, size_t thread) {
  pthread_mutex_lock(&lock);
  plugin* heir = plugins;
  while (heir != NULL && heir->roots[thread] != of) heir = heir->next;
  if (heir != NULL) plugin_keep(heir);
  pthread_mutex_unlock(&lock);
  return heir;
}

void plugin_end(plugin* of) {
  bool is_last = leave_list(of);
  for (size_t i = 0; i < of->thread_count; i++) {
    root* ending = put_root(of, i, NULL);
    if (ending == NULL) continue;
    plugin* heir = heir_of(ending, i);
    vm_lock(ending->base.vm);
    bool is_own = ending->plugin == of, is_waiting = false;
    if (heir == NULL) root_end(ending);
    else if (is_own) is_waiting = root_hand_over(ending, heir);
    vm_unlock(ending->base.vm);
    // That one was woken for it which is ending.
    if (is_waiting) plugin_wake_main(heir);
    if (heir != NULL) plugin_release(is_own ? of : heir);
    root_release(ending);
  }
  pthread_mutex_lock(&of->envoy_lock);
  if (of->scheduler != NULL) ENVOY_CALL(http_filter_config_scheduler_delete)(of->scheduler);
  of->envoy = of->scheduler = NULL;
  pthread_mutex_unlock(&of->envoy_lock);
  outgoing_drop_orders(of);
  plugin_release(of);
  if (is_last) timers_stop();
}

void plugin_keep(plugin* of) {
  __atomic_add_fetch(&of->references, 1, __ATOMIC_RELAXED);
}

void plugin_release(plugin* of) {
  if (__atomic_sub_fetch(&of->references, 1, __ATOMIC_ACQ_REL) > 0) return;
  config_free(&of->config);
  pthread_mutex_destroy(&of->envoy_lock);
  free(of->roots);
  free(of->started_at);
  free(of->metric_ids);
  free(of);
}

static void reload(plugin* of, size_t worker) {
  if (monotonic_now() - of->started_at[worker] < of->config.reload_backoff * 1000000u) {
    count(of, of->reload_counters[RELOAD_BACKOFF]);
    return;
  }
  of->started_at[worker] = monotonic_now();
  root* before = of->roots[worker];
  root* started = start_on(of, worker);
  count(of, of->reload_counters[started != NULL ? RELOAD_SUCCESS : RELOAD_FAILURE]);
  if (started == NULL) return;
  put_root(of, worker, started);
  if (before == NULL) return;
  vm_lock(before->base.vm);
  root_discard(before);
  vm_unlock(before->base.vm);
  root_release(before);
}

root* plugin_for_stream(plugin* of, size_t worker) {
  if (worker >= of->thread_count) worker = of->thread_count - 1;
  root* now = of->roots[worker];
  if (UNLIKELY(of->config.failure_policy == FAIL_RELOAD && (now == NULL || now->base.vm->has_failed))) {
    reload(of, worker);
    now = of->roots[worker];
  }
  return now;
}

void plugin_wake_main(plugin* of) {
  pthread_mutex_lock(&of->envoy_lock);
  if (of->scheduler != NULL) ENVOY_CALL(http_filter_config_scheduler_commit)(of->scheduler, 0);
  pthread_mutex_unlock(&of->envoy_lock);
}

void plugin_on_main(plugin* of) {
  outgoing_work(of);
  for (size_t i = 0; i < of->thread_count; i++) {
    // A worker may put another in its place.
    pthread_mutex_lock(&lock);
    root* waiting = of->roots[i];
    if (waiting != NULL) root_keep(waiting);
    pthread_mutex_unlock(&lock);
    if (waiting == NULL) continue;
    inbox_drain_on_main(waiting->base.vm);
    root_release(waiting);
  }
}
