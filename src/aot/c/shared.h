// What VMs share, of whatever library of ours: data by key, and queues. proxy-wasm-cpp-host's shared_data.cc and shared_queue.cc.

#ifndef FILTERWRIGHT_SHARED_H_
#define FILTERWRIGHT_SHARED_H_

#include "root.h"

/** @param value a copy, to be freed */
result shared_get(bytes vm_id, bytes key, bytes* value, uint32_t* cas);
/** @param cas 0 writes in any case */
result shared_set(bytes vm_id, bytes key, bytes value, uint32_t cas);
/** The queue's token; whoever registers last is told of what is put in. */
uint32_t shared_register_queue(root*, bytes vm_id, bytes name);
/** @returns 0 where there is no such queue */
uint32_t shared_resolve_queue(bytes vm_id, bytes name);
result shared_enqueue(uint32_t token, bytes item);
/** @param item to be freed */
result shared_dequeue(uint32_t token, bytes* item);
/** A plugin ends: it is told no more. */
void shared_forget_queues(root*);
/** A VM comes, or goes: data live as long as one with that `vm_id` does. */
void shared_add_vm(bytes vm_id);
void shared_remove_vm(bytes vm_id);

#endif
