/* SPDX-License-Identifier: MIT */
/* gate_test.c: two at once over all processes, three who wait, and nobody shut out by one that was killed inside. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/account/gate.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CHILDREN = GATE_AT_ONCE + GATE_QUEUE, TURNS = 20, PAUSE_MS = 2, LONG_MS = 20000 };

struct shared {
	atomic_int inside, most, served, refused;
};

static void pause_ms(long ms)
{
	nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

static struct shared *share(void)
{
	struct shared *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(shared, MAP_FAILED);
	return shared;
}

static void work(struct gate *gate, struct shared *shared)
{
	for (int i = 0; i < TURNS; i++) {
		int place = -1;
		if (gate_enter(gate, LONG_MS, &place) != ERR_OK) {
			atomic_fetch_add(&shared->refused, 1);
			continue;
		}
		int inside = atomic_fetch_add(&shared->inside, 1) + 1;
		for (int most = atomic_load(&shared->most); inside > most;)
			if (atomic_compare_exchange_weak(&shared->most, &most, inside))
				break;
		pause_ms(PAUSE_MS);
		atomic_fetch_sub(&shared->inside, 1);
		atomic_fetch_add(&shared->served, 1);
		gate_leave(gate, place);
	}
}

static void test_two_at_once(void **state)
{
	(void) state;
	struct gate *gate = NULL;
	struct shared *shared = share();
	assert_int_equal(gate_new(GATE_AT_ONCE, GATE_QUEUE, &gate), ERR_OK);
	for (int i = 0; i < CHILDREN; i++) {
		if (fork() == 0) {
			work(gate, shared);
			_exit(0);
		}
	}
	while (wait(NULL) > 0)
		;
	assert_int_equal(shared->most, GATE_AT_ONCE);
	assert_int_equal(shared->served, CHILDREN * TURNS);
	assert_int_equal(shared->refused, 0);
	munmap(shared, sizeof *shared);
}

/* A child that goes in, or waits, until it is killed. */
static pid_t stay(struct gate *gate, struct shared *shared)
{
	pid_t pid = fork();
	if (pid == 0) {
		int place = -1;
		atomic_fetch_add(&shared->served, 1);
		if (gate_enter(gate, LONG_MS, &place) == ERR_OK)
			atomic_fetch_add(&shared->inside, 1);
		for (;;)
			pause();
	}
	return pid;
}

static void test_full_and_killed(void **state)
{
	(void) state;
	enum { ALL = GATE_AT_ONCE + GATE_QUEUE };
	struct gate *gate = NULL;
	struct shared *shared = share();
	pid_t pids[ALL];
	int place = -1;
	assert_int_equal(gate_new(GATE_AT_ONCE, GATE_QUEUE, &gate), ERR_OK);
	for (int i = 0; i < ALL; i++)
		pids[i] = stay(gate, shared);
	while (shared->served < ALL || shared->inside < GATE_AT_ONCE)
		pause_ms(PAUSE_MS);
	pause_ms(100); /* the others have their tickets by now */
	struct timespec before, after;
	clock_gettime(CLOCK_MONOTONIC, &before);
	assert_int_equal(gate_enter(gate, LONG_MS, &place), ERR_BUSY);
	clock_gettime(CLOCK_MONOTONIC, &after);
	assert_true(after.tv_sec - before.tv_sec < 5); /* at once, not after the wait */
	for (int i = 0; i < ALL; i++)
		kill(pids[i], SIGKILL);
	while (wait(NULL) > 0)
		;
	int second = -1;
	assert_int_equal(gate_enter(gate, LONG_MS, &place), ERR_OK);
	assert_int_equal(gate_enter(gate, LONG_MS, &second), ERR_OK);
	assert_int_not_equal(place, second);
	int third = -1;
	if (fork() == 0) /* in another process: a mutex may be taken by its own holder only once, too */
		_exit(gate_enter(gate, 50, &third) == ERR_BUSY ? 0 : 1);
	int status = -1;
	wait(&status);
	assert_int_equal(status, 0);
	gate_leave(gate, place);
	gate_leave(gate, second);
	munmap(shared, sizeof *shared);
}

/* Without a queue whoever finds no place is told at once. */
static void test_no_queue(void **state)
{
	(void) state;
	struct gate *gate = NULL;
	int first = -1, second = -1, third = -1;
	assert_int_equal(gate_new(2, 0, &gate), ERR_OK);
	assert_int_equal(gate_enter(gate, 0, &first), ERR_OK);
	assert_int_equal(gate_enter(gate, 0, &second), ERR_OK);
	assert_int_equal(gate_enter(gate, LONG_MS, &third), ERR_BUSY);
	gate_leave(gate, first);
	assert_int_equal(gate_enter(gate, 0, &third), ERR_OK);
	gate_leave(gate, second);
	gate_leave(gate, third);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_two_at_once), cmocka_unit_test(test_full_and_killed),
					   cmocka_unit_test(test_no_queue)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
