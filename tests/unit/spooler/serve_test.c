/* SPDX-License-Identifier: MIT */
/* serve_test.c: the protocol of soundings-spool(5), as a real spooler speaks it. */
#include "unit/spooler/process_rig.h"

#include <sys/resource.h>

/* One after the other through every verb. */
static void test_verbs(void **state)
{
	uint64_t tokens[SPOOL_BATCH_MAX], numbers[SPOOL_BATCH_MAX];
	bool is_seen[12] = {false};
	(void) state;
	proc_start();
	int append = proc_connect(PROC_APPEND), batch = proc_connect(PROC_BATCH);
	for (uint64_t number = 0; number < 12; number++)
		assert_int_equal(proc_append(append, (unsigned) (number % 4), number), 'O');
	assert_int_equal(proc_length, 0);
	proc_expect(12, 0);

	proc_hello(batch, proc_generation);
	proc_send_batch(batch, 13, 256);
	assert_int_equal(proc_take_batch(batch, tokens, numbers), 0);
	proc_send_batch(batch, 5, 7);
	assert_int_equal(proc_take_batch(batch, tokens, numbers), 7);
	proc_send_batch(batch, 1, 256);
	assert_int_equal(proc_take_batch(batch, tokens + 7, numbers + 7), 5);
	for (unsigned i = 0; i < 12; i++) {
		assert_true(numbers[i] < 12 && !is_seen[numbers[i]]);
		is_seen[numbers[i]] = true;
		assert_true(tokens[i] >= 1 && tokens[i] <= INT64_MAX);
	}
	assert_int_equal(proc_filed(batch, 4, tokens, 3), 'O');
	assert_int_equal(proc_filed(batch, 5, tokens + 3, 3), 'O');
	proc_expect(6, 6);
	assert_int_equal(proc_drop(batch, 3), 0);
	assert_int_equal(proc_drop(batch, 4), 3);
	proc_expect(6, 3);
	assert_int_equal(proc_drop(batch, UINT64_MAX), 3);
	proc_expect(6, 0);
	assert_int_equal(proc_stop(SIGTERM), 0);
	close(append);
	close(batch);
}

/* Tokens: of one connection, of one HELLO, used once, all or none. */
static void test_tokens(void **state)
{
	uint64_t tokens[SPOOL_BATCH_MAX], numbers[SPOOL_BATCH_MAX];
	(void) state;
	proc_start();
	int append = proc_connect(PROC_APPEND), batch = proc_connect(PROC_BATCH), other = proc_connect(PROC_BATCH);
	for (uint64_t number = 0; number < 4; number++)
		assert_int_equal(proc_append(append, 0, number), 'O');
	proc_hello(batch, proc_generation);
	proc_hello(other, proc_generation);
	proc_send_batch(batch, 1, 256);
	assert_int_equal(proc_take_batch(batch, tokens, numbers), 4);

	assert_int_equal(proc_filed(other, 1, tokens, 1), 'R'); /* somebody else's */
	assert_int_equal(proc_body[0], SPOOL_REFUSED_STATE);
	const uint64_t half[2] = {tokens[0], 12345};
	assert_int_equal(proc_filed(batch, 1, half, 2), 'R'); /* one is unknown: none is filed */
	const uint64_t twice[2] = {tokens[0], tokens[0]};
	assert_int_equal(proc_filed(batch, 1, twice, 2), 'R');
	proc_expect(4, 0);
	assert_int_equal(proc_filed(batch, 1, tokens, 1), 'O');
	assert_int_equal(proc_filed(batch, 1, tokens, 1), 'R'); /* it is used up */
	proc_hello(batch, proc_generation);
	assert_int_equal(proc_filed(batch, 1, tokens + 1, 1), 'R'); /* HELLO voided it */
	proc_send_batch(batch, 1, 256);
	assert_int_equal(proc_take_batch(batch, tokens, numbers), 3);
	close(batch); /* so does the end: they are offered again */
	batch = proc_connect(PROC_BATCH);
	proc_hello(batch, proc_generation);
	proc_send_batch(batch, 3, 256);
	assert_int_equal(proc_take_batch(batch, tokens, numbers), 3);
	close(append);
	close(batch);
	close(other);
}

