/* SPDX-License-Identifier: MIT */
/* store_test.c: what the store does with envelopes: groups, the exchange, marks, waits, generations, drops. */
#include "unit/spooler/store_rig.h"

static uint8_t buffer[SPOOL_ENVELOPE_MAX];

/* ---- envelopes ---- */

static void test_peek(void **state)
{
	static const struct {
		const char *name;
		unsigned bucket;
		size_t at; /* of the changed byte */
		uint8_t value;
		int longer; /* bytes more, or fewer */
		enum err expected;
	} rows[] = {
		{"smallest", 0, 4, 1, 0, ERR_OK},
		{"4 KiB", 1, 4, 1, 0, ERR_OK},
		{"16 KiB", 2, 4, 1, 0, ERR_OK},
		{"largest", 3, 4, 1, 0, ERR_OK},
		{"any ciphertext", 0, 1159, 0, 0, ERR_OK},
		{"magic", 0, 0, 's', 0, ERR_INVALID},
		{"magic's end", 0, 3, 0, 0, ERR_INVALID},
		{"version 0", 0, 4, 0, 0, ERR_INVALID},
		{"version 2", 0, 4, 2, 0, ERR_INVALID},
		{"bucket of another length", 0, 5, 1, 0, ERR_INVALID},
		{"bucket 4", 3, 5, 4, 0, ERR_INVALID},
		{"bucket 255", 0, 5, 255, 0, ERR_INVALID},
		{"zero byte", 0, 6, 1, 0, ERR_INVALID},
		{"second zero byte", 0, 7, 128, 0, ERR_INVALID},
		{"one byte short", 0, 4, 1, -1, ERR_INVALID},
		{"one byte more", 0, 4, 1, 1, ERR_INVALID},
		{"header only", 0, 4, 1, -1040, ERR_INVALID},
		{"nothing", 0, 4, 1, -1160, ERR_INVALID},
	};
	struct store store;
	(void) state;
	rig_open(&store);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		size_t length = rig_envelope(buffer, rows[i].bucket, i);
		uint64_t before = store.held.waiting;
		buffer[rows[i].at] = rows[i].value;
		/* a heap copy of the exact length, so that the sanitizer sees a read past it */
		size_t given = (size_t) ((long) length + rows[i].longer);
		uint8_t *exact = malloc(given + 1);
		assert_non_null(exact);
		memcpy(exact, buffer, given < sizeof buffer ? given : sizeof buffer);
		enum err error = store_append(&store, rig_now, exact, given);
		free(exact);
		if (error != rows[i].expected)
			fail_msg("%s: %d", rows[i].name, (int) error);
		assert_int_equal(store_commit(&store), ERR_OK);
		assert_int_equal(store.held.waiting - before, error == ERR_OK);
	}
	store_close(&store);
}

/* One group, two commits' worth of rows, a refused one among them, and all of it there after reopening. */
static void test_group(void **state)
{
	struct store store;
	(void) state;
	rig_open(&store);
	for (uint64_t i = 0; i < STORE_GROUP_MAX; i++) {
		size_t length = rig_envelope(buffer, (unsigned) (i % 2), i);
		assert_int_equal(store_append(&store, rig_now, buffer, length), ERR_OK);
		assert_int_equal(store_append(&store, rig_now, buffer, length - 1), ERR_INVALID);
	}
	assert_int_equal(store.appends, 0);
	assert_int_equal(store_commit(&store), ERR_OK);
	assert_int_equal(store.appends, STORE_GROUP_MAX);
	assert_int_equal(store.groups, 1);
	assert_int_equal(store_commit(&store), ERR_OK); /* an empty group is no commit */
	assert_int_equal(store.groups, 1);
	store_close(&store);

	rig_open(&store);
	assert_int_equal(store.held.waiting, STORE_GROUP_MAX);
	for (uint64_t i = 0; i < STORE_GROUP_MAX; i++)
		assert_int_not_equal(rig_find(&store, i), HELD_NONE);
	store_close(&store);
}

/* ---- marks stay with their envelopes, whatever trades places ---- */

