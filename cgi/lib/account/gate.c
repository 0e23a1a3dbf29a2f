/* SPDX-License-Identifier: MIT */
/* gate.c: places and a queue, as robust process-shared mutexes (POSIX, pthread_mutexattr_setrobust): the kernel frees what a killed worker
 * held, so nothing has to be cleaned up, and nobody is shut out for good. */
#include "lib/account/gate.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <time.h>

enum { GATE_LOOK_MS = 20, NS_PER_MS = 1000000 };

struct gate {
	int places_count, tickets_count;
	pthread_mutex_t places[GATE_PLACES_MAX];
	pthread_mutex_t tickets[GATE_TICKETS_MAX]; /* whoever is inside or waits holds one */
	int ticket_of[GATE_PLACES_MAX];            /* of who holds a place; read and written under it */
};

enum err gate_new(int at_once, int queue, struct gate **out)
{
	assert(at_once > 0 && at_once <= GATE_PLACES_MAX && queue >= 0 && at_once + queue <= GATE_TICKETS_MAX);
	struct gate *gate = mmap(NULL, sizeof *gate, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (gate == MAP_FAILED)
		return ERR_NOMEM;
	gate->places_count = at_once;
	gate->tickets_count = at_once + queue;
	pthread_mutexattr_t kind;
	pthread_mutexattr_init(&kind);
	pthread_mutexattr_setpshared(&kind, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&kind, PTHREAD_MUTEX_ROBUST);
	for (int i = 0; i < gate->places_count; i++)
		pthread_mutex_init(&gate->places[i], &kind);
	for (int i = 0; i < gate->tickets_count; i++)
		pthread_mutex_init(&gate->tickets[i], &kind);
	pthread_mutexattr_destroy(&kind);
	*out = gate;
	return ERR_OK;
}

/* Takes it when it is free, or its holder is dead. */
static bool take(pthread_mutex_t *mutex)
{
	int failed = pthread_mutex_trylock(mutex);
	if (failed == EOWNERDEAD)
		failed = pthread_mutex_consistent(mutex); /* it guards no data that could be half done */
	return failed == 0;
}

static int take_one(pthread_mutex_t *mutexes, int count)
{
	for (int i = 0; i < count; i++)
		if (take(&mutexes[i]))
			return i;
	return -1;
}

enum err gate_enter(struct gate *gate, unsigned wait_ms, int *place)
{
	int ticket = take_one(gate->tickets, gate->tickets_count);
	if (ticket < 0)
		return ERR_BUSY;
	for (unsigned waited_ms = 0;; waited_ms += GATE_LOOK_MS) {
		int found = take_one(gate->places, gate->places_count);
		if (found >= 0) {
			gate->ticket_of[found] = ticket;
			*place = found;
			return ERR_OK;
		}
		if (waited_ms >= wait_ms)
			break;
		/* A look now and then is enough for what takes a quarter of a second, and waits for whichever place is first. */
		clock_nanosleep(CLOCK_MONOTONIC, 0, &(struct timespec){.tv_nsec = GATE_LOOK_MS * NS_PER_MS}, NULL);
	}
	pthread_mutex_unlock(&gate->tickets[ticket]);
	return ERR_BUSY;
}

void gate_leave(struct gate *gate, int place)
{
	int ticket = gate->ticket_of[place];
	pthread_mutex_unlock(&gate->places[place]);
	pthread_mutex_unlock(&gate->tickets[ticket]);
}
