#include "timers.h"

#include <errno.h>
#include <time.h>

#include "inbox.h"

typedef struct {
  root* of;
  uint64_t due;
} timer;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed;
static pthread_t thread;
static bool is_running = false, is_stopping = false;
static timer* timers = NULL;
static size_t count = 0, room = 0;

uint64_t monotonic_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static timer* earliest(void) {
  timer* first = NULL;
  for (size_t i = 0; i < count; i++) {
    if (first == NULL || timers[i].due < first->due) first = &timers[i];
  }
  return first;
}

static void wait_until(uint64_t due) {
#ifdef __APPLE__
  // Its condition variables know the wall clock alone, or a span.
  uint64_t now = monotonic_now(), span = due > now ? due - now : 0;
  struct timespec wait = {(time_t)(span / 1000000000u), (long)(span % 1000000000u)};
  pthread_cond_timedwait_relative_np(&changed, &lock, &wait);
#else
  struct timespec at = {(time_t)(due / 1000000000u), (long)(due % 1000000000u)};
  pthread_cond_timedwait(&changed, &lock, &at);
#endif
}

static void* run(void* unused) {
  (void)unused;
  pthread_mutex_lock(&lock);
  while (!is_stopping) {
    timer* next = earliest();
    if (next == NULL) {
      pthread_cond_wait(&changed, &lock);
    } else if (next->due > monotonic_now()) {
      wait_until(next->due);
    } else {
      root* of = next->of;
      *next = timers[--count];
      root_keep(of);
      // Not with our lock: whoever holds the VM's may be setting a timer.
      pthread_mutex_unlock(&lock);
      inbox_post_tick(of);
      root_release(of);
      pthread_mutex_lock(&lock);
    }
  }
  pthread_mutex_unlock(&lock);
  return NULL;
}

static void start(void) {
  pthread_condattr_t monotonic;
  pthread_condattr_init(&monotonic);
#ifndef __APPLE__
  pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
#endif
  pthread_cond_init(&changed, &monotonic);
  pthread_condattr_destroy(&monotonic);
  is_stopping = false;
  is_running = pthread_create(&thread, NULL, run, NULL) == 0;
}

static void add(root* of, uint64_t due) {
  if (count == room) {
    room = 2 * room + 4;
    timers = must_reallocate(timers, room * sizeof(timer));
  }
  timers[count++] = (timer){of, due};
}

void timers_set(root* of, uint32_t milliseconds) {
  pthread_mutex_lock(&lock);
  for (size_t i = 0; i < count; i++) {
    if (timers[i].of == of) timers[i--] = timers[--count];
  }
  if (milliseconds > 0) {
    if (!is_running) start();
    add(of, monotonic_now() + (uint64_t)milliseconds * 1000000u);
    pthread_cond_signal(&changed);
  }
  pthread_mutex_unlock(&lock);
}

void timers_stop(void) {
  pthread_mutex_lock(&lock);
  bool was_running = is_running;
  is_stopping = true;
  is_running = false;
  if (was_running) pthread_cond_signal(&changed);
  pthread_mutex_unlock(&lock);
  if (was_running) {
    pthread_join(thread, NULL);
    pthread_cond_destroy(&changed);
    free(timers);
    timers = NULL;
    count = room = 0;
  }
}