static void check_marks(struct store *store, uint64_t count)
{
	for (uint64_t number = 0; number < count; number++) {
		uint32_t item = rig_find(store, number);
		assert_int_not_equal(item, HELD_NONE);
		assert_int_equal(store->held.items[item].slot != 0, number % 3 == 0);
	}
}

static void test_marks_follow(void **state)
{
	enum { COUNT = 90 };
	struct store store;
	(void) state;
	rig_open(&store);
	for (uint64_t number = 0; number < COUNT; number++) {
		rig_append(&store, (unsigned) (number % 4), number);
		if (number % 3 == 0) {
			uint32_t item = rig_find(&store, number);
			assert_int_equal(store_file(&store, rig_now, number, &item, 1), ERR_OK);
		}
	}
	check_marks(&store, COUNT);
	store_close(&store);
	rig_open(&store);
	check_marks(&store, COUNT);
	assert_int_equal(store.held.marks.count, COUNT / 3);

	/* Every mark kept the backup it was given: only those up to 30 go. */
	uint32_t dropped;
	assert_int_equal(store_drop(&store, 30, STORE_DROP_STEP, &dropped), ERR_OK);
	assert_int_equal(dropped, 11);
	for (uint64_t number = 0; number < COUNT; number++)
		assert_int_equal(rig_find(&store, number) == HELD_NONE, number % 3 == 0 && number <= 30);
	store_close(&store);
	rig_open(&store);
	assert_int_equal(store.held.marks.count, COUNT / 3 - 11);
	assert_int_equal(store.held.waiting, COUNT - COUNT / 3);
	store_close(&store);
}

static void test_drop_in_steps(void **state)
{
	static const struct {
		const char *name;
		uint64_t backup;
		uint32_t limit;
		uint32_t expected;
	} rows[] = {
		{"below all", 9, 64, 0},
		{"first only", 10, 64, 1},
		{"two at once, of many", 40, 2, 2},
		{"the next two", 40, 2, 2},
		{"the rest up to 40", 40, 64, 26},
		{"no others up to 40", 40, 64, 0},
		{"up to the largest", UINT64_MAX, 64, 10},
		{"nothing left", UINT64_MAX, 64, 0},
	};
	struct store store;
	(void) state;
	rig_open(&store);
	for (uint64_t number = 0; number < 41; number++) {
		rig_append(&store, 0, number);
		uint32_t item = rig_find(&store, number);
		uint64_t backup = number == 40 ? UINT64_MAX : number + 10;
		assert_int_equal(store_file(&store, rig_now, backup, &item, 1), ERR_OK);
	}
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		uint32_t dropped = 99;
		assert_int_equal(store_drop(&store, rows[i].backup, rows[i].limit, &dropped), ERR_OK);
		if (dropped != rows[i].expected)
			fail_msg("%s: %u", rows[i].name, dropped);
		store_close(&store);
		rig_open(&store); /* the slots have no gap: loading would refuse one */
	}
	store_close(&store);
}

/* Filed by two connections: the later backup counts. */
static void test_filed_twice(void **state)
{
	struct store store;
	uint32_t dropped;
	(void) state;
	rig_open(&store);
	for (uint64_t number = 0; number < 2; number++)
		rig_append(&store, 0, number);
	uint32_t first = rig_find(&store, 0), second = rig_find(&store, 1);
	assert_int_equal(store_file(&store, rig_now, 5, &first, 1), ERR_OK);
	assert_int_equal(store_file(&store, rig_now, 7, (uint32_t[]){first, second}, 2), ERR_OK);
	assert_int_equal(store_file(&store, rig_now, 6, &first, 1), ERR_OK);
	assert_int_equal(store.held.marks.count, 2);
	assert_int_equal(store_drop(&store, 6, 64, &dropped), ERR_OK);
	assert_int_equal(dropped, 0);
	assert_int_equal(store_drop(&store, 7, 64, &dropped), ERR_OK);
	assert_int_equal(dropped, 2);
	store_close(&store);
}

/* ---- waiting ---- */

