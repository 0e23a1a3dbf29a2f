/* SPDX-License-Identifier: MIT */
/* spool_test.c: the client against a spooler that a thread plays: every refusal, silence, nonsense, late answers, restarts. */
#include "lib/spool/spool.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above */
#include <cmocka.h>

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { ANSWERS_MAX = 4, WAIT_MS = 10000, SHORT_MS = 60 };

/* What the played spooler does with one request: wait, answer, close. */
struct answer {
	const char *bytes; /* NULL: nothing */
	size_t length;
	int delay_ms;
	bool is_end; /* closes the connection afterwards */
};

struct play {
	struct answer answers[ANSWERS_MAX]; /* one after another, all to the first request of a connection, then ... */
	size_t count;
	bool is_each; /* ... one to each request */
	int listener;
	pthread_t thread;
	uint8_t request[SPOOL_PACKET_MAX]; /* the last one */
	size_t request_length;
	unsigned connections;
};

static char folder[] = "/tmp/soundings-spool-XXXXXX";
static char socket_path[64];
static struct play play;

static void play_pause(int ms)
{
	struct timespec pause = {.tv_sec = ms / 1000, .tv_nsec = (long) (ms % 1000) * 1000000};
	nanosleep(&pause, NULL);
}

/* One connection. Gives false when it is over. */
static bool play_answer(int fd, const struct answer *answer)
{
	play_pause(answer->delay_ms);
	if (answer->bytes != NULL && send(fd, answer->bytes, answer->length, MSG_NOSIGNAL) < 0)
		return false;
	return !answer->is_end;
}

static void *play_run(void *argument)
{
	int fd;
	size_t next = 0;
	(void) argument;
	while ((fd = accept(play.listener, NULL, NULL)) >= 0) {
		ssize_t got;
		bool is_open = true;
		play.connections++;
		while (is_open && (got = recv(fd, play.request, sizeof play.request, 0)) > 0) {
			play.request_length = (size_t) got;
			do
				is_open = next < play.count && play_answer(fd, &play.answers[next++]);
			while (is_open && !play.is_each && next < play.count);
		}
		close(fd);
	}
	return NULL;
}

static void play_start(const struct answer *answers, size_t count, bool is_each)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	memset(&play, 0, sizeof play);
	assert_true(count <= ANSWERS_MAX);
	if (count > 0)
		memcpy(play.answers, answers, count * sizeof *answers);
	play.count = count;
	play.is_each = is_each;
	unlink(socket_path);
	memcpy(address.sun_path, socket_path, sizeof socket_path);
	play.listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	assert_true(play.listener >= 0);
	assert_int_equal(bind(play.listener, (const struct sockaddr *) &address, sizeof address), 0);
	assert_int_equal(listen(play.listener, 8), 0);
	assert_int_equal(pthread_create(&play.thread, NULL, play_run, NULL), 0);
}

static void play_stop(void)
{
	shutdown(play.listener, SHUT_RDWR);
	pthread_join(play.thread, NULL);
	close(play.listener);
	unlink(socket_path);
}

#define PACKET(text) (text), sizeof(text) - 1

/* ---- one request, one answer ---- */

