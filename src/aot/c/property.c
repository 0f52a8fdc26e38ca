// `proxy_get_property` and `proxy_set_property`.
#include "property.h"

#include "plugin.h"

static u state_property(const query* of, bytes key) {
  bytes value;
  void* envoy = of->of->envoy;
  bool is_found = ENVOY_CALL(http_get_filter_state_bytes)(envoy, key, &value) || ENVOY_CALL(http_get_filter_state_typed)(envoy, key, &value);
  return is_found ? give(of, value) : NOT_FOUND;
}

/** Where modules have filter state: Envoy's `CelStatePrefix`. @returns to be freed */
static buffer own_state_key(bytes path) {
  buffer key = {NULL, 0, 0};
  buffer_add(&key, TEXT("wasm."));
  buffer_add(&key, path);
  return key;
}

static u own_state_property(const query* of) {
  if (of->count != 1) return NOT_FOUND;
  buffer key = own_state_key(of->parts[0]);
  bytes value;
  bool is_found = ENVOY_CALL(http_get_filter_state_bytes)(of->of->envoy, buffer_bytes(&key), &value);
  buffer_free(&key);
  return is_found ? give(of, value) : NOT_FOUND;
}

static u stream_property(const query* of) {
  bytes first = of->parts[0];
  // Envoy finds the route again for who asks for it.
  of->in->route_cleared_for = NULL;
  if (is(first, "request")) return request_property(of);
  if (is(first, "response")) return response_property(of);
  if (is(first, "connection")) return connection_property(of);
  if (is(first, "source")) return source_property(of);
  if (is(first, "destination")) return destination_property(of);
  if (is(first, "upstream")) return upstream_property(of);
  if (is(first, "xds")) return xds_property(of);
  if (is(first, "metadata")) return metadata_property(of, METADATA_DYNAMIC, 1);
  if (is(first, "connection_id")) return of->count == 1 ? number_attribute(of, ATTRIBUTE_CONNECTION_ID) : NOT_FOUND;
  if (is(first, "filter_state") && of->count == 1) return SERIALIZATION_FAILURE;
  if (is(first, "filter_state") && of->count == 2) return state_property(of, of->parts[1]);
  return own_state_property(of);
}

static u plugin_property(const query* of, const plugin_config* config, bool* is_found) {
  const bytes* values[] = {&config->name, &config->root_id, &config->vm_id};
  static const char* const names[] = {"plugin_name", "plugin_root_id", "plugin_vm_id"};
  for (size_t i = 0; i < 3; i++) {
    if (!is(of->parts[0], names[i])) continue;
    *is_found = true;
    return of->count == 1 ? give(of, *values[i]) : NOT_FOUND;
  }
  return NOT_FOUND;
}

u host_proxy_get_property(vm* in, u path_at, u path_size, u value_at, u size_at) {
  bytes path;
  if (!vm_read(in, path_at, path_size, &path)) return INVALID_MEMORY_ACCESS;
  if (path.size == 0) return SERIALIZATION_FAILURE;
  query of = {.in = in, .of = stream_of(vm_context(in)), .value_at = value_at, .size_at = size_at};
  // A NUL at the end is tolerated.
  if (path.at[path.size - 1] == '\0') path.size--;
  for (bool is_last = false; !is_last; of.count++) {
    if (of.count == MAX_PARTS) return NOT_FOUND;
    size_t size = bytes_find(path, '\0');
    is_last = size == path.size;
    of.parts[of.count] = bytes_of(path.at, size);
    path = bytes_from(path, size + 1);
  }
  bool is_found = false;
  u answer = plugin_property(&of, &vm_context(in)->root->plugin->config, &is_found);
  if (is_found || of.of == NULL || of.of->is_destroyed) return answer;
  return stream_property(&of);
}

u host_proxy_set_property(vm* in, u path_at, u path_size, u value_at, u value_size) {
  bytes path, value;
  if (!vm_read(in, path_at, path_size, &path) || !vm_read(in, value_at, value_size, &value)) return INVALID_MEMORY_ACCESS;
  stream* of = stream_of(vm_context(in));
  if (of == NULL || of->is_destroyed) return NOT_FOUND;
  buffer key = own_state_key(path);
  bool is_set = ENVOY_CALL(http_set_filter_state_bytes)(of->envoy, buffer_bytes(&key), value);
  buffer_free(&key);
  return is_set ? OK : BAD_ARGUMENT;
}