static void test_waits(void **state)
{
	enum { HOUR = 3600 * 1000, START = 1000 };
	static const struct {
		const char *name;
		bool is_restarted;
		uint64_t held;
		uint32_t min, max;
		int64_t boottime_ms;
		int64_t day;
		uint32_t expected;
	} rows[] = {
		{"as many as asked", false, 5, 5, 256, START, 20000, 5},
		{"one too few", false, 4, 5, 256, START, 20000, 0},
		{"more than asked for", false, 9, 5, 7, START, 20000, 7},
		{"min 1", false, 1, 1, 256, START, 20000, 1},
		{"min 0, nothing there", false, 0, 0, 256, START, 20000, 0},
		{"just under a day", false, 4, 5, 256, START + 24 * HOUR - 1, 20001, 0},
		{"a day", false, 4, 5, 256, START + 24 * HOUR, 20001, 4},
		{"the clock was set, forward", false, 4, 5, 256, START + HOUR, 40000, 0},
		{"the clock was set, back", false, 4, 5, 256, START + HOUR, 0, 0},
		{"restarted the next day", true, 4, 5, 256, START, 20001, 0},
		{"restarted the day before", true, 4, 5, 256, START, 19999, 0},
		{"restarted two days later", true, 4, 5, 256, START, 20002, 4},
		{"restarted two days earlier", true, 4, 5, 256, START, 19998, 4},
		{"restarted without a clock", true, 4, 5, 256, START, 0, 4},
		{"restarted, then a day", true, 4, 5, 256, START + 24 * HOUR, 20000, 4},
	};
	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct store store;
		uint32_t items[SPOOL_BATCH_MAX], count = 99;
		unlink(RIG_FILE);
		rig_open(&store);
		for (uint64_t number = 0; number < rows[i].held; number++)
			rig_append(&store, 0, number);
		if (rows[i].is_restarted) {
			store_close(&store);
			rig_open(&store);
		}
		struct store_now now = {rows[i].boottime_ms, rows[i].day};
		assert_int_equal(store_pick(&store, now, 0, rig_period, rows[i].min, rows[i].max, items, &count),
				 ERR_OK);
		if (count != rows[i].expected)
			fail_msg("%s: %u", rows[i].name, count);
		const uint8_t other[SPOOL_PERIOD_BYTES] = {9};
		assert_int_equal(store_pick(&store, now, 0, other, 0, 1, items, &count), ERR_OK);
		assert_int_equal(count, 0);
		store_close(&store);
	}
}

/* Filing starts the wait of what is left afresh, and what is given out already makes no late one a group of one. */
static void test_wait_again(void **state)
{
	const struct store_now later = {rig_now.boottime_ms + 24 * 3600 * 1000, rig_now.day + 1};
	struct store store;
	uint32_t items[SPOOL_BATCH_MAX], count;
	uint64_t tokens[2];
	(void) state;
	rig_open(&store);
	for (uint64_t number = 0; number < 2; number++)
		rig_append(&store, 0, number);
	unsigned seat = held_seat_take(&store.held);
	assert_int_equal(store_pick(&store, later, seat, rig_period, 5, 256, items, &count), ERR_OK);
	assert_int_equal(count, 2);
	for (uint32_t i = 0; i < count; i++)
		assert_int_equal(held_give(&store.held, seat, items[i], &tokens[i]), ERR_OK);
	rig_append(&store, 0, 2);
	assert_int_equal(store_pick(&store, later, seat, rig_period, 5, 256, items + 2, &count), ERR_OK);
	assert_int_equal(count, 0);
	assert_int_equal(store_file(&store, later, 1, items, 2), ERR_OK);
	assert_int_equal(store_pick(&store, later, seat, rig_period, 5, 256, items, &count), ERR_OK);
	assert_int_equal(count, 0);
	store_close(&store);

	/* That is on disk too: the day is that of the filing. */
	rig_open(&store);
	assert_int_equal(store.held.periods[0].day, later.day);
	store_close(&store);
}

/* ---- generations and serials ---- */

