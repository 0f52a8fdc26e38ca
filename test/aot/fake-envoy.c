// As much of Envoy as a library of ours needs to run under sanitizers, which Envoy's own allocator does not let us have: header maps,
// bodies, and everything else answered as an Envoy might, now this way, now that. It drives the hooks in orders that Envoy has.
//
//     fake-envoy LIBRARY.so SEED turns|threads CONFIGURATION...    each a serialized PluginConfig in a file
//
// In turns, one thread is the main thread and every worker; else each worker has a thread of its own.
// It prints the log, and at the end how many configurations were accepted.
#include <assert.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#include "envoy.h"

#define EXPORTED __attribute__((visibility("default")))
#define MAX_LINES 256
#define WORKERS 2

typedef struct {
  bool exists;
  size_t count;
  envoy_header lines[MAX_LINES];
} header_map;

typedef struct filter {
  header_map maps[4];
  buffer bodies[4];
  bool has_body[4];
  void* module;
  bool is_answered, is_reset, is_complete, is_destroyed;
  /** By direction: the filter has stopped what passes it, and has to let it go on. */
  bool is_held[2];
  /** The chunk at hand is in the buffer already. */
  bool is_chunk_buffered;
  /** Whose it is: no other thread may touch it. */
  int worker;
  /** Set by the module's threads. */
  bool is_due;
  size_t steps;
  struct filter* next;
} filter;

typedef struct {
  void* module;
  size_t metrics, calls;
  bool is_configuring, is_due;
} configuration;

/** Filters whose streams are gone: a scheduler may be left. */
static filter* gone = NULL;

static _Thread_local uint64_t state;
/** This thread is it; -1 on the main thread, which is every worker in turn where there are no threads. */
static _Thread_local int worker = -1;
static uint64_t random_below(uint64_t limit) {
  state = state * 6364136223846793005u + 1442695040888963407u;
  return (state >> 33) % limit;
}
static bool maybe(void) {
  return random_below(2) == 1;
}

/** Ends a stream, as Envoy may do it in the midst of a hook that has answered or reset it. */
static void end_stream(filter* of);

// Callbacks.

static filter* filter_at(void* of) {
  filter* found = of;
  assert(found != NULL && found->worker == worker && !found->is_destroyed);
  return found;
}

EXPORTED uint32_t ENVOY_CALL(get_concurrency)(void) { return WORKERS; }
EXPORTED void ENVOY_CALL(log)(int level, bytes message) {
  assert(level >= 0 && level < 6);
  // Every byte is looked at.
  printf("%.*s\n", message.size < 200 ? (int)message.size : 200, message.at);
  bytes_free(bytes_copy(message));
}
EXPORTED bool ENVOY_CALL(log_enabled)(int level) { return level >= 2; }
static void* registered = NULL;
EXPORTED bool ENVOY_CALL(register_shared_data)(bytes key, void* data) {
  (void)key;
  registered = data;
  return true;
}
EXPORTED bool ENVOY_CALL(get_shared_data)(bytes key, void** data) {
  (void)key;
  *data = registered;
  return registered != NULL;
}
EXPORTED uint32_t ENVOY_CALL(http_filter_get_worker_index)(void* of) {
  filter_at(of);
  return worker >= 0 ? (uint32_t)worker : (uint32_t)random_below(WORKERS);
}

