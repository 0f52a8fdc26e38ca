// Ticks. Envoy gives a module no timers, so one thread of ours waits for them; what is due it puts into the VM's inbox.

#ifndef FILTERWRIGHT_TIMERS_H_
#define FILTERWRIGHT_TIMERS_H_

#include "root.h"

/** @param milliseconds from now, once; 0 for not at all. Another timer of the same plugin is forgotten. */
void timers_set(root*, uint32_t milliseconds);
/** Ends the thread, when the last plugin goes: its code may be unloaded. */
void timers_stop(void);
/** Nanoseconds that only go forward. */
uint64_t monotonic_now(void);

#endif