/* A restored office: everything held is offered again, and whoever speaks for the old one has to say HELLO. */
static void test_generation(void **state)
{
	static const uint8_t restored[SPOOL_GENERATION_BYTES] = "generation two.";
	uint64_t tokens[SPOOL_BATCH_MAX], numbers[SPOOL_BATCH_MAX];
	(void) state;
	proc_start();
	int append = proc_connect(PROC_APPEND), batch = proc_connect(PROC_BATCH), other = proc_connect(PROC_BATCH);
	for (uint64_t number = 0; number < 6; number++)
		assert_int_equal(proc_append(append, 0, number), 'O');
	proc_hello(batch, proc_generation);
	proc_send_batch(batch, 1, 256);
	assert_int_equal(proc_take_batch(batch, tokens, numbers), 6);
	assert_int_equal(proc_filed(batch, 1, tokens, 5), 'O');
	proc_expect(1, 5);
	proc_hello(other, restored);
	proc_expect(6, 0);
	assert_int_equal(proc_stop(SIGKILL), 128 + SIGKILL);
	proc_start(); /* it was durable before the answer */
	proc_expect(6, 0);
	close(batch);
	close(other);
	batch = proc_connect(PROC_BATCH), other = proc_connect(PROC_BATCH);
	proc_hello(batch, restored);
	proc_send_batch(batch, 6, 256);
	assert_int_equal(proc_take_batch(batch, tokens, numbers), 6);
	proc_hello(other, proc_generation);
	assert_int_equal(proc_filed(batch, 1, tokens, 6), 'R');
	assert_int_equal(proc_body[0], SPOOL_REFUSED_STATE);
	proc_send_batch(batch, 6, 256);
	assert_int_equal(proc_answer(batch), 'R');
	uint8_t drop[8] = {0};
	assert_int_equal(proc_ask(batch, 'D', drop, sizeof drop), 'R');
	close(append);
	close(batch);
	close(other);
}

/* Appends an envelope of a period of its own. */
static void append_of(int fd, uint64_t period, uint64_t number)
{
	static uint8_t envelope[SPOOL_ENVELOPE_MAX];
	size_t length = rig_envelope(envelope, 0, number);
	proc_put(envelope + 8, period, 8);
	assert_int_equal(proc_ask(fd, 'A', envelope, length), 'O');
}

/* The answer to PERIODS is exactly COUNT rows of (period, waiting, filed). */
static void expect_periods(int fd, const uint64_t (*rows)[3], size_t count)
{
	assert_int_equal(proc_ask(fd, 'P', NULL, 0), 'P');
	assert_int_equal(proc_length, count * SPOOL_PERIOD_ROW_BYTES);
	for (size_t i = 0; i < count; i++)
		for (size_t number = 0; number < 3; number++)
			assert_int_equal(proc_number(proc_body + i * SPOOL_PERIOD_ROW_BYTES + 8 * number),
					 rows[i][number]);
}

