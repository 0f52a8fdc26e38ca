// What a filter is configured with: `envoy.extensions.wasm.v3.PluginConfig`, the message that Envoy's Wasm filter takes.

#ifndef FILTERWRIGHT_CONFIG_H_
#define FILTERWRIGHT_CONFIG_H_

#include "bytes.h"

/** `envoy.extensions.wasm.v3.FailurePolicy`. */
typedef enum { FAIL_UNSPECIFIED, FAIL_RELOAD, FAIL_CLOSED, FAIL_OPEN } failure_policy;

typedef struct {
  bytes name, root_id, configuration;
  bytes vm_id, vm_configuration;
  /** `NAME=VALUE` and a NUL each. */
  buffer environment;
  size_t environment_count;
  /** `capability_restriction_config`: names with a NUL behind each; empty allows everything. */
  buffer capabilities;
  failure_policy failure_policy;
  /** `fail_open`, of before there were policies: streams that the module traps in go on, too. */
  bool lets_failed_pass;
  /** Milliseconds. */
  uint64_t reload_backoff;
  bool allows_stop_iteration;
} plugin_config;

/**
 * Reads a serialized message, or JSON that is the plugin's own configuration, which then has the filter's name in all places. What is kept
 * is a copy.
 *
 * @returns why it is neither, or NULL
 */
const char* config_read(plugin_config*, bytes filter_name, bytes message);
void config_free(plugin_config*);
/** Whether two plugins can share a VM: Envoy's `makeVmKey`. */
bool config_has_same_vm(const plugin_config*, const plugin_config*);
/** Whether they are one plugin: Envoy's plugin key. */
bool config_is_same_plugin(const plugin_config*, const plugin_config*);
bool config_allows(const plugin_config*, const char* capability);

#endif