static void test_generation(void **state)
{
	static const uint8_t first[SPOOL_GENERATION_BYTES] = "first", second[SPOOL_GENERATION_BYTES] = "second";
	struct store store;
	bool is_new;
	uint32_t items[2];
	uint64_t token;
	(void) state;
	rig_open(&store);
	assert_int_equal(store_generation(&store, rig_now, first, &is_new), ERR_OK);
	assert_true(is_new);
	for (uint64_t number = 0; number < 2; number++)
		rig_append(&store, 0, number);
	items[0] = rig_find(&store, 0);
	items[1] = rig_find(&store, 1);
	assert_int_equal(store_file(&store, rig_now, 1, items, 2), ERR_OK);
	assert_int_equal(store_generation(&store, rig_now, first, &is_new), ERR_OK);
	assert_false(is_new);
	assert_int_equal(store.held.marks.count, 2);
	store_close(&store);

	rig_open(&store);
	rig_append(&store, 0, 2);
	unsigned seat = held_seat_take(&store.held);
	assert_int_equal(held_give(&store.held, seat, rig_find(&store, 2), &token), ERR_OK);
	const struct store_now later = {rig_now.boottime_ms, rig_now.day + 5};
	assert_int_equal(store_generation(&store, later, second, &is_new), ERR_OK);
	assert_true(is_new);
	assert_int_equal(held_find(&store.held, seat, token), HELD_NONE);
	store_close(&store);

	rig_open(&store); /* it was durable */
	assert_memory_equal(store.generation, second, sizeof second);
	assert_int_equal(store.held.marks.count, 0);
	assert_int_equal(store.held.waiting, 3);
	uint32_t dropped;
	assert_int_equal(store_drop(&store, UINT64_MAX, 64, &dropped), ERR_OK);
	assert_int_equal(dropped, 0);
	store_close(&store);
}

static void test_serials(void **state)
{
	static const struct {
		const char *name;
		uint64_t catalogue, keyset, expected_catalogue, expected_keyset;
	} rows[] = {
		{"first", 3, 1, 3, 1},
		{"lower", 2, 0, 3, 1},
		{"one higher", 2, 4, 3, 4},
		{"same", 3, 4, 3, 4},
		{"past 63 bits", UINT64_MAX, 1ULL << 63, UINT64_MAX, 1ULL << 63},
		{"lower again", 1, 1, UINT64_MAX, 1ULL << 63},
	};
	struct store store;
	(void) state;
	rig_open(&store);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		store_seen(&store, rows[i].catalogue, rows[i].keyset);
		assert_int_equal(store_commit(&store), ERR_OK);
		store_close(&store);
		rig_open(&store);
		if (store.catalogue != rows[i].expected_catalogue || store.keyset != rows[i].expected_keyset)
			fail_msg("%s", rows[i].name);
	}
	store_close(&store);
}

/* ---- failures ---- */

/* The index in memory must say what the file says, whatever failed. */
static void check_same(struct store *store, uint64_t waiting, uint32_t marks)
{
	assert_int_equal(store->held.waiting, waiting);
	assert_int_equal(store->held.marks.count, marks);
	store_close(store);
	rig_open(store);
	assert_int_equal(store->held.waiting, waiting);
	assert_int_equal(store->held.marks.count, marks);
}

/* Reopened, the file holds all of the group or nothing of it; all, when that was said. After a fatal failure nobody knows
 * which, so the spooler stops. */
static void check_whole(struct store *store, enum err append)
{
	uint64_t found = 0;
	store_close(store);
	rig_open(store);
	for (uint64_t number = 2; number < 10; number++)
		assert_int_not_equal(rig_find(store, number), HELD_NONE);
	for (uint64_t number = 10; number < 20; number++)
		found += rig_find(store, number) != HELD_NONE;
	assert_true(found == 10 || (found == 0 && append != ERR_OK));
	assert_true(found == 0 || append == ERR_OK || store_is_fatal(append));
}