static void free_line(envoy_header line) {
  bytes_free(line.name);
  bytes_free(line.value);
}
static void add_line(header_map* to, bytes name, bytes value) {
  if (to->count == MAX_LINES) return;
  to->lines[to->count++] = (envoy_header){bytes_copy_in_lower_case(name), bytes_copy(value)};
}
static bool remove_lines(header_map* from, bytes name) {
  size_t kept = 0, before = from->count;
  for (size_t i = 0; i < before; i++) {
    if (bytes_equal_ignoring_case(name, from->lines[i].name)) free_line(from->lines[i]);
    else from->lines[kept++] = from->lines[i];
  }
  from->count = kept;
  return kept < before;
}
static header_map* map_of(void* of, envoy_map map) {
  assert(map <= RESPONSE_TRAILERS);
  header_map* found = &filter_at(of)->maps[map];
  return found->exists ? found : NULL;
}
EXPORTED bool ENVOY_CALL(http_get_header)(void* of, envoy_map type, bytes name, bytes* value, size_t index, size_t* count) {
  header_map* map = map_of(of, type);
  size_t seen = 0;
  *value = bytes_of(NULL, 0);
  for (size_t i = 0; map != NULL && i < map->count; i++) {
    if (!bytes_equal_ignoring_case(name, map->lines[i].name)) continue;
    if (seen++ == index) *value = map->lines[i].value;
  }
  if (count != NULL) *count = seen;
  return seen > index;
}
EXPORTED size_t ENVOY_CALL(http_get_headers_size)(void* of, envoy_map type) {
  return map_of(of, type) == NULL ? 0 : map_of(of, type)->count;
}
EXPORTED bool ENVOY_CALL(http_get_headers)(void* of, envoy_map type, envoy_header* lines) {
  header_map* map = map_of(of, type);
  if (map == NULL) return false;
  memcpy(lines, map->lines, map->count * sizeof(envoy_header));
  return true;
}
EXPORTED bool ENVOY_CALL(http_add_header)(void* of, envoy_map type, bytes name, bytes value) {
  header_map* map = map_of(of, type);
  if (map == NULL || value.size == 0) return false;
  add_line(map, name, value);
  return true;
}
EXPORTED bool ENVOY_CALL(http_set_header)(void* of, envoy_map type, bytes name, bytes value) {
  header_map* map = map_of(of, type);
  if (map == NULL) return false;
  remove_lines(map, name);
  if (value.size > 0) add_line(map, name, value);
  return true;
}
EXPORTED void ENVOY_CALL(http_clear_route_cache)(void* of) { filter_at(of); }

static buffer* body_of(void* of, envoy_body type) {
  assert(type <= BUFFERED_RESPONSE_BODY);
  filter* in = filter_at(of);
  return in->has_body[type] ? &in->bodies[type] : NULL;
}
EXPORTED size_t ENVOY_CALL(http_get_body_size)(void* of, envoy_body type) {
  return body_of(of, type) == NULL ? 0 : body_of(of, type)->size;
}
/** In two pieces, where there are two bytes. */
EXPORTED size_t ENVOY_CALL(http_get_body_chunks_size)(void* of, envoy_body type) {
  size_t size = ENVOY_CALL(http_get_body_size)(of, type);
  return size < 2 ? size : 2;
}
EXPORTED bool ENVOY_CALL(http_get_body_chunks)(void* of, envoy_body type, bytes* chunks) {
  buffer* body = body_of(of, type);
  if (body == NULL) return false;
  if (body->size > 0) chunks[0] = bytes_of(body->at, body->size < 2 ? body->size : 1);
  if (body->size > 1) chunks[1] = bytes_of(body->at + 1, body->size - 1);
  return true;
}
EXPORTED bool ENVOY_CALL(http_append_body)(void* of, envoy_body type, bytes data) {
  filter* in = filter_at(of);
  if (type == BUFFERED_REQUEST_BODY || type == BUFFERED_RESPONSE_BODY) in->has_body[type] = true;
  if (!in->has_body[type]) return false;
  bytes copy = bytes_copy(data);
  buffer_add(&in->bodies[type], copy);
  bytes_free(copy);
  return true;
}
EXPORTED bool ENVOY_CALL(http_drain_body)(void* of, envoy_body type, size_t size) {
  buffer* body = body_of(of, type);
  if (body == NULL) return false;
  if (size > body->size) size = body->size;
  if (size > 0) memmove(body->at, body->at + size, body->size - size);
  body->size -= size;
  return true;
}
EXPORTED bool ENVOY_CALL(http_received_buffered_request_body)(void* of) { return filter_at(of)->is_chunk_buffered; }
EXPORTED bool ENVOY_CALL(http_received_buffered_response_body)(void* of) { return filter_at(of)->is_chunk_buffered; }

