/* SPDX-License-Identifier: MIT */
/* fake_spooler.h: the batch socket as a test wants it, and the real collector on its other end. */
#ifndef SOUNDINGS_TESTS_COLLECTOR_FAKE_SPOOLER_H
#define SOUNDINGS_TESTS_COLLECTOR_FAKE_SPOOLER_H

#include "unit/collector/rig.h"

#include "lib/spool/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>

enum { FAKE_ITEMS_MAX = 64 };

struct fake_item {
	struct rig_envelope envelope;
	size_t period;
	bool is_filed;
};

struct fake {
	int listener, fd;
	pid_t collector;
	struct fake_item items[FAKE_ITEMS_MAX];
	size_t items_count;
	unsigned hellos, filed_messages;
	bool is_greeted; /* on this connection */
	uint8_t generation[SPOOL_GENERATION_BYTES];
	uint64_t backup;
	unsigned min_seen[RIG_PERIODS_MAX]; /* of the latest BATCH */
	bool kills_at_filed;                /* the office has committed, the spooler has not heard it */
	bool hangs_up_at_filed;
	unsigned drop_messages, drop_hellos; /* the latest DROP came after so many HELLOs */
	uint64_t drop_backup;
	size_t filed_at_drop;
	unsigned drops_unanswered; /* so many are not answered: it takes long */
	uint8_t drop_refusal;      /* 0: none */
	char program[4096];
};

/* ---- the collector's process --------------------------------------------------------------------------------- */

/* Programs lie beside the tests: .../tests/unit/collector/NAME_test and .../collector. */
static inline void fake_find(const char *name, char out[4096])
{
	char self[4096] = {0};
	assert_true(readlink("/proc/self/exe", self, sizeof(self) - 1) > 0);
	for (int i = 0; i < 4; i++)
		*strrchr(self, '/') = '\0';
	snprintf(out, 4096, "%.4000s/%s", self, name);
	assert_int_equal(access(out, X_OK), 0);
}

static inline pid_t fake_spawn(const char *program, const char *instance, const char *log)
{
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid != 0)
		return pid;
	int fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
	dup2(fd, STDERR_FILENO);
	execl(program, program, "--instance", instance, (char *) NULL);
	_exit(127);
}

static inline void fake_start(struct fake *fake)
{
	fake->collector = fake_spawn(fake->program, ".", "run/collector.log");
}

/* Exit code, or 1000 and the signal. Waits for SECONDS at most, then it is a failure. */
static inline int fake_wait(pid_t pid, int seconds)
{
	for (int i = 0; i < seconds * 50; i++) {
		int status;
		if (waitpid(pid, &status, WNOHANG) == pid)
			return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
		usleep(20000);
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	fail_msg("the program did not end");
	return -1;
}

static inline int fake_stop(struct fake *fake)
{
	kill(fake->collector, SIGTERM);
	int code = fake_wait(fake->collector, 20);
	fake->collector = 0;
	return code;
}

/* How often the collector's log says TEXT. */
static inline unsigned fake_log_count(const char *text)
{
	unsigned count = 0;
	static char log[1 << 20];
	FILE *file = fopen("run/collector.log", "r");
	assert_non_null(file);
	size_t length = fread(log, 1, sizeof(log) - 1, file);
	log[length] = '\0';
	fclose(file);
	for (const char *at = log; (at = strstr(at, text)) != NULL; at++)
		count++;
	return count;
}

static inline bool fake_log_has(const char *text)
{
	return fake_log_count(text) > 0;
}

/* ---- the socket ---------------------------------------------------------------------------------------------- */

static inline void fake_listen(struct fake *fake)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "run/batch.sock"};
	unlink(address.sun_path);
	fake->fd = -1;
	fake->listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(fake->listener, (struct sockaddr *) &address, sizeof(address)), 0);
	assert_int_equal(listen(fake->listener, 4), 0);
}

static inline void fake_hang_up(struct fake *fake)
{
	if (fake->fd >= 0)
		close(fake->fd);
	fake->fd = -1;
}

static inline void fake_add(struct fake *fake, struct rig *rig, const struct letter *letter, size_t period)
{
	assert_true(fake->items_count < FAKE_ITEMS_MAX);
	struct fake_item *item = &fake->items[fake->items_count++];
	item->period = period;
	rig_seal(rig, letter, period, &item->envelope);
}

static inline size_t fake_filed(const struct fake *fake)
{
	size_t count = 0;
	for (size_t i = 0; i < fake->items_count; i++)
		count += fake->items[i].is_filed;
	return count;
}

static inline uint64_t fake_number(const uint8_t *bytes, size_t length)
{
	uint64_t number = 0;
	for (size_t i = 0; i < length; i++)
		number = number << 8 | bytes[i];
	return number;
}

static inline void fake_send(struct fake *fake, char verb, const void *body, size_t length)
{
	static uint8_t packet[SPOOL_PACKET_MAX];
	memcpy(packet, "SP\1", 3);
	packet[3] = (uint8_t) verb;
	if (length > 0)
		memcpy(packet + SPOOL_HEAD_BYTES, body, length);
	if (send(fake->fd, packet, SPOOL_HEAD_BYTES + length, MSG_NOSIGNAL) < 0)
		fake_hang_up(fake);
}

