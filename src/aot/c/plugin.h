// A filter's configuration: the plugin on each worker and on the main thread.

#ifndef FILTERWRIGHT_PLUGIN_H_
#define FILTERWRIGHT_PLUGIN_H_

#include "root.h"

struct plugin {
  plugin_config config;
  /** Its roots, and whoever configured it. */
  size_t references;
  /** Envoy's configuration, and what wakes the main thread for it; NULL when that is gone. */
  pthread_mutex_t envoy_lock;
  void* envoy;
  void* scheduler;
  /** By worker, and at last the main thread's; NULL for one that could not be started. */
  root** roots;
  size_t thread_count;
  /** When each was started: FAIL_RELOAD. Nanoseconds. */
  uint64_t* started_at;
  /** Envoy's numbers of metrics, by ours. */
  size_t* metric_ids;
  size_t metric_count;
  /** What the main thread is to do with calls; those that are under way, and the one that it is beginning. */
  struct order *orders, **orders_end;
  outgoing *active, *beginning;
  /** It has started: what it was given while it was configured does not change any more. */
  bool is_accepted;
  /** Of all plugins. */
  plugin* next;
  /** Our own counters: traps, and new VMs after them. */
  size_t trap_counter, reload_counters[3];
};

/** @returns NULL where Envoy is to refuse it, with the reason in the log */
plugin* plugin_new(void* envoy, bytes filter_name, bytes message);
/** Envoy has given its configuration up. */
void plugin_end(plugin*);
void plugin_keep(plugin*);
void plugin_release(plugin*);
/** The plugin for a new stream on a worker; after a trap, and if it is due, in a new VM. NULL where there is none to be had. */
root* plugin_for_stream(plugin*, size_t worker);
/** Has the main thread look what there is to do. */
void plugin_wake_main(plugin*);
/** That look. */
void plugin_on_main(plugin*);
/** Whether this is Envoy's main thread. */
bool is_main_thread(void);
void plugin_count_trap(plugin*);
/** Those that are accepted, until one visit answers false. */
void plugins_each(bool (*visit)(plugin*, void*), void* data);

#endif