static void test_failures(void **state)
{
	static const struct {
		const char *name;
		int code;
		bool is_sync;
		enum err expected;
	} rows[] = {
		{"full", SQLITE_FULL, false, ERR_FULL},
		{"read-only", SQLITE_READONLY, false, ERR_DENIED},
		{"write error", SQLITE_IOERR_WRITE, false, ERR_IO},
		{"sync error", SQLITE_IOERR_FSYNC, true, ERR_IO},
	};
	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		bool is_over = false;
		/* The n-th call fails, for every n until the whole transaction gets through. */
		for (int n = 0; !is_over; n++) {
			struct store store;
			uint32_t items[2], dropped;
			unlink(RIG_FILE);
			rig_open(&store);
			for (uint64_t number = 0; number < 10; number++)
				rig_append(&store, (unsigned) (number % 4), number);
			items[0] = rig_find(&store, 0);
			items[1] = rig_find(&store, 1);
			assert_int_equal(store_file(&store, rig_now, 1, items, 1), ERR_OK);

			rig_fail(rows[i].code, n, rows[i].is_sync);
			for (uint64_t number = 10; number < 20; number++) {
				size_t length = rig_envelope(buffer, (unsigned) (number % 4), number);
				assert_int_equal(store_append(&store, rig_now, buffer, length), ERR_OK);
			}
			store_seen(&store, 7, 7);
			enum err append = store_commit(&store);
			bool is_append_failed = rig_fault.calls > n;
			enum err file = store_file(&store, rig_now, 1, items + 1, 1);
			enum err drop = store_drop(&store, 0, 64, &dropped);
			if (file == ERR_OK)
				drop = store_drop(&store, 1, 64, &dropped);
			bool is_failed = rig_fault.calls > n;
			rig_fail(SQLITE_OK, 0, rows[i].is_sync);

			if (is_append_failed != (append != ERR_OK) || (append != ERR_OK && append != rows[i].expected))
				fail_msg("%s at %d: append gave %d", rows[i].name, n, (int) append);
			if (is_failed != (append != ERR_OK || file != ERR_OK || drop != ERR_OK))
				fail_msg("%s at %d: %d %d %d", rows[i].name, n, (int) append, (int) file, (int) drop);
			if (append != ERR_OK)
				assert_int_equal(store.catalogue, 0);
			bool is_dropped = file == ERR_OK && drop == ERR_OK;
			uint64_t waiting = 9u + (append == ERR_OK ? 10u : 0u) - (file == ERR_OK ? 1u : 0u);
			if (rows[i].expected != ERR_IO || !is_failed)
				check_same(&store, waiting, is_dropped ? 0 : 1u + (file == ERR_OK));
			check_whole(&store, append);
			store_close(&store);
			/* SQLite says READONLY before the first write or not at all; later it is an IOERR. */
			is_over = !is_failed || rows[i].code == SQLITE_READONLY;
			assert_true(n < 2000); /* how many calls there are is chance: some 150 to 210 */
		}
	}
}

/* After a full or a read-only disk the same connection works again; nobody has to restart anything. */
static void test_recovers(void **state)
{
	static const int codes[] = {SQLITE_FULL, SQLITE_READONLY};
	struct store store;
	uint64_t number = 0;
	(void) state;
	rig_open(&store);
	for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
		rig_append(&store, 0, number++);
		rig_fail(codes[i], 0, false);
		size_t length = rig_envelope(buffer, 0, 99);
		for (int again = 0; again < 3; again++) {
			assert_int_equal(store_append(&store, rig_now, buffer, length), ERR_OK);
			enum err error = store_commit(&store);
			assert_int_not_equal(error, ERR_OK);
			assert_false(store_is_fatal(error));
			assert_true(store.is_troubled);
		}
		rig_fail(SQLITE_OK, 0, false);
		rig_append(&store, 0, number++);
		assert_false(store.is_troubled);
	}
	check_same(&store, 4, 0);
	assert_int_equal(rig_find(&store, 99), HELD_NONE);
	store_close(&store);
}

/* A file that is moved away while it is open takes nothing more. */
static void test_moved(void **state)
{
	struct store store;
	(void) state;
	rig_open(&store);
	rig_append(&store, 0, 0);
	assert_int_equal(rename(RIG_FILE, "other"), 0);
	size_t length = rig_envelope(buffer, 0, 1);
	assert_int_equal(store_append(&store, rig_now, buffer, length), ERR_OK);
	enum err error = store_commit(&store);
	assert_int_equal(error, ERR_IO);
	assert_true(store_is_fatal(error));
	store_close(&store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_peek, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_group, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_marks_follow, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_drop_in_steps, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_filed_twice, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_waits, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_wait_again, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_generation, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_serials, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_failures, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_recovers, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_moved, rig_setup, rig_teardown),
	};
	rig_vfs_install();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