static inline void fake_batch(struct fake *fake, const struct rig *rig, const uint8_t *body)
{
	static uint8_t answer[8 + SPOOL_ENVELOPE_MAX];
	size_t period = 0, waiting = 0;
	while (period < rig->keyset.periods_count && memcmp(rig->keyset.periods[period].id, body, KEYS_ID_BYTES) != 0)
		period++;
	assert_true(period < rig->keyset.periods_count);
	fake->min_seen[period] = (unsigned) fake_number(body + 8, 2);
	uint64_t max = fake_number(body + 10, 2);
	for (size_t i = 0; i < fake->items_count; i++)
		waiting += fake->items[i].period == period && !fake->items[i].is_filed;
	for (size_t i = 0; waiting >= fake->min_seen[period] && max > 0 && i < fake->items_count; i++) {
		const struct fake_item *item = &fake->items[i];
		if (item->period != period || item->is_filed)
			continue;
		memset(answer, 0, 8);
		answer[7] = (uint8_t) (i + 1);
		memcpy(answer + 8, item->envelope.bytes, item->envelope.length);
		fake_send(fake, 'I', answer, 8 + item->envelope.length);
		max--;
	}
	fake_send(fake, 'E', NULL, 0);
}

static inline void fake_take_filed(struct fake *fake, const uint8_t *body)
{
	size_t count = (size_t) fake_number(body + 8, 2);
	fake->filed_messages++;
	fake->backup = fake_number(body, 8);
	if (fake->kills_at_filed) {
		kill(fake->collector, SIGKILL);
		assert_int_equal(fake_wait(fake->collector, 10), 1000 + SIGKILL);
		fake_hang_up(fake);
		return;
	}
	if (fake->hangs_up_at_filed) {
		fake->hangs_up_at_filed = false;
		fake_hang_up(fake);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		uint64_t token = fake_number(body + 10 + 8 * i, 8);
		assert_true(token >= 1 && token <= fake->items_count);
		fake->items[token - 1].is_filed = true;
	}
	fake_send(fake, 'O', NULL, 0);
}

static inline void fake_drop(struct fake *fake, const uint8_t *body)
{
	static const uint8_t none[8];
	fake->drop_messages++;
	fake->drop_hellos = fake->hellos;
	fake->drop_backup = fake_number(body, 8);
	fake->filed_at_drop = fake_filed(fake);
	if (fake->drops_unanswered > 0)
		fake->drops_unanswered--;
	else if (fake->drop_refusal != 0)
		fake_send(fake, 'R', &fake->drop_refusal, 1);
	else
		fake_send(fake, 'N', none, sizeof(none));
}

/* Takes one packet or connection. False when none came in time. */
static inline bool fake_step(struct fake *fake, const struct rig *rig, int wait_ms)
{
	uint8_t packet[8192];
	struct pollfd ready = {.fd = fake->fd >= 0 ? fake->fd : fake->listener, .events = POLLIN};
	if (poll(&ready, 1, wait_ms) <= 0)
		return false;
	if (fake->fd < 0) {
		fake->fd = accept(fake->listener, NULL, NULL);
		fake->is_greeted = false;
		return true;
	}
	ssize_t length = recv(fake->fd, packet, sizeof(packet), 0);
	if (length <= 0) {
		fake_hang_up(fake);
		return true;
	}
	assert_true(length >= SPOOL_HEAD_BYTES && memcmp(packet, "SP\1", 3) == 0);
	if (packet[3] != 'H' && !fake->is_greeted) { /* as soundings-spool(5) has it */
		fake_send(fake, 'R', &(uint8_t){SPOOL_REFUSED_STATE}, 1);
		return true;
	}
	switch (packet[3]) {
	case 'H':
		fake->hellos++;
		fake->is_greeted = true;
		memcpy(fake->generation, packet + SPOOL_HEAD_BYTES, SPOOL_GENERATION_BYTES);
		fake_send(fake, 'O', NULL, 0);
		break;
	case 'B':
		fake_batch(fake, rig, packet + SPOOL_HEAD_BYTES);
		break;
	case 'F':
		fake_take_filed(fake, packet + SPOOL_HEAD_BYTES);
		break;
	case 'D':
		assert_true(length == SPOOL_HEAD_BYTES + 8);
		fake_drop(fake, packet + SPOOL_HEAD_BYTES);
		break;
	default:
		fail_msg("the collector sent verb %c", packet[3]);
	}
	return true;
}

/* Serves for MS milliseconds, or until WANTED items are filed when that is not 0. True when they are. */
static inline bool fake_serve(struct fake *fake, const struct rig *rig, int ms, size_t wanted)
{
	struct timespec begun, now;
	clock_gettime(CLOCK_MONOTONIC, &begun);
	for (;;) {
		fake_step(fake, rig, 20);
		clock_gettime(CLOCK_MONOTONIC, &now);
		if (wanted > 0 && fake_filed(fake) >= wanted)
			return true;
		if ((now.tv_sec - begun.tv_sec) * 1000 + (now.tv_nsec - begun.tv_nsec) / 1000000 > ms)
			return false;
	}
}

static inline struct fake *fake_new(void)
{
	struct fake *fake = calloc(1, sizeof(*fake));
	assert_non_null(fake);
	fake_find("collector", fake->program);
	fake_listen(fake);
	return fake;
}

static inline void fake_free(struct fake *fake)
{
	if (fake->collector != 0) {
		kill(fake->collector, SIGKILL);
		waitpid(fake->collector, NULL, 0);
	}
	fake_hang_up(fake);
	if (fake->listener >= 0)
		close(fake->listener);
	free(fake);
}

#endif