/* What is held of each period, in order of id, without a HELLO; a period of which nothing is left is not named. */
static void test_periods(void **state)
{
	enum { LOW = 3 };
	const uint64_t high = 0xff00000000000001, own = 0x0102030405060708;
	uint64_t tokens[SPOOL_BATCH_MAX], numbers[SPOOL_BATCH_MAX];
	(void) state;
	proc_start();
	int append = proc_connect(PROC_APPEND), batch = proc_connect(PROC_BATCH), asks = proc_connect(PROC_BATCH);
	expect_periods(asks, NULL, 0);
	append_of(append, high, 0);
	for (uint64_t number = 1; number <= 4; number++)
		append_of(append, own, number);
	append_of(append, LOW, 5);
	append_of(append, high, 6);
	expect_periods(asks, (const uint64_t[][3]){{LOW, 1, 0}, {own, 4, 0}, {high, 2, 0}}, 3);
	proc_hello(batch, proc_generation);
	proc_send_batch(batch, 1, 3);
	assert_int_equal(proc_take_batch(batch, tokens, numbers), 3);
	expect_periods(asks, (const uint64_t[][3]){{LOW, 1, 0}, {own, 4, 0}, {high, 2, 0}}, 3);
	assert_int_equal(proc_filed(batch, 1, tokens, 3), 'O');
	expect_periods(asks, (const uint64_t[][3]){{LOW, 1, 0}, {own, 1, 3}, {high, 2, 0}}, 3);
	assert_int_equal(proc_stop(SIGKILL), 128 + SIGKILL);
	close(asks);
	close(batch);
	proc_start(); /* the same from the file */
	batch = proc_connect(PROC_BATCH);
	expect_periods(batch, (const uint64_t[][3]){{LOW, 1, 0}, {own, 1, 3}, {high, 2, 0}}, 3);
	proc_hello(batch, proc_generation);
	assert_int_equal(proc_drop(batch, 1), 3);
	expect_periods(batch, (const uint64_t[][3]){{LOW, 1, 0}, {own, 1, 0}, {high, 2, 0}}, 3);
	proc_send_batch(batch, 1, 256);
	assert_int_equal(proc_take_batch(batch, tokens, numbers), 1);
	assert_int_equal(proc_filed(batch, 2, tokens, 1), 'O');
	assert_int_equal(proc_drop(batch, 2), 1);
	expect_periods(batch, (const uint64_t[][3]){{LOW, 1, 0}, {high, 2, 0}}, 2);
	close(append);
	close(batch);
}

/* As many periods as a spool holds at all fit one answer. */
static void test_most_periods(void **state)
{
	(void) state;
	proc_start();
	int append = proc_connect(PROC_APPEND), batch = proc_connect(PROC_BATCH);
	for (uint64_t period = HELD_PERIODS_MAX; period > 0; period--)
		append_of(append, period, period);
	assert_int_equal(proc_ask(batch, 'P', NULL, 0), 'P');
	assert_int_equal(proc_length, HELD_PERIODS_MAX * SPOOL_PERIOD_ROW_BYTES);
	for (uint64_t period = 1; period <= HELD_PERIODS_MAX; period++)
		assert_int_equal(proc_number(proc_body + (period - 1) * SPOOL_PERIOD_ROW_BYTES), period);
	struct spool spool;
	CLEANUP_ARENA struct arena arena;
	struct spool_period *periods = NULL;
	size_t count = 0;
	arena_init(&arena, 1 << 20);
	spool_init(&spool, PROC_BATCH, PROC_WAIT_S * 1000);
	assert_int_equal(spool_periods(&spool, &arena, &periods, &count), ERR_OK);
	assert_int_equal(count, HELD_PERIODS_MAX);
	assert_int_equal(proc_number(periods[count - 1].id), HELD_PERIODS_MAX);
	assert_int_equal(periods[count - 1].waiting, 1);
	assert_int_equal(periods[count - 1].filed, 0);
	spool_fini(&spool);
	close(append);
	close(batch);
}

static void test_seen(void **state)
{
	static const struct {
		const char *name;
		uint64_t catalogue, keyset, highest_catalogue, highest_keyset;
	} rows[] = {
		{"first", 5, 2, 5, 2},
		{"lower", 4, 1, 5, 2},
		{"one higher", 4, 3, 5, 3},
		{"zero", 0, 0, 5, 3},
		{"largest", UINT64_MAX, 3, UINT64_MAX, 3},
	};
	uint8_t body[16];
	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		proc_start();
		int fd = proc_connect(PROC_APPEND);
		proc_put(body, rows[i].catalogue, 8);
		proc_put(body + 8, rows[i].keyset, 8);
		if (proc_ask(fd, 'S', body, sizeof body) != 'S' || proc_length != 16 ||
		    proc_number(proc_body) != rows[i].highest_catalogue ||
		    proc_number(proc_body + 8) != rows[i].highest_keyset)
			fail_msg("%s", rows[i].name);
		assert_int_equal(proc_stop(SIGKILL), 128 + SIGKILL);
		close(fd);
	}
}

