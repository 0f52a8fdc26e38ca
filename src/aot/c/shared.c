#include "shared.h"

#include "envoy.h"
#include "inbox.h"

/** The name says how it is laid out: libraries that do not agree share nothing. */
#define REGISTRY_KEY TEXT("filterwright.shared.2")

typedef struct value {
  struct value* next;
  bytes key, data;
  uint32_t cas;
} value;

typedef struct item {
  struct item* next;
  bytes data;
} item;

typedef struct queue {
  struct queue* next;
  bytes vm_id, name;
  uint32_t token;
  item *first, **end;
  /** Of the library that registered it last. */
  void (*ready)(void* registrant, uint32_t token);
  void* registrant;
} queue;

typedef struct scope {
  struct scope* next;
  bytes vm_id;
  size_t vm_count;
  /** Values by the hash of their key; their number is a power of two. */
  value** buckets;
  size_t bucket_count, value_count;
} scope;

typedef struct {
  pthread_mutex_t lock;
  scope* scopes;
  queue* queues;
  uint32_t next_cas, last_token;
} store;

/** One for the process: whichever library of ours comes first makes it. It is never freed. */
static store* shared = NULL;

/** On the main thread, before any use. */
static void find_store(void) {
  if (shared != NULL) return;
  void* found = NULL;
  if (ENVOY_CALL(get_shared_data)(REGISTRY_KEY, &found)) {
    shared = found;
    return;
  }
  shared = must_allocate(sizeof(store));
  pthread_mutex_init(&shared->lock, NULL);
  shared->next_cas = 1;
  ENVOY_CALL(register_shared_data)(REGISTRY_KEY, shared);
}

static scope* find_scope(bytes vm_id) {
  scope* at = shared->scopes;
  while (at != NULL && !bytes_equal(at->vm_id, vm_id)) at = at->next;
  return at;
}

/** FNV-1a, from a place that each process chooses anew: keys may be a client's. */
static value** bucket_of(const scope* in, bytes key) {
  uint64_t hash = 14695981039346656037u ^ (uintptr_t)shared;
  for (size_t i = 0; i < key.size; i++) hash = (hash ^ (unsigned char)key.at[i]) * 1099511628211u;
  return &in->buckets[(hash ^ hash >> 32) & (in->bucket_count - 1)];
}

static value* find_value(scope* in, bytes key) {
  if (in == NULL || in->bucket_count == 0) return NULL;
  value* at = *bucket_of(in, key);
  while (at != NULL && !bytes_equal(at->key, key)) at = at->next;
  return at;
}

static void grow_buckets(scope* in) {
  value** before = in->buckets;
  size_t count = in->bucket_count;
  in->bucket_count = count == 0 ? 16 : 2 * count;
  in->buckets = must_allocate(in->bucket_count * sizeof(value*));
  for (size_t i = 0; i < count; i++) {
    for (value *at = before[i], *next; at != NULL; at = next) {
      next = at->next;
      value** bucket = bucket_of(in, at->key);
      at->next = *bucket;
      *bucket = at;
    }
  }
  free(before);
}

static value* add_value(scope* in, bytes key) {
  if (in->value_count++ >= in->bucket_count) grow_buckets(in);
  value** bucket = bucket_of(in, key);
  value* new = must_allocate(sizeof(value));
  *new = (value){*bucket, bytes_copy(key), NO_BYTES, 0};
  *bucket = new;
  return new;
}

void shared_add_vm(bytes vm_id) {
  find_store();
  pthread_mutex_lock(&shared->lock);
  scope* known = find_scope(vm_id);
  if (known == NULL) {
    known = must_allocate(sizeof(scope));
    *known = (scope){.next = shared->scopes, .vm_id = bytes_copy(vm_id)};
    shared->scopes = known;
  }
  known->vm_count++;
  pthread_mutex_unlock(&shared->lock);
}

static void free_scope(scope* old) {
  for (size_t i = 0; i < old->bucket_count; i++) {
    for (value *at = old->buckets[i], *next; at != NULL; at = next) {
      next = at->next;
      bytes_free(at->key);
      bytes_free(at->data);
      free(at);
    }
  }
  free(old->buckets);
  bytes_free(old->vm_id);
  free(old);
}

static void free_queue(queue* old) {
  for (item *at = old->first, *next; at != NULL; at = next) {
    next = at->next;
    bytes_free(at->data);
    free(at);
  }
  bytes_free(old->vm_id);
  bytes_free(old->name);
  free(old);
}

