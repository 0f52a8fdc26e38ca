#include "metrics.h"

#include "envoy.h"
#include "log.h"
#include "plugin.h"

struct metric {
  metric* next;
  metric_type type;
  bytes name;
  size_t number;
  /** What this library has counted, in whatever VM: Envoy does not tell. */
  uint64_t value;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static metric* metrics = NULL;
static size_t metric_count = 0;

static metric* find(metric_type type, bytes name) {
  metric* at = metrics;
  while (at != NULL && !(at->type == type && bytes_equal(at->name, name))) at = at->next;
  return at;
}

static metric* find_or_add(metric_type type, bytes name) {
  metric* found = find(type, name);
  if (found != NULL) return found;
  found = must_allocate(sizeof(metric));
  *found = (metric){metrics, type, bytes_copy(name), metric_count++, 0};
  metrics = found;
  return found;
}

static bool define_in_envoy(plugin* of, const metric* new) {
  size_t id;
  int answer;
  switch (new->type) {
    case METRIC_COUNTER: answer = ENVOY_CALL(http_filter_config_define_counter)(of->envoy, new->name, NULL, 0, &id); break;
    case METRIC_GAUGE: answer = ENVOY_CALL(http_filter_config_define_gauge)(of->envoy, new->name, NULL, 0, &id); break;
    default: answer = ENVOY_CALL(http_filter_config_define_histogram)(of->envoy, new->name, NULL, 0, &id);
  }
  if (answer != 0) return false;
  if (new->number >= of->metric_count) {
    of->metric_ids = must_reallocate(of->metric_ids, (new->number + 1) * sizeof(size_t));
    while (of->metric_count <= new->number) of->metric_ids[of->metric_count++] = SIZE_MAX;
  }
  of->metric_ids[new->number] = id;
  return true;
}

static bool has(const plugin* of, const metric* known) {
  return known->number < of->metric_count && of->metric_ids[known->number] != SIZE_MAX;
}

void metrics_define_known(plugin* of) {
  pthread_mutex_lock(&lock);
  for (const metric* at = metrics; at != NULL; at = at->next) define_in_envoy(of, at);
  pthread_mutex_unlock(&lock);
}

typedef struct {
  const metric* known;
  plugin* holder;
} search;

static bool is_without(plugin* of, void* data) {
  search* for_holder = data;
  if (!has(of, for_holder->known)) return true;
  for_holder->holder = of;
  return false;
}

result metrics_define(vm* in, uint32_t type, bytes name, uint32_t* id) {
  if (type >= METRIC_TYPES) return BAD_ARGUMENT;
  plugin* of = vm_context(in)->root->plugin;
  pthread_mutex_lock(&lock);
  metric* defined = find_or_add((metric_type)type, name);
  search for_holder = {defined, NULL};
  bool is_defined = has(of, defined);
  // Only the thread that configures a plugin defines for it.
  if (!is_defined && is_main_thread()) is_defined = define_in_envoy(of, defined);
  pthread_mutex_unlock(&lock);
  if (!is_defined) plugins_each(is_without, &for_holder);
  if (!is_defined && for_holder.holder == NULL) {
    log_line(LOG_WARN, "filterwright aot: the metric %.*s is defined after the plugin was configured: Envoy lets no dynamic module do that",
             (int)name.size, name.at);
    return INTERNAL_FAILURE;
  }
  struct vm_metrics* own = &in->metrics;
  own->of_type[type] = must_reallocate(own->of_type[type], (own->count[type] + 1) * sizeof(metric*));
  own->of_type[type][own->count[type]++] = defined;
  *id = 4 * own->count[type] + type;
  return OK;
}

static metric* defined_as(vm* in, uint32_t id) {
  uint32_t type = id & 3, count = id >> 2;
  bool is_known = type < METRIC_TYPES && count >= 1 && count <= in->metrics.count[type];
  return is_known ? in->metrics.of_type[type][count - 1] : NULL;
}

typedef enum { ADD, SUBTRACT, SET } change;

typedef struct {
  const metric* known;
  change how;
  uint64_t value;
} change_of;

/** With a plugin that has it. @returns false: the first one will do */
static bool change_with(plugin* of, void* data) {
  const change_of* change = data;
  if (!has(of, change->known)) return true;
  size_t id = of->metric_ids[change->known->number];
  uint64_t value = change->value;
  if (change->known->type == METRIC_COUNTER) {
    ENVOY_CALL(http_filter_config_increment_counter)(of->envoy, id, NULL, 0, value);
  } else if (change->known->type == METRIC_HISTOGRAM) {
    ENVOY_CALL(http_filter_config_record_histogram_value)(of->envoy, id, NULL, 0, value);
  } else if (change->how == SET) {
    ENVOY_CALL(http_filter_config_set_gauge)(of->envoy, id, NULL, 0, value);
  } else if (change->how == ADD) {
    ENVOY_CALL(http_filter_config_increment_gauge)(of->envoy, id, NULL, 0, value);
  } else {
    ENVOY_CALL(http_filter_config_decrement_gauge)(of->envoy, id, NULL, 0, value);
  }
  return false;
}

static void make(vm* in, metric* known, change how, uint64_t value) {
  if (how == SET && known->type == METRIC_GAUGE) {
    __atomic_store_n(&known->value, value, __ATOMIC_RELAXED);
  } else {
    __atomic_add_fetch(&known->value, how == SUBTRACT ? 0 - value : value, __ATOMIC_RELAXED);
  }
  change_of what = {known, how, value};
  plugin* own = vm_context(in)->root->plugin;
  // The plugin at hand was configured before another one, in the same VM, has defined it.
  if (change_with(own, &what)) plugins_each(change_with, &what);
}

result metrics_increment(vm* in, uint32_t id, int64_t offset) {
  uint32_t type = id & 3;
  if (type != METRIC_COUNTER && type != METRIC_GAUGE) return BAD_ARGUMENT;
  metric* known = defined_as(in, id);
  if (known == NULL) return NOT_FOUND;
  if (type == METRIC_COUNTER && offset <= 0) return BAD_ARGUMENT;
  if (offset >= 0) make(in, known, ADD, (uint64_t)offset);
  else make(in, known, SUBTRACT, 0 - (uint64_t)offset);
  return OK;
}

result metrics_record(vm* in, uint32_t id, uint64_t value) {
  metric* known = defined_as(in, id);
  if (known == NULL) return NOT_FOUND;
  make(in, known, SET, value);
  return OK;
}

result metrics_get(vm* in, uint32_t id, uint64_t* value) {
  uint32_t type = id & 3;
  if (type != METRIC_COUNTER && type != METRIC_GAUGE) return BAD_ARGUMENT;
  metric* known = defined_as(in, id);
  if (known == NULL) return NOT_FOUND;
  *value = __atomic_load_n(&known->value, __ATOMIC_RELAXED);
  return OK;
}

void metrics_forget_vm(vm* in) {
  for (size_t i = 0; i < METRIC_TYPES; i++) free(in->metrics.of_type[i]);
}