EXPORTED void ENVOY_CALL(http_send_response)(void* of, uint32_t status, const envoy_header* lines, size_t count, bytes body, bytes details) {
  (void)status;
  for (size_t i = 0; i < count; i++) {
    bytes_free(bytes_copy(lines[i].name));
    bytes_free(bytes_copy(lines[i].value));
  }
  bytes_free(bytes_copy(body));
  bytes_free(bytes_copy(details));
  filter_at(of)->is_answered = true;
  if (random_below(4) == 0) end_stream(of);
}
/** Envoy crashes on what is not held. */
static void go_on(filter* of, int to) {
  assert(of->is_held[to]);
  of->is_held[to] = false;
}
EXPORTED void ENVOY_CALL(http_filter_continue_decoding)(void* of) { go_on(filter_at(of), 0); }
EXPORTED void ENVOY_CALL(http_filter_continue_encoding)(void* of) { go_on(filter_at(of), 1); }
EXPORTED void ENVOY_CALL(http_filter_reset_stream)(void* of, int reason, bytes details) {
  (void)reason;
  (void)details;
  assert(!filter_at(of)->is_reset);
  filter_at(of)->is_reset = true;
  if (random_below(4) == 0) end_stream(of);
}

static const char text[] = "some text of Envoy's";
static bool give_text(bytes* value) {
  *value = bytes_of(text, random_below(sizeof(text)));
  return maybe();
}
EXPORTED bool ENVOY_CALL(http_filter_get_attribute_string)(void* of, envoy_attribute id, bytes* value) { return (void)filter_at(of), (void)id, give_text(value); }
EXPORTED bool ENVOY_CALL(http_filter_get_attribute_int)(void* of, envoy_attribute id, uint64_t* value) { return (void)filter_at(of), (void)id, *value = state, maybe(); }
EXPORTED bool ENVOY_CALL(http_filter_get_attribute_bool)(void* of, envoy_attribute id, bool* value) { return (void)filter_at(of), (void)id, *value = maybe(), maybe(); }
EXPORTED void ENVOY_CALL(http_get_timing_info)(void* of, envoy_timing* timing) {
  filter_at(of);
  *timing = (envoy_timing){.start = 1, .has_start = maybe(), .has_request_complete = maybe()};
}
#define METADATA void *of, envoy_metadata from, bytes space, bytes key
#define UNUSED_METADATA (void)filter_at(of), (void)from, (void)space, (void)key
EXPORTED bool ENVOY_CALL(http_get_metadata_number)(METADATA, double* value) { return UNUSED_METADATA, *value = 1.5, maybe(); }
EXPORTED bool ENVOY_CALL(http_get_metadata_string)(METADATA, bytes* value) { return UNUSED_METADATA, give_text(value); }
EXPORTED bool ENVOY_CALL(http_get_metadata_bool)(METADATA, bool* value) { return UNUSED_METADATA, *value = true, maybe(); }
EXPORTED bool ENVOY_CALL(http_get_metadata_list_size)(METADATA, size_t* size) { return UNUSED_METADATA, *size = random_below(4), maybe(); }
EXPORTED bool ENVOY_CALL(http_get_metadata_list_number)(METADATA, size_t i, double* value) { return UNUSED_METADATA, (void)i, *value = 2, maybe(); }
EXPORTED bool ENVOY_CALL(http_get_metadata_list_string)(METADATA, size_t i, bytes* value) { return UNUSED_METADATA, (void)i, give_text(value); }
EXPORTED bool ENVOY_CALL(http_get_metadata_list_bool)(METADATA, size_t i, bool* value) { return UNUSED_METADATA, (void)i, *value = false, maybe(); }
EXPORTED bool ENVOY_CALL(http_set_filter_state_bytes)(void* of, bytes key, bytes value) { return (void)filter_at(of), (void)key, (void)value, maybe(); }
EXPORTED bool ENVOY_CALL(http_set_filter_state_typed)(void* of, bytes key, bytes value) {
  filter_at(of);
  bytes_free(bytes_copy(key));
  bytes_free(bytes_copy(value));
  return maybe();
}
EXPORTED bool ENVOY_CALL(http_get_filter_state_bytes)(void* of, bytes key, bytes* value) { return (void)filter_at(of), (void)key, give_text(value); }
EXPORTED bool ENVOY_CALL(http_get_filter_state_typed)(void* of, bytes key, bytes* value) { return (void)filter_at(of), (void)key, give_text(value); }