static void test_append(void **state)
{
	static const struct {
		const char *name;
		struct answer answer;
		enum err expected;
		bool is_open; /* afterwards */
	} rows[] = {
		{"on disk", {PACKET("SP\1O"), 0, false}, ERR_OK, true},
		{"refused: format", {PACKET("SP\1R\1"), 0, false}, ERR_INVALID, true},
		{"refused: full", {PACKET("SP\1R\2"), 0, false}, ERR_FULL, true},
		{"refused: store failed", {PACKET("SP\1R\3"), 0, false}, ERR_IO, false},
		{"refused: state", {PACKET("SP\1R\4"), 0, false}, ERR_DENIED, true},
		{"refused: stopping", {PACKET("SP\1R\5"), 0, false}, ERR_BUSY, false},
		{"refused: unknown reason", {PACKET("SP\1R\6"), 0, false}, ERR_IO, false},
		{"refused without a reason", {PACKET("SP\1R"), 0, false}, ERR_IO, false},
		{"refused twice over", {PACKET("SP\1R\1\1"), 0, false}, ERR_IO, false},
		{"another verb", {PACKET("SP\1N"), 0, false}, ERR_IO, false},
		{"a body where none belongs", {PACKET("SP\1O\1"), 0, false}, ERR_IO, false},
		{"another version", {PACKET("SP\2O"), 0, false}, ERR_IO, false},
		{"another magic", {PACKET("SQ\1O"), 0, false}, ERR_IO, false},
		{"too short", {PACKET("SP\1"), 0, false}, ERR_IO, false},
		{"too long", {PACKET("SP\1O0123456789abcdef0123456789abcdef"), 0, false}, ERR_IO, false},
		{"silence", {NULL, 0, 0, false}, ERR_BUSY, false},
		{"hung up", {NULL, 0, 0, true}, ERR_BUSY, false},
		{"late", {PACKET("SP\1O"), 3 * SHORT_MS, false}, ERR_BUSY, false},
	};
	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct spool spool;
		bool is_quick = rows[i].answer.bytes != NULL && rows[i].answer.delay_ms == 0;
		play_start(&rows[i].answer, 1, true);
		spool_init(&spool, socket_path, is_quick ? WAIT_MS : SHORT_MS);
		enum err error = spool_append(&spool, "envelope", 8);
		if (error != rows[i].expected || (spool.fd >= 0) != rows[i].is_open)
			fail_msg("%s: %s", rows[i].name, err_name(error));
		spool_fini(&spool);
		play_stop();
		assert_int_equal(play.connections, 1);
		assert_int_equal(play.request_length, 12);
		assert_memory_equal(play.request, "SP\1Aenvelope", 12);
	}
}

/* An answer that came too late is never taken for the next one's. */
static void test_late(void **state)
{
	static const struct answer answers[] = {{PACKET("SP\1O"), 2 * SHORT_MS, false}, {PACKET("SP\1R\2"), 0, false}};
	struct spool spool;
	(void) state;
	play_start(answers, 2, true);
	spool_init(&spool, socket_path, SHORT_MS);
	assert_int_equal(spool_append(&spool, "one", 3), ERR_BUSY);
	spool.timeout_ms = WAIT_MS;
	assert_int_equal(spool_append(&spool, "two", 3), ERR_FULL);
	spool_fini(&spool);
	play_stop();
	assert_int_equal(play.connections, 2);
}

/* A connection to a spooler that has been restarted: nothing had left, so the client tries the new one by itself. */
static void test_restarted(void **state)
{
	static const struct answer answers[] = {{PACKET("SP\1O"), 0, true}, {PACKET("SP\1O"), 0, false}};
	struct spool spool;
	(void) state;
	play_start(answers, 2, true);
	spool_init(&spool, socket_path, WAIT_MS);
	assert_int_equal(spool_append(&spool, "one", 3), ERR_OK);
	play_pause(SHORT_MS); /* until the other side has closed */
	assert_int_equal(spool_append(&spool, "two", 3), ERR_OK);
	spool_fini(&spool);
	play_stop();
	assert_int_equal(play.connections, 2);
	assert_memory_equal(play.request, "SP\1Atwo", 7);
}

static void test_nobody(void **state)
{
	struct spool spool;
	char path[200];
	(void) state;
	unlink(socket_path);
	spool_init(&spool, socket_path, WAIT_MS);
	assert_int_equal(spool_append(&spool, "one", 3), ERR_BUSY);
	assert_int_equal(spool.fd, -1);
	spool_fini(&spool);
	/* a socket that a crash left behind */
	play_start(NULL, 0, true);
	shutdown(play.listener, SHUT_RDWR);
	pthread_join(play.thread, NULL);
	close(play.listener);
	assert_int_equal(spool_append(&spool, "one", 3), ERR_BUSY);
	memset(path, 'p', sizeof path - 1);
	path[sizeof path - 1] = '\0';
	spool_init(&spool, path, WAIT_MS);
	assert_int_equal(spool_append(&spool, "one", 3), ERR_IO);
	spool_fini(&spool);
	spool_fini(&spool);
}

/* A spooler that hangs: connections queue up and nobody answers; the client gives up in time. */
static void test_hung(void **state)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct spool spools[4];
	struct timespec before, after;
	(void) state;
	unlink(socket_path);
	memcpy(address.sun_path, socket_path, sizeof socket_path);
	int listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(listener, (const struct sockaddr *) &address, sizeof address), 0);
	assert_int_equal(listen(listener, 1), 0);
	clock_gettime(CLOCK_MONOTONIC, &before);
	for (int i = 0; i < 4; i++) { /* the last ones do not even get into the queue */
		spool_init(&spools[i], socket_path, SHORT_MS);
		assert_int_equal(spool_append(&spools[i], "one", 3), ERR_BUSY);
	}
	clock_gettime(CLOCK_MONOTONIC, &after);
	assert_true(after.tv_sec - before.tv_sec < 5);
	for (int i = 0; i < 4; i++)
		spool_fini(&spools[i]);
	close(listener);
}

