// A plugin in one VM: its root context.

#ifndef FILTERWRIGHT_ROOT_H_
#define FILTERWRIGHT_ROOT_H_

#include "vm.h"

typedef struct plugin plugin;
typedef struct outgoing outgoing;

struct root {
  context base;
  /** Changed with the VM and its inbox locked: who holds neither asks root_keep_plugin. */
  plugin* plugin;
  /** The plugin's own, one of each stream, one of each thing that waits. */
  size_t references;
  /** Milliseconds between ticks; 0 for none. */
  uint32_t tick_period;
  /** A tick waits in the VM's inbox. */
  bool is_tick_due;
  bool is_deleted;
  /** The callback at hand may read the plugin's configuration. */
  bool shows_configuration;
  /** Of `proxy_get_status`: about the call whose answer is delivered. */
  uint32_t status;
  bytes status_message;
  /** The call whose answer is delivered, and those that are under way. */
  outgoing* answered;
  /** Of gRPC, the map of it that can be read; MAP_COUNT for none. */
  uint32_t shown_map;
  /** Of gRPC, the message that is delivered. */
  bytes message;
  outgoing* calls;
};

/** Creates the plugin in a VM, starts the VM for it and configures it. @returns NULL where the module refuses, or traps */
root* root_new(vm*, plugin*);
void root_keep(root*);
/** Gives a reference back: the last one frees it, and with the last of a VM's the VM. */
void root_release(root*);
/** @returns the plugin, kept for the caller */
plugin* root_keep_plugin(root*);
/** Gives it to another configuration of the same plugin, with the VM locked. @returns whether something waits for the VM, of which that one is to be told */
bool root_hand_over(root*, plugin* heir);
/** Drives `proxy_on_done` and `proxy_on_delete`: with its configuration goes all by which Envoy could give it time, should it ask for some. */
void root_end(root*);
/** Takes it away without a word to the module, as Envoy does it with what it only tries out. */
void root_discard(root*);
void root_set_tick_period(root*, uint32_t milliseconds);
/** Drives `proxy_on_tick`. */
void root_tick(root*);

#endif