static int define(void* config, size_t* id) {
  configuration* of = config;
  if (!of->is_configuring) return 3;
  *id = of->metrics++;
  return 0;
}
#define DEFINE(kind) \
  EXPORTED int ENVOY_CALL(http_filter_config_define_##kind)(void* config, bytes name, bytes* labels, size_t count, size_t* id) { return (void)name, (void)labels, (void)count, define(config, id); }
DEFINE(counter)
DEFINE(gauge)
DEFINE(histogram)
#define CHANGE(what) \
  EXPORTED int ENVOY_CALL(http_filter_config_##what)(void* config, size_t id, bytes* labels, size_t count, uint64_t value) { \
    (void)labels, (void)count, (void)value; \
    assert(id < ((configuration*)config)->metrics); \
    return 0; \
  }
CHANGE(increment_counter)
CHANGE(increment_gauge)
CHANGE(decrement_gauge)
CHANGE(set_gauge)
CHANGE(record_histogram_value)

/** What a scheduler wakes: a filter's is kept when the stream is gone, and wakes nobody then. */
EXPORTED void* ENVOY_CALL(http_filter_scheduler_new)(void* of) {
  filter** scheduler = must_allocate(sizeof(filter*));
  *scheduler = of;
  return scheduler;
}
EXPORTED void ENVOY_CALL(http_filter_scheduler_commit)(void* scheduler, uint64_t event) {
  (void)event;
  __atomic_store_n(&(*(filter**)scheduler)->is_due, true, __ATOMIC_SEQ_CST);
}
EXPORTED void ENVOY_CALL(http_filter_scheduler_delete)(void* scheduler) { free(scheduler); }
EXPORTED void* ENVOY_CALL(http_filter_config_scheduler_new)(void* config) {
  configuration** scheduler = must_allocate(sizeof(configuration*));
  *scheduler = config;
  return scheduler;
}
EXPORTED void ENVOY_CALL(http_filter_config_scheduler_commit)(void* scheduler, uint64_t event) {
  (void)event;
  __atomic_store_n(&(*(configuration**)scheduler)->is_due, true, __ATOMIC_SEQ_CST);
}
EXPORTED void ENVOY_CALL(http_filter_config_scheduler_delete)(void* scheduler) { free(scheduler); }

EXPORTED void ENVOY_CALL(http_filter_config_reset_http_stream)(void* config, uint64_t id) { (void)config, (void)id; }
EXPORTED bool ENVOY_CALL(http_filter_config_stream_send_data)(void* config, uint64_t id, bytes data, bool is_end) { return (void)config, (void)id, (void)data, (void)is_end, true; }

// Driving.

static struct {
  void* (*config_new)(void*, bytes, bytes);
  void (*config_destroy)(void*);
  void* (*filter_new)(void*, void*);
  int (*headers[2])(void*, void*, bool);
  int (*body[2])(void*, void*, bool);
  int (*trailers[2])(void*, void*);
  void (*complete)(void*, void*);
  void (*destroy)(void*);
  void (*scheduled)(void*, void*, uint64_t);
  void (*config_scheduled)(void*, void*, uint64_t);
  void (*call_headers)(void*, void*, uint64_t, envoy_header*, size_t, bool);
  void (*call_data)(void*, void*, uint64_t, bytes*, size_t, bool);
  void (*call_trailers)(void*, void*, uint64_t, envoy_header*, size_t);
  void (*call_complete)(void*, void*, uint64_t);
  void (*call_reset)(void*, void*, uint64_t, int);
} on;

static void find(void* library, const char* name, void* at) {
  char symbol[128];
  snprintf(symbol, sizeof(symbol), "envoy_dynamic_module_on_http_filter_%s", name);
  void* found = dlsym(library, symbol);
  if (found == NULL) fprintf(stderr, "no %s\n", symbol), exit(2);
  memcpy(at, &found, sizeof(found));
}

static void fill(header_map* map, const char* const* lines) {
  map->exists = true;
  for (; *lines != NULL; lines += 2) add_line(map, bytes_of(lines[0], strlen(lines[0])), bytes_of(lines[1], strlen(lines[1])));
}

static void pass_body(filter* of, int to, bool is_end) {
  static const envoy_body received[] = {RECEIVED_REQUEST_BODY, RECEIVED_RESPONSE_BODY};
  static const envoy_body buffered[] = {BUFFERED_REQUEST_BODY, BUFFERED_RESPONSE_BODY};
  of->has_body[received[to]] = true;
  if (!is_end || maybe()) buffer_add(&of->bodies[received[to]], bytes_of("a chunk of the body", 19));
  if (is_end && of->has_body[buffered[to]]) {
    buffer_add(&of->bodies[buffered[to]], buffer_bytes(&of->bodies[received[to]]));
    of->bodies[received[to]].size = 0;
    of->is_chunk_buffered = true;
  }
  int status = on.body[to](of, of->module, is_end);
  of->is_chunk_buffered = false;
  of->is_held[to] = status != DATA_CONTINUE;
  if (status == DATA_STOP_AND_BUFFER || status == DATA_STOP_AND_WATERMARK) {
    of->has_body[buffered[to]] = true;
    buffer_add(&of->bodies[buffered[to]], buffer_bytes(&of->bodies[received[to]]));
  }
  of->has_body[received[to]] = false;
  of->bodies[received[to]].size = 0;
}

static bool is_over(const filter* of) {
  return of->is_answered || of->is_reset;
}

static void pass_message(filter* of, int to) {
  static const char* const request[] = {":method", "POST", ":path", "/p?q=1", ":authority", "example.com", "x-a", "1", "x-many", "1", "X-Many", "2", "content-type", "application/grpc", NULL};
  static const char* const response[] = {":status", "200", "x-b", "1", "content-type", "text/plain", NULL};
  static const char* const trailers[] = {"x-t", "1", NULL};
  fill(&of->maps[to == 0 ? REQUEST_HEADERS : RESPONSE_HEADERS], to == 0 ? request : response);
  of->is_held[to] = on.headers[to](of, of->module, maybe()) != HEADERS_CONTINUE;
  for (size_t chunks = random_below(3); chunks > 0 && !is_over(of); chunks--) pass_body(of, to, chunks == 1);
  if (maybe() && !is_over(of)) {
    fill(&of->maps[to == 0 ? REQUEST_TRAILERS : RESPONSE_TRAILERS], trailers);
    of->is_held[to] = on.trailers[to](of, of->module) != TRAILERS_CONTINUE;
  }
}

/** What comes of a call may come before it has begun, as where no host is there. */
static bool answers_at_once(configuration* of, uint64_t id) {
  envoy_header failed[] = {{TEXT(":status"), TEXT("503")}};
  if (of->module == NULL || random_below(4) > 0) return false;
  if (maybe()) on.call_headers(of, of->module, id, failed, 1, maybe());
  if (maybe()) on.call_reset(of, of->module, id, 0);
  return true;
}

EXPORTED envoy_call_result ENVOY_CALL(http_filter_config_start_http_stream)(void* config, uint64_t* id, bytes cluster, const envoy_header* lines, size_t count, bytes body, bool is_end, uint64_t timeout) {
  (void)lines, (void)count, (void)is_end, (void)timeout;
  bytes_free(bytes_copy(cluster));
  bytes_free(bytes_copy(body));
  uint64_t new = ++((configuration*)config)->calls;
  bool is_begun = answers_at_once(config, new) || maybe();
  *id = new;
  return is_begun ? CALL_STARTED : CALL_CLUSTER_NOT_FOUND;
}

static void answer_call(configuration* config) {
  envoy_header lines[] = {{TEXT(":status"), TEXT("200")}, {TEXT("grpc-status"), TEXT("0")}};
  envoy_header failed[] = {{TEXT(":status"), TEXT("503")}};
  // A message in two pieces, and one that is compressed, or none.
  bytes chunks[] = {TEXT("\0\0\0"), TEXT("\0\3abc"), maybe() ? TEXT("\1\0\0\0\1a") : TEXT("\7")};
  uint64_t id = 1 + random_below(config->calls);  // it may be over
  bool is_good = maybe();
  if (is_good || maybe()) on.call_headers(config, config->module, id, is_good ? lines : failed, 1, !is_good && maybe());
  if (is_good || maybe()) on.call_data(config, config->module, id, chunks, 2, !is_good && maybe());
  if (maybe()) on.call_data(config, config->module, id, chunks + random_below(3), 1, maybe());
  if (maybe()) on.call_trailers(config, config->module, id, lines + 1, random_below(2));
  if (maybe()) on.call_complete(config, config->module, id);
  else on.call_reset(config, config->module, id, 0);
}

/** What became due meanwhile on the main thread. */
static void do_what_is_due_of(configuration* config) {
  if (__atomic_exchange_n(&config->is_due, false, __ATOMIC_SEQ_CST)) on.config_scheduled(config, config->module, 0);
  if (config->calls > 0) answer_call(config);
}

/** What became due meanwhile, of the stream, and of the plugin where this is the main thread. */
static void do_what_is_due(configuration* config, filter* of) {
  if (__atomic_exchange_n(&of->is_due, false, __ATOMIC_SEQ_CST) && !of->is_destroyed) on.scheduled(of, of->module, 0);
  if (worker < 0) do_what_is_due_of(config);
}

static void end_stream(filter* of) {
  // What it does at its end may end it again.
  if (of->is_complete) return;
  of->is_complete = true;
  on.complete(of, of->module);
  of->is_destroyed = true;
  on.destroy(of->module);
  for (size_t map = 0; map < 4; map++) {
    for (size_t i = 0; i < of->maps[map].count; i++) free_line(of->maps[map].lines[i]);
  }
  for (size_t body = 0; body < 4; body++) buffer_free(&of->bodies[body]);
}

/** One message, or what is due, or the end: a client may go away at any time. */
static void step_stream(configuration* config, filter* of) {
  size_t step = of->steps++;
  if (step == 4 || is_over(of) || random_below(20) == 0) end_stream(of);
  else if (step % 2 == 0) pass_message(of, (int)step / 2);
  else do_what_is_due(config, of);
}

#define MAX_STREAMS 4
/** Some streams, each beside the others. */
static void run_streams(configuration* config) {
  if (random_below(8) == 0) usleep(2000);  // for ticks
  filter* streams[MAX_STREAMS];
  size_t count = 1 + random_below(MAX_STREAMS), open = count;
  for (size_t i = 0; i < count; i++) {
    streams[i] = must_allocate(sizeof(filter));
    streams[i]->worker = worker;
    streams[i]->module = on.filter_new(config->module, streams[i]);
  }
  while (open > 0) {
    filter* of = streams[random_below(count)];
    if (of->is_destroyed) continue;
    step_stream(config, of);
    // A step may end other streams than its own.
    open = 0;
    for (size_t i = 0; i < count; i++) open += !streams[i]->is_destroyed;
  }
  for (size_t i = 0; i < count; i++) {
    streams[i]->next = __atomic_load_n(&gone, __ATOMIC_SEQ_CST);
    while (!__atomic_compare_exchange_n(&gone, &streams[i]->next, streams[i], false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {}
  }
}

static bytes read_file(const char* name) {
  FILE* file = fopen(name, "rb");
  buffer all = {NULL, 0, 0};
  for (int byte = getc(file); byte != EOF; byte = getc(file)) *buffer_extend(&all, 1) = (char)byte;
  fclose(file);
  return buffer_bytes(&all);
}

static configuration* configure(const char* name) {
  bytes message = read_file(name);
  configuration* config = must_allocate(sizeof(configuration));
  config->is_configuring = true;
  config->module = on.config_new(config, TEXT("fake"), message);
  config->is_configuring = false;
  bytes_free(message);
  if (config->module != NULL) return config;
  free(config);
  return NULL;
}

static void remove_configuration(configuration* of) {
  on.config_destroy(of->module);
  free(of);
}

// Threads.

#define ROUNDS 10

static struct {
  pthread_t thread;
  int index;
  uint64_t seed;
  configuration* config;
  bool is_done;
} workers[WORKERS];

static void* work(void* argument) {
  int index = *(int*)argument;
  worker = index;
  state = workers[index].seed;
  for (size_t i = 0; i < ROUNDS; i++) run_streams(workers[index].config);
  __atomic_store_n(&workers[index].is_done, true, __ATOMIC_SEQ_CST);
  return NULL;
}

static void start_workers(configuration* config) {
  for (int i = 0; i < WORKERS; i++) {
    workers[i].index = i;
    workers[i].config = config;
    workers[i].seed = random_below(UINT32_MAX);
    workers[i].is_done = false;
    if (pthread_create(&workers[i].thread, NULL, work, &workers[i].index) != 0) abort();
  }
}

/** The main thread does its part until they are done. */
static void join_workers(configuration* config) {
  for (int i = 0; i < WORKERS; i++) {
    while (!__atomic_load_n(&workers[i].is_done, __ATOMIC_SEQ_CST)) {
      do_what_is_due_of(config);
      usleep(100);
    }
    pthread_join(workers[i].thread, NULL);
  }
}

/** A plugin comes and goes on the main thread while workers have streams of another one. @returns how many were accepted */
static size_t run_in_threads(int count, char** files) {
  size_t accepted = 0;
  configuration* current = NULL;
  for (int i = 0; i < count; i++) {
    configuration* next = configure(files[i]);
    if (next == NULL) continue;
    accepted++;
    if (current != NULL) join_workers(current);
    start_workers(next);
    if (current != NULL) remove_configuration(current);
    current = next;
  }
  if (current != NULL) {
    join_workers(current);
    remove_configuration(current);
  }
  return accepted;
}

/** A plugin goes when the next is there, as when a listener is updated. @returns how many were accepted */
static size_t run_in_turn(int count, char** files) {
  size_t accepted = 0;
  configuration* last = NULL;
  for (int i = 0; i < count; i++) {
    configuration* config = configure(files[i]);
    if (config == NULL) continue;
    accepted++;
    run_streams(config);
    if (last != NULL) remove_configuration(last);
    last = config;
  }
  if (last != NULL) remove_configuration(last);
  return accepted;
}

int main(int count, char** arguments) {
  if (count < 4) return 2;
  void* library = dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) return fprintf(stderr, "%s\n", dlerror()), 2;
  state = strtoull(arguments[2], NULL, 10);
  find(library, "config_new", &on.config_new);
  find(library, "config_destroy", &on.config_destroy);
  find(library, "new", &on.filter_new);
  find(library, "request_headers", &on.headers[0]);
  find(library, "response_headers", &on.headers[1]);
  find(library, "request_body", &on.body[0]);
  find(library, "response_body", &on.body[1]);
  find(library, "request_trailers", &on.trailers[0]);
  find(library, "response_trailers", &on.trailers[1]);
  find(library, "stream_complete", &on.complete);
  find(library, "destroy", &on.destroy);
  find(library, "scheduled", &on.scheduled);
  find(library, "config_scheduled", &on.config_scheduled);
  find(library, "config_http_stream_headers", &on.call_headers);
  find(library, "config_http_stream_data", &on.call_data);
  find(library, "config_http_stream_trailers", &on.call_trailers);
  find(library, "config_http_stream_complete", &on.call_complete);
  find(library, "config_http_stream_reset", &on.call_reset);
  bool has_threads = strcmp(arguments[3], "threads") == 0;
  size_t accepted = (has_threads ? run_in_threads : run_in_turn)(count - 4, arguments + 4);
  for (filter* next; gone != NULL; gone = next) next = gone->next, free(gone);
  printf("=== %zu of %d\n", accepted, count - 4);
  return 0;
}