/* ---- the other verbs: what goes out, what comes back ---- */

static void test_requests(void **state)
{
	static const uint8_t generation[SPOOL_GENERATION_BYTES] = "0123456789abcde";
	static const uint64_t tokens[] = {1, 0x0102030405060708};
	static const struct answer answers[] = {
		{PACKET("SP\1O"), 0, false},
		{PACKET("SP\1O"), 0, false},
		{PACKET("SP\1N\0\0\0\0\0\0\1\2"), 0, false},
		{PACKET("SP\1N\0\0\0\0\0\0\0\3\200\0\0\0\0\0\0\4"), 0, false},
	};
	struct spool spool;
	uint64_t dropped = 0, waiting = 0, filed = 0;
	(void) state;
	play_start(answers, 4, true);
	spool_init(&spool, socket_path, WAIT_MS);
	assert_int_equal(spool_hello(&spool, generation), ERR_OK);
	assert_int_equal(play.request_length, 20);
	assert_memory_equal(play.request, "SP\1H0123456789abcde", 20);
	assert_int_equal(spool_filed(&spool, 258, tokens, 2), ERR_OK);
	assert_int_equal(play.request_length, 30);
	assert_memory_equal(play.request, "SP\1F\0\0\0\0\0\0\1\2\0\2\0\0\0\0\0\0\0\1\1\2\3\4\5\6\7\10", 30);
	assert_int_equal(spool_drop(&spool, 7, &dropped), ERR_OK);
	assert_int_equal(play.request_length, 12);
	assert_memory_equal(play.request, "SP\1D\0\0\0\0\0\0\0\7", 12);
	assert_int_equal(dropped, 258);
	assert_int_equal(spool_count(&spool, &waiting, &filed), ERR_OK);
	assert_int_equal(play.request_length, 4);
	assert_memory_equal(play.request, "SP\1C", 4);
	assert_int_equal(waiting, 3);
	assert_int_equal(filed, 0x8000000000000004);
	assert_int_equal(spool_filed(&spool, 1, tokens, 0), ERR_OK); /* nothing to say */
	assert_int_equal(spool_filed(&spool, 1, tokens, SPOOL_BATCH_MAX + 1), ERR_INVALID);
	spool_fini(&spool);
	play_stop();
	assert_int_equal(play.connections, 1);
}

static void test_seen(void **state)
{
	static const struct answer answer = {PACKET("SP\1S\0\0\0\0\0\0\0\11\377\0\0\0\0\0\0\1"), 0, false};
	struct spool spool;
	uint64_t catalogue, keyset;
	(void) state;
	play_start(&answer, 1, true);
	spool_init(&spool, socket_path, WAIT_MS);
	assert_int_equal(spool_seen(&spool, 3, 0x1020, &catalogue, &keyset), ERR_OK);
	assert_memory_equal(play.request, "SP\1S\0\0\0\0\0\0\0\3\0\0\0\0\0\0\20\40", 20);
	assert_int_equal(catalogue, 9);
	assert_int_equal(keyset, 0xFF00000000000001);
	spool_fini(&spool);
	play_stop();
}

#define PERIOD_ROW "\0\0\0\0\0\0\0\3\0\0\0\0\0\0\1\2"