/* 64 at once: everybody is answered, and they share commits. */
static void test_together(void **state)
{
	enum { CLIENTS = 64, ROUNDS = 5 };
	static uint8_t envelope[SPOOL_ENVELOPE_MAX];
	int fds[CLIENTS];
	(void) state;
	proc_start();
	for (int i = 0; i < CLIENTS; i++)
		fds[i] = proc_connect(PROC_APPEND);
	for (int round = 0; round < ROUNDS; round++) {
		for (int i = 0; i < CLIENTS; i++) {
			size_t length = rig_envelope(envelope, 0, (uint64_t) (round * CLIENTS + i));
			/* every seventh asks in a wrong way, and spoils nobody's group */
			proc_send(fds[i], 'A', envelope, i % 7 == 0 ? length - 1 : length);
		}
		for (int i = 0; i < CLIENTS; i++)
			assert_int_equal(proc_answer(fds[i]), i % 7 == 0 ? 'R' : 'O');
	}
	proc_expect(54 * ROUNDS, 0);
	assert_int_equal(proc_stop(SIGTERM), 0);
	assert_int_equal(proc_logged("appends="), 54 * ROUNDS);
	assert_int_equal(proc_logged("refused="), 10 * ROUNDS);
	uint64_t commits = proc_logged("commits=");
	print_message("%d appends in %d commits\n", 54 * ROUNDS, (int) commits);
	assert_true(commits >= ROUNDS && commits < 54 * ROUNDS / 2);
	for (int i = 0; i < CLIENTS; i++)
		close(fds[i]);
}

/* True for a message that the protocol has: those are not malformed. */
static bool is_message(bool is_append, char verb, size_t length)
{
	return is_append ? verb == 'S' && length == 16
			 : (verb == 'H' && length == 16) || ((verb == 'C' || verb == 'P') && length == 0) ||
				   (verb == 'B' && length == 12) || (verb == 'D' && length == 8);
}

/* Every length from 0 to 200, behind no head, a wrong one, and every verb: refused, or the connection ends; nothing is stored,
 * and the next one is served. */
static void test_malformed(void **state)
{
	static const char verbs[] = "ASHBFDCPORIEN\0\377 ";
	static const char *const paths[] = {PROC_APPEND, PROC_BATCH};
	uint8_t noise[256];
	(void) state;
	proc_start();
	for (size_t p = 0; p < 2; p++) {
		int fd = proc_connect(paths[p]);
		for (size_t length = 0; length <= 200; length++) {
			random_bytes(noise, sizeof noise);
			for (int wrong = 0; wrong < 4; wrong++) { /* no head; wrong magic; wrong magic; wrong version */
				memcpy(noise,
				       wrong == 0   ? "????"
				       : wrong == 1 ? "XP\1A"
				       : wrong == 2 ? "SX\1C"
						    : "SP\2C",
				       4);
				assert_int_equal(send(fd, noise, length, MSG_NOSIGNAL), length);
				char verb = proc_answer(fd);
				assert_true(length == 0 ? verb == 0 : verb == 'R');
				if (verb == 0) {
					close(fd);
					fd = proc_connect(paths[p]);
				}
			}
			for (size_t v = 0; v < sizeof verbs - 1; v++) {
				if (is_message(p == 0, verbs[v], length))
					continue;
				if (proc_ask(fd, verbs[v], noise, length) != 'R' || proc_length != 1 ||
				    proc_body[0] != SPOOL_REFUSED_FORMAT)
					fail_msg("socket %zu verb %d length %zu", p, verbs[v], length);
			}
		}
		close(fd);
	}
	proc_expect(0, 0);
	int fd = proc_connect(PROC_APPEND);
	static uint8_t large[SPOOL_PACKET_MAX + 64];
	proc_send(fd, 'A', large, sizeof large - SPOOL_HEAD_BYTES);
	assert_int_equal(proc_answer(fd), 'R');
	assert_int_equal(proc_append(fd, 3, 0), 'O');
	close(fd);
	proc_expect(1, 0);
	assert_int_equal(proc_stop(SIGTERM), 0);
}

