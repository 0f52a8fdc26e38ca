#include "calls.h"
#include "shared.h"

u host_proxy_get_shared_data(vm* in, u key_at, u key_size, u value_at, u size_at, u cas_at) {
  bytes key, value;
  uint32_t cas;
  if (!vm_read(in, key_at, key_size, &key)) return INVALID_MEMORY_ACCESS;
  result found = shared_get(in->config.vm_id, key, &value, &cas);
  if (found != OK) return found;
  found = vm_give(in, value, value_at, size_at);
  if (found == OK && !vm_write_u32(in, cas_at, cas)) found = INVALID_MEMORY_ACCESS;
  bytes_free(value);
  return found;
}

u host_proxy_set_shared_data(vm* in, u key_at, u key_size, u value_at, u value_size, u cas) {
  bytes key, value;
  if (!vm_read(in, key_at, key_size, &key) || !vm_read(in, value_at, value_size, &value)) return INVALID_MEMORY_ACCESS;
  return shared_set(in->config.vm_id, key, value, cas);
}

u host_proxy_register_shared_queue(vm* in, u name_at, u name_size, u token_at) {
  bytes name;
  if (!vm_read(in, name_at, name_size, &name)) return INVALID_MEMORY_ACCESS;
  uint32_t token = shared_register_queue(vm_context(in)->root, in->config.vm_id, name);
  return vm_write_u32(in, token_at, token) ? OK : INVALID_MEMORY_ACCESS;
}

u host_proxy_resolve_shared_queue(vm* in, u vm_id_at, u vm_id_size, u name_at, u name_size, u token_at) {
  bytes vm_id, name;
  if (!vm_read(in, vm_id_at, vm_id_size, &vm_id) || !vm_read(in, name_at, name_size, &name)) return INVALID_MEMORY_ACCESS;
  uint32_t token = shared_resolve_queue(vm_id.size == 0 ? in->config.vm_id : vm_id, name);
  if (token == 0) return NOT_FOUND;
  return vm_write_u32(in, token_at, token) ? OK : INVALID_MEMORY_ACCESS;
}

u host_proxy_enqueue_shared_queue(vm* in, u token, u data_at, u size) {
  bytes data;
  if (!vm_read(in, data_at, size, &data)) return INVALID_MEMORY_ACCESS;
  return shared_enqueue(token, data);
}

u host_proxy_dequeue_shared_queue(vm* in, u token, u data_at, u size_at) {
  bytes data;
  result found = shared_dequeue(token, &data);
  if (found != OK) return found;
  found = vm_give(in, data, data_at, size_at);
  bytes_free(data);
  return found;
}
