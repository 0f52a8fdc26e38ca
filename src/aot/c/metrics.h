// Metrics. Envoy lets a module define some only while it is configured, and for that configuration; and it tells no values. So metrics
// are known by name here, with what was counted, and each configuration defines those that are known when it comes.

#ifndef FILTERWRIGHT_METRICS_H_
#define FILTERWRIGHT_METRICS_H_

#include "vm.h"

typedef struct plugin plugin;
typedef struct metric metric;

/** Defines, for a new configuration, what others have defined. */
void metrics_define_known(plugin*);
result metrics_define(vm*, uint32_t type, bytes name, uint32_t* id);
result metrics_increment(vm*, uint32_t id, int64_t offset);
result metrics_record(vm*, uint32_t id, uint64_t value);
result metrics_get(vm*, uint32_t id, uint64_t* value);
void metrics_forget_vm(vm*);

#endif