void shared_remove_vm(bytes vm_id) {
  pthread_mutex_lock(&shared->lock);
  scope** at = &shared->scopes;
  while (*at != NULL && !bytes_equal((*at)->vm_id, vm_id)) at = &(*at)->next;
  scope* old = *at;
  if (old != NULL && --old->vm_count == 0) {
    *at = old->next;
    for (queue** of = &shared->queues; *of != NULL;) {
      queue* here = *of;
      if (!bytes_equal(here->vm_id, vm_id)) {
        of = &here->next;
        continue;
      }
      *of = here->next;
      free_queue(here);
    }
    free_scope(old);
  }
  pthread_mutex_unlock(&shared->lock);
}

result shared_get(bytes vm_id, bytes key, bytes* data, uint32_t* cas) {
  pthread_mutex_lock(&shared->lock);
  value* found = find_value(find_scope(vm_id), key);
  if (found != NULL) {
    *data = bytes_copy(found->data);
    *cas = found->cas;
  }
  pthread_mutex_unlock(&shared->lock);
  return found == NULL ? NOT_FOUND : OK;
}

result shared_set(bytes vm_id, bytes key, bytes data, uint32_t cas) {
  pthread_mutex_lock(&shared->lock);
  scope* in = find_scope(vm_id);
  value* before = find_value(in, key);
  bool is_mine = before == NULL || cas == 0 || cas == before->cas;
  if (is_mine) {
    if (before == NULL) before = add_value(in, key);
    else bytes_free(before->data);
    before->data = bytes_copy(data);
    before->cas = shared->next_cas++;
    // 0 means to write in any case.
    if (shared->next_cas == 0) shared->next_cas = 1;
  }
  pthread_mutex_unlock(&shared->lock);
  return is_mine ? OK : CAS_MISMATCH;
}

static queue* find_queue(bytes vm_id, bytes name) {
  queue* at = shared->queues;
  while (at != NULL && !(bytes_equal(at->vm_id, vm_id) && bytes_equal(at->name, name))) at = at->next;
  return at;
}

static queue* queue_of(uint32_t token) {
  queue* at = shared->queues;
  while (at != NULL && at->token != token) at = at->next;
  return at;
}

static void run_ready(root* of, void* token) {
  vm_invoke(&of->base, CALL_proxy_on_queue_ready, of->base.id, *(uint32_t*)token, 0, 0, 0);
  free(token);
}

static void post_ready(void* registrant, uint32_t token) {
  uint32_t* data = must_allocate(sizeof(*data));
  *data = token;
  inbox_post(registrant, run_ready, free, data);
}

uint32_t shared_register_queue(root* of, bytes vm_id, bytes name) {
  pthread_mutex_lock(&shared->lock);
  queue* known = find_queue(vm_id, name);
  if (known == NULL) {
    known = must_allocate(sizeof(queue));
    *known = (queue){shared->queues, bytes_copy(vm_id), bytes_copy(name), ++shared->last_token, NULL, NULL, NULL, NULL};
    known->end = &known->first;
    shared->queues = known;
  }
  known->ready = post_ready;
  known->registrant = of;
  uint32_t token = known->token;
  pthread_mutex_unlock(&shared->lock);
  return token;
}

uint32_t shared_resolve_queue(bytes vm_id, bytes name) {
  pthread_mutex_lock(&shared->lock);
  queue* known = find_queue(vm_id, name);
  uint32_t token = known == NULL ? 0 : known->token;
  pthread_mutex_unlock(&shared->lock);
  return token;
}

result shared_enqueue(uint32_t token, bytes data) {
  pthread_mutex_lock(&shared->lock);
  queue* into = queue_of(token);
  if (into != NULL) {
    item* new = must_allocate(sizeof(item));
    *new = (item){NULL, bytes_copy(data)};
    *into->end = new;
    into->end = &new->next;
    // With our lock, which who goes takes to be forgotten: neither the registrant nor its library goes meanwhile.
    if (into->registrant != NULL) into->ready(into->registrant, token);
  }
  pthread_mutex_unlock(&shared->lock);
  return into == NULL ? NOT_FOUND : OK;
}

result shared_dequeue(uint32_t token, bytes* data) {
  pthread_mutex_lock(&shared->lock);
  queue* from = queue_of(token);
  item* first = from == NULL ? NULL : from->first;
  if (first != NULL) {
    from->first = first->next;
    if (from->first == NULL) from->end = &from->first;
    *data = first->data;
    free(first);
  }
  pthread_mutex_unlock(&shared->lock);
  return from == NULL ? NOT_FOUND : first == NULL ? EMPTY : OK;
}

void shared_forget_queues(root* of) {
  pthread_mutex_lock(&shared->lock);
  for (queue* at = shared->queues; at != NULL; at = at->next) {
    if (at->registrant == of) at->registrant = NULL;
  }
  pthread_mutex_unlock(&shared->lock);
}