static void test_states(void **state)
{
	static const struct {
		const char *name;
		bool is_greeted;
		unsigned min, max;
		uint8_t expected; /* refusal; 0: none */
	} rows[] = {
		{"before HELLO", false, 1, 1, SPOOL_REFUSED_STATE},
		{"max 0", true, 0, 0, SPOOL_REFUSED_FORMAT},
		{"max 257", true, 0, 257, SPOOL_REFUSED_FORMAT},
		{"min over max", true, 6, 5, SPOOL_REFUSED_FORMAT},
		{"min 0", true, 0, 256, 0},
		{"min as max", true, 256, 256, 0},
	};
	(void) state;
	proc_start();
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		int fd = proc_connect(PROC_BATCH);
		if (rows[i].is_greeted)
			proc_hello(fd, proc_generation);
		proc_send_batch(fd, rows[i].min, rows[i].max);
		char verb = proc_answer(fd);
		if (verb != (rows[i].expected == 0 ? 'E' : 'R') || (verb == 'R' && proc_body[0] != rows[i].expected))
			fail_msg("%s", rows[i].name);
		close(fd);
	}
	int fd = proc_connect(PROC_BATCH);
	const uint8_t number[8] = {0};
	const uint64_t token = 1;
	assert_int_equal(proc_ask(fd, 'D', number, sizeof number), 'R');
	assert_int_equal(proc_body[0], SPOOL_REFUSED_STATE);
	assert_int_equal(proc_filed(fd, 1, &token, 1), 'R');
	assert_int_equal(proc_body[0], SPOOL_REFUSED_STATE);
	close(fd);
}

/* A collector that does not read its large batch holds up nobody, and gets all of it in the end. */
static void test_slow_reader(void **state)
{
	enum { COUNT = 60 };
	uint64_t tokens[SPOOL_BATCH_MAX], numbers[SPOOL_BATCH_MAX];
	(void) state;
	proc_start();
	int append = proc_connect(PROC_APPEND), batch = proc_connect(PROC_BATCH);
	for (uint64_t number = 0; number < COUNT; number++)
		assert_int_equal(proc_append(append, 3, number), 'O');
	proc_hello(batch, proc_generation);
	proc_send_batch(batch, 5, 256);
	assert_int_equal(proc_answer(batch), 'I');
	tokens[0] = proc_number(proc_body);
	numbers[0] = rig_number(proc_body + 8);
	for (uint64_t number = COUNT; number < COUNT + 40; number++) /* these trade places with what is being sent */
		assert_int_equal(proc_append(append, 3, number), 'O');
	assert_int_equal(proc_take_batch(batch, tokens + 1, numbers + 1), COUNT - 1);
	for (unsigned i = 0; i < COUNT; i++)
		assert_true(numbers[i] < COUNT);
	assert_int_equal(proc_filed(batch, 1, tokens, COUNT), 'O');
	proc_send_batch(batch, 1, 256);
	assert_int_equal(proc_take_batch(batch, tokens, numbers), 40);
	for (unsigned i = 0; i < 40; i++)
		assert_true(numbers[i] >= COUNT);
	close(append);
	close(batch);
}

