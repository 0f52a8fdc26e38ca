#include "config.h"

#include "proto.h"

#define DEFAULT_RELOAD_BACKOFF 1000

static void add_variable(plugin_config* config, bytes name, bytes value) {
  buffer_add(&config->environment, name);
  buffer_add(&config->environment, TEXT("="));
  buffer_add(&config->environment, value);
  buffer_add(&config->environment, bytes_of("", 1));
  config->environment_count++;
}

/** Adds a name, with a NUL behind it. @returns whether it is a new one */
static bool add_name(buffer* names, bytes name) {
  bool is_new = true;
  for (bytes rest = buffer_bytes(names); rest.size > 0; rest = bytes_from(rest, bytes_find(rest, '\0') + 1)) {
    is_new &= !bytes_equal(bytes_of(rest.at, bytes_find(rest, '\0')), name);
  }
  buffer_add(names, name);
  buffer_add(names, bytes_of("", 1));
  return is_new;
}

/** `EnvironmentVariables`: of Envoy's own, and given ones. @returns whether no name comes twice */
static bool read_environment(plugin_config* config, bytes message) {
  bool is_unique = true;
  buffer names = {NULL, 0, 0};
  proto_field field;
  while (proto_next(&message, &field)) {
    if (field.number == 1) {
      is_unique &= add_name(&names, field.text);
      char* name = strndup(field.text.at, field.text.size);
      const char* value = name == NULL ? NULL : getenv(name);
      if (value != NULL) add_variable(config, field.text, bytes_of(value, strlen(value)));
      free(name);
    } else if (field.number == 2) {
      is_unique &= add_name(&names, proto_text(field.text, 1));
      add_variable(config, proto_text(field.text, 1), proto_text(field.text, 2));
    }
  }
  buffer_free(&names);
  return is_unique;
}

/** A field that comes twice counts as it comes last. */
static void put(bytes* to, bytes value) {
  bytes_free(*to);
  *to = bytes_copy(value);
}

/** `VmConfig`. @returns whether its environment may be so */
static bool read_vm(plugin_config* config, bytes message) {
  bool is_unique = true;
  proto_field field;
  while (proto_next(&message, &field)) {
    if (field.number == 1) put(&config->vm_id, field.text);
    if (field.number == 4) put(&config->vm_configuration, proto_any(field.text));
    if (field.number == 7) is_unique &= read_environment(config, field.text);
  }
  return is_unique;
}

/** `CapabilityRestrictionConfig`: a map of names. */
static void read_capabilities(plugin_config* config, bytes message) {
  proto_field field;
  while (proto_next(&message, &field)) {
    if (field.number != 1) continue;
    buffer_add(&config->capabilities, proto_text(field.text, 1));
    buffer_add(&config->capabilities, bytes_of("", 1));
  }
}

/** `ReloadConfig.backoff.base_interval`, a Duration. */
static uint64_t read_backoff(bytes message) {
  bytes interval = proto_text(proto_text(message, 1), 1);
  uint64_t milliseconds = 0;
  proto_field field;
  while (proto_next(&interval, &field)) {
    if (field.number == 1) milliseconds += field.value * 1000;
    if (field.number == 2) milliseconds += field.value / 1000000;
  }
  return milliseconds == 0 ? DEFAULT_RELOAD_BACKOFF : milliseconds;
}

/** Envoy Gateway gives a dynamic module JSON, or nothing. No message of ours begins with a brace: that were the start of a group. */
static bool is_plain(bytes message) {
  return message.size == 0 || message.at[0] == '{';
}

const char* config_read(plugin_config* config, bytes filter_name, bytes message) {
  *config = (plugin_config){.failure_policy = FAIL_UNSPECIFIED, .reload_backoff = DEFAULT_RELOAD_BACKOFF};
  if (is_plain(message)) {
    bytes* names[] = {&config->name, &config->root_id, &config->vm_id};
    for (size_t i = 0; i < 3; i++) put(names[i], filter_name);
    put(&config->configuration, message);
    config->failure_policy = FAIL_RELOAD;
    return NULL;
  }
  bool fails_open = false, is_unique = true;
  proto_field field;
  while (proto_next(&message, &field)) {
    switch (field.number) {
      case 1: put(&config->name, field.text); break;
      case 2: put(&config->root_id, field.text); break;
      case 3: is_unique = read_vm(config, field.text); break;
      case 4: put(&config->configuration, proto_any(field.text)); break;
      case 5: fails_open = field.value != 0; break;
      case 6: read_capabilities(config, field.text); break;
      case 7: config->failure_policy = (failure_policy)field.value; break;
      case 8: config->reload_backoff = read_backoff(field.text); break;
      case 9: {
        proto_field allowed;
        config->allows_stop_iteration = proto_next(&field.text, &allowed) && allowed.value != 0;
      }
    }
  }
  if (message.size > 0) return "filter_config is no envoy.extensions.wasm.v3.PluginConfig";
  if (!is_unique) return "a name comes twice in vm_config.environment_variables";
  if (fails_open && config->failure_policy != FAIL_UNSPECIFIED) return "only one of fail_open or failure_policy can be set";
  config->lets_failed_pass = fails_open;
  if (config->failure_policy == FAIL_UNSPECIFIED) config->failure_policy = fails_open ? FAIL_OPEN : FAIL_CLOSED;
  return NULL;
}

void config_free(plugin_config* config) {
  bytes_free(config->name);
  bytes_free(config->root_id);
  bytes_free(config->configuration);
  bytes_free(config->vm_id);
  bytes_free(config->vm_configuration);
  buffer_free(&config->environment);
  buffer_free(&config->capabilities);
}

bool config_has_same_vm(const plugin_config* left, const plugin_config* right) {
  return bytes_equal(left->vm_id, right->vm_id) && bytes_equal(left->vm_configuration, right->vm_configuration) &&
         bytes_equal(buffer_bytes(&left->environment), buffer_bytes(&right->environment)) &&
         bytes_equal(buffer_bytes(&left->capabilities), buffer_bytes(&right->capabilities));
}

bool config_is_same_plugin(const plugin_config* left, const plugin_config* right) {
  return config_has_same_vm(left, right) && bytes_equal(left->name, right->name) && bytes_equal(left->root_id, right->root_id) &&
         bytes_equal(left->configuration, right->configuration) && left->failure_policy == right->failure_policy &&
         left->lets_failed_pass == right->lets_failed_pass &&
         left->reload_backoff == right->reload_backoff && left->allows_stop_iteration == right->allows_stop_iteration;
}

bool config_allows(const plugin_config* config, const char* capability) {
  bytes names = buffer_bytes(&config->capabilities);
  if (names.size == 0) return true;
  while (names.size > 0) {
    size_t size = bytes_find(names, '\0');
    if (bytes_equal(bytes_of(names.at, size), bytes_of(capability, strlen(capability)))) return true;
    names = bytes_from(names, size + 1);
  }
  return false;
}