static void test_periods(void **state)
{
	static const struct {
		const char *name;
		struct answer answer;
		enum err expected;
		size_t count;
	} rows[] = {
		{"none", {PACKET("SP\1P"), 0, false}, ERR_OK, 0},
		{"one", {PACKET("SP\1Pperiod-1" PERIOD_ROW), 0, false}, ERR_OK, 1},
		{"two", {PACKET("SP\1Pperiod-1" PERIOD_ROW "period-2" PERIOD_ROW), 0, false}, ERR_OK, 2},
		{"out of order", {PACKET("SP\1Pperiod-2" PERIOD_ROW "period-1" PERIOD_ROW), 0, false}, ERR_IO, 0},
		{"one twice", {PACKET("SP\1Pperiod-1" PERIOD_ROW "period-1" PERIOD_ROW), 0, false}, ERR_IO, 0},
		{"half a row", {PACKET("SP\1Pperiod-1\0\0\0\0\0\0\0\3"), 0, false}, ERR_IO, 0},
		{"another verb", {PACKET("SP\1Nperiod-1" PERIOD_ROW), 0, false}, ERR_IO, 0},
		{"a spooler that does not know it", {PACKET("SP\1R\1"), 0, false}, ERR_INVALID, 0},
		{"stopping", {PACKET("SP\1R\5"), 0, false}, ERR_BUSY, 0},
		{"hung up", {NULL, 0, 0, true}, ERR_BUSY, 0},
	};
	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		CLEANUP_ARENA struct arena arena;
		struct spool spool;
		struct spool_period *periods = NULL;
		size_t count = 99;
		arena_init(&arena, 1 << 20);
		play_start(&rows[i].answer, 1, true);
		spool_init(&spool, socket_path, WAIT_MS);
		enum err error = spool_periods(&spool, &arena, &periods, &count);
		if (error != rows[i].expected || count != rows[i].count)
			fail_msg("%s: %s, %zu", rows[i].name, err_name(error), count);
		assert_int_equal(spool.fd >= 0, error == ERR_OK || error == ERR_INVALID);
		for (size_t at = 0; at < count; at++) {
			assert_memory_equal(periods[at].id, "period-", 7);
			assert_int_equal(periods[at].id[7], '1' + at);
			assert_int_equal(periods[at].waiting, 3);
			assert_int_equal(periods[at].filed, 258);
		}
		spool_fini(&spool);
		play_stop();
		assert_int_equal(play.request_length, 4);
		assert_memory_equal(play.request, "SP\1P", 4);
	}
}

/* More rows than the protocol has: cut, so not taken. */
static void test_too_many_periods(void **state)
{
	static char packet[SPOOL_HEAD_BYTES + (SPOOL_PERIODS_MAX + 1) * SPOOL_PERIOD_ROW_BYTES] = "SP\1P";
	struct answer answer = {packet, sizeof packet, 0, false};
	CLEANUP_ARENA struct arena arena;
	struct spool spool;
	struct spool_period *periods = NULL;
	size_t count = 99;
	(void) state;
	for (size_t i = 0; i <= SPOOL_PERIODS_MAX; i++) {
		packet[SPOOL_HEAD_BYTES + i * SPOOL_PERIOD_ROW_BYTES] = (char) (i >> 8);
		packet[SPOOL_HEAD_BYTES + i * SPOOL_PERIOD_ROW_BYTES + 1] = (char) i;
	}
	for (size_t cut = 0; cut < 2; cut++, answer.length -= SPOOL_PERIOD_ROW_BYTES) {
		arena_init(&arena, 1 << 20);
		play_start(&answer, 1, true);
		spool_init(&spool, socket_path, WAIT_MS);
		assert_int_equal(spool_periods(&spool, &arena, &periods, &count), cut == 0 ? ERR_IO : ERR_OK);
		assert_int_equal(count, cut == 0 ? 0 : SPOOL_PERIODS_MAX);
		spool_fini(&spool);
		play_stop();
		arena_reset(&arena);
	}
}