/* One that sends and never reads is dropped in the end; the others are served throughout. */
static void test_deaf_client(void **state)
{
	uint8_t body[16] = {0};
	(void) state;
	proc_start();
	int deaf = proc_connect(PROC_APPEND), append = proc_connect(PROC_APPEND);
	bool is_dropped = false;
	for (int i = 0; i < 20000 && !is_dropped; i++) {
		uint8_t packet[20] = {'S', 'P', 1, 'S'};
		memcpy(packet + 4, body, sizeof body);
		is_dropped = send(deaf, packet, sizeof packet, MSG_NOSIGNAL) < 0 && errno != EAGAIN;
		if (i % 1000 == 0)
			assert_int_equal(proc_append(append, 0, (uint64_t) i), 'O');
	}
	assert_true(is_dropped);
	assert_int_equal(proc_append(append, 0, 1), 'O');
	close(deaf);
	close(append);
}

/* Many connections of the batch socket: the one silent for longest makes room. */
static void test_seats(void **state)
{
	int fds[HELD_SEATS + 1];
	(void) state;
	proc_start();
	for (int i = 0; i <= HELD_SEATS; i++) {
		struct timespec pause = {.tv_nsec = 3 * 1000 * 1000};
		fds[i] = proc_connect(PROC_BATCH);
		proc_hello(fds[i], proc_generation);
		nanosleep(&pause, NULL);
	}
	assert_int_equal(proc_answer(fds[0]), 0);
	for (int i = 1; i <= HELD_SEATS; i++)
		assert_int_equal(proc_ask(fds[i], 'C', NULL, 0), 'N');
	for (int i = 0; i <= HELD_SEATS; i++)
		close(fds[i]);
}

/* About a thousand connections are served; one more is closed at once, and the others never notice. */
static void test_crowd(void **state)
{
	enum { CROWD = 1024 };
	static int fds[CROWD + 1];
	struct rlimit limit;
	(void) state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	if (limit.rlim_max < CROWD + 100) {
		print_message("SKIPPED: only %lu descriptors allowed here\n", (unsigned long) limit.rlim_max);
		skip();
	}
	limit.rlim_cur = limit.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	proc_start();
	for (int i = 0; i < CROWD; i++) {
		fds[i] = proc_connect(PROC_APPEND);
		if (i == 0 || i == CROWD - 1)
			assert_int_equal(proc_append(fds[i], 0, (uint64_t) i), 'O');
	}
	fds[CROWD] = proc_connect(PROC_APPEND);
	assert_int_equal(proc_answer(fds[CROWD]), 0);
	close(fds[0]); /* its place is free for the next */
	assert_int_equal(proc_append(fds[1], 0, 1), 'O');
	fds[0] = proc_connect(PROC_APPEND);
	assert_int_equal(proc_append(fds[0], 0, 2), 'O');
	for (int i = 0; i <= CROWD; i++)
		close(fds[i]);
	proc_expect(4, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_verbs, proc_setup, proc_teardown),
		cmocka_unit_test_setup_teardown(test_tokens, proc_setup, proc_teardown),
		cmocka_unit_test_setup_teardown(test_generation, proc_setup, proc_teardown),
		cmocka_unit_test_setup_teardown(test_periods, proc_setup, proc_teardown),
		cmocka_unit_test_setup_teardown(test_most_periods, proc_setup, proc_teardown),
		cmocka_unit_test_setup_teardown(test_seen, proc_setup, proc_teardown),
		cmocka_unit_test_setup_teardown(test_together, proc_setup, proc_teardown),
		cmocka_unit_test_setup_teardown(test_malformed, proc_setup, proc_teardown),
		cmocka_unit_test_setup_teardown(test_states, proc_setup, proc_teardown),
		cmocka_unit_test_setup_teardown(test_slow_reader, proc_setup, proc_teardown),
		cmocka_unit_test_setup_teardown(test_deaf_client, proc_setup, proc_teardown),
		cmocka_unit_test_setup_teardown(test_seats, proc_setup, proc_teardown),
		cmocka_unit_test_setup_teardown(test_crowd, proc_setup, proc_teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