static void test_batch(void **state)
{
	static const struct {
		const char *name;
		struct answer answers[ANSWERS_MAX];
		size_t count;
		enum err expected;
		size_t items;
	} rows[] = {
		{"none", {{PACKET("SP\1E"), 0, false}}, 1, ERR_OK, 0},
		{"two",
		 {{PACKET("SP\1I\0\0\0\0\0\0\0\1first"), 0, false},
		  {PACKET("SP\1I\0\0\0\0\0\0\0\2second"), 0, false},
		  {PACKET("SP\1E"), 0, false}},
		 3,
		 ERR_OK,
		 2},
		{"more than asked for",
		 {{PACKET("SP\1I\0\0\0\0\0\0\0\1first"), 0, false},
		  {PACKET("SP\1I\0\0\0\0\0\0\0\2second"), 0, false},
		  {PACKET("SP\1I\0\0\0\0\0\0\0\3third"), 0, false}},
		 3,
		 ERR_IO,
		 0},
		{"before HELLO", {{PACKET("SP\1R\4"), 0, false}}, 1, ERR_DENIED, 0},
		{"an empty item", {{PACKET("SP\1I\0\0\0\0\0\0\0\1"), 0, false}}, 1, ERR_IO, 0},
		{"the store fails on the way",
		 {{PACKET("SP\1I\0\0\0\0\0\0\0\1first"), 0, false}, {PACKET("SP\1R\3"), 0, false}},
		 2,
		 ERR_IO,
		 0},
		{"cut off", {{PACKET("SP\1I\0\0\0\0\0\0\0\1first"), 0, true}}, 1, ERR_BUSY, 0},
		{"an end with a body", {{PACKET("SP\1E\0"), 0, false}}, 1, ERR_IO, 0},
	};
	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		CLEANUP_ARENA struct arena arena;
		struct spool spool;
		struct spool_item *items = NULL;
		size_t count = 99;
		arena_init(&arena, 1 << 20);
		play_start(rows[i].answers, rows[i].count, false);
		spool_init(&spool, socket_path, WAIT_MS);
		enum err error =
			spool_batch(&spool, (const uint8_t *) "period00", 5, 2 + 3 * (i == 0), &arena, &items, &count);
		if (i == 0) {
			assert_memory_equal(play.request, "SP\1Bperiod00\0\5\0\5", 16);
		} else {
			assert_int_equal(error, ERR_INVALID); /* min over max never leaves */
			error = spool_batch(&spool, (const uint8_t *) "period00", 1, 2, &arena, &items, &count);
		}
		if (error != rows[i].expected || count != rows[i].items)
			fail_msg("%s: %s, %zu", rows[i].name, err_name(error), count);
		if (count == 2) {
			assert_int_equal(items[0].token, 1);
			assert_int_equal(items[1].token, 2);
			assert_int_equal(items[0].length, 5);
			assert_memory_equal(items[0].envelope, "first", 5);
			assert_memory_equal(items[1].envelope, "second", 6);
		}
		spool_fini(&spool);
		play_stop();
	}
}

/* No memory: the call fails, and the rest of the batch does not stay on the connection. */
static void test_batch_memory(void **state)
{
	static const struct answer answers[] = {{PACKET("SP\1I\0\0\0\0\0\0\0\1first"), 0, false},
						{PACKET("SP\1E"), 0, false}};
	(void) state;
	enum err error = ERR_NOMEM;
	size_t ceiling;
	for (ceiling = 0; error != ERR_OK; ceiling += 16) {
		CLEANUP_ARENA struct arena arena;
		struct spool spool;
		struct spool_item *items;
		size_t count;
		arena_init(&arena, ceiling);
		play_start(answers, 2, false);
		spool_init(&spool, socket_path, WAIT_MS);
		error = spool_batch(&spool, (const uint8_t *) "period00", 1, 1, &arena, &items, &count);
		assert_int_equal(spool.fd >= 0, error == ERR_OK);
		assert_int_equal(count, error == ERR_OK);
		assert_true(error == ERR_OK || error == ERR_NOMEM);
		spool_fini(&spool);
		play_stop();
		assert_true(ceiling < 1000);
	}
	assert_true(ceiling > 32); /* it did fail, both for the list and for the envelope */
}

static void test_largest(void **state)
{
	static const struct answer answer = {PACKET("SP\1O"), 0, false};
	static uint8_t envelope[SPOOL_ENVELOPE_MAX + 1];
	struct spool spool;
	(void) state;
	play_start(&answer, 1, true);
	spool_init(&spool, socket_path, WAIT_MS);
	assert_int_equal(spool_append(&spool, envelope, SPOOL_ENVELOPE_MAX + 1), ERR_INVALID);
	assert_int_equal(spool_append(&spool, envelope, SPOOL_ENVELOPE_MAX), ERR_OK);
	assert_int_equal(play.request_length, SPOOL_HEAD_BYTES + SPOOL_ENVELOPE_MAX);
	spool_fini(&spool);
	play_stop();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_append),  cmocka_unit_test(test_late),    cmocka_unit_test(test_restarted),
		cmocka_unit_test(test_nobody),  cmocka_unit_test(test_hung),    cmocka_unit_test(test_requests),
		cmocka_unit_test(test_seen),    cmocka_unit_test(test_batch),   cmocka_unit_test(test_batch_memory),
		cmocka_unit_test(test_largest), cmocka_unit_test(test_periods), cmocka_unit_test(test_too_many_periods),
	};
	if (mkdtemp(folder) == NULL)
		return EXIT_FAILURE;
	snprintf(socket_path, sizeof socket_path, "%s/socket", folder);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(socket_path);
	rmdir(folder);
	return failed;
}
