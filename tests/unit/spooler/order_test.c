/* SPDX-License-Identifier: MIT */
/* order_test.c: what the raw spool file tells about order: nothing; and about what was let go: nothing either.
 *
 * The bounds: over n random orders Spearman's coefficient has a standard deviation of 1 / sqrt(n - 1), so 0.2 of 500 and 0.75
 * of 40 are each about four and a half of them: a chance of one in a hundred thousand to fail without a fault. */
#include "unit/spooler/store_rig.h"

enum { ORDER_MAX = 500 };

static int64_t offsets[ORDER_MAX];

/* The same table without the exchange: here the search must find the order, or it would find none anywhere. Rows of 16 KiB
 * spill into pages that are taken one after the other. */
static void test_control(void **state)
{
	enum { COUNT = 40 };
	static uint8_t envelope[SPOOL_ENVELOPE_MAX];
	struct store store;
	sqlite3 *db = NULL;
	sqlite3_stmt *insert = NULL;
	(void) state;
	rig_open(&store); /* makes the file */
	store_close(&store);
	assert_int_equal(sqlite3_open(RIG_FILE, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, "INSERT INTO envelope VALUES (?1, x'0102030405060708', 2, ?2)", -1,
					    &insert, NULL),
			 SQLITE_OK);
	for (uint64_t number = 0; number < COUNT; number++) {
		size_t length = rig_envelope(envelope, 2, number);
		sqlite3_bind_int64(insert, 1, random_key());
		sqlite3_bind_blob(insert, 2, envelope, (int) length, SQLITE_STATIC);
		assert_int_equal(sqlite3_step(insert), SQLITE_DONE);
		sqlite3_reset(insert);
	}
	sqlite3_finalize(insert);
	sqlite3_close(db);
	assert_int_equal(rig_offsets(RIG_FILE, offsets, COUNT), COUNT);
	assert_true(fabs(rig_spearman(offsets, COUNT)) > 0.9);
}

static const struct order_row {
	const char *name;
	unsigned bucket;
	size_t count;
	double bound;
} rows[] = {
	{"500 of 1 KiB", 0, 500, 0.2},  {"500 of 4 KiB", 1, 500, 0.2}, {"500 of 16 KiB", 2, 500, 0.2},
	{"500 of 64 KiB", 3, 500, 0.2}, {"40 of 1 KiB", 0, 40, 0.75},  {"40 of 4 KiB", 1, 40, 0.75},
};

static void check_bound(const char *what, const struct order_row *row)
{
	double rho = rig_spearman(offsets, row->count);
	print_message("%s: %s: %.3f\n", row->name, what, rho);
	if (fabs(rho) > row->bound)
		fail_msg("%s: %s correlates: %.3f", row->name, what, rho);
}

/* Arrival against place in the file, and against the key; one copy of each. Then half are dropped: none of those is left
 * anywhere, and the others still lie in no order. */
static void test_arrival(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct store store;
		uint32_t items[ORDER_MAX], dropped;
		unlink(RIG_FILE);
		rig_open(&store);
		for (uint64_t number = 0; number < rows[i].count; number++)
			rig_append(&store, rows[i].bucket, number);
		assert_int_equal(rig_offsets(RIG_FILE, offsets, rows[i].count), rows[i].count);
		check_bound("place of arrival", &rows[i]);
		for (uint32_t item = 0; item < rows[i].count; item++) /* items are numbered as they come */
			offsets[item] = store.held.items[item].key;
		check_bound("key of arrival", &rows[i]);

		for (uint32_t item = 0; item < rows[i].count; item++)
			items[item] = item;
		for (uint32_t item = 0; item < rows[i].count / 2; item++)
			assert_int_equal(store_file(&store, rig_now, 1, items + item, 1), ERR_OK);
		do
			assert_int_equal(store_drop(&store, 1, 64, &dropped), ERR_OK);
		while (dropped > 0);
		for (bool is_more = true; is_more;)
			assert_int_equal(store_trim(&store, &is_more), ERR_OK);
		assert_int_equal(rig_offsets(RIG_FILE, offsets, rows[i].count), rows[i].count - rows[i].count / 2);
		for (size_t number = 0; number < rows[i].count / 2; number++)
			assert_int_equal(offsets[number], -1);
		assert_int_equal(rig_offsets(RIG_FILE "-journal", offsets, rows[i].count), 0);
		store_close(&store);
	}
}

/* Where the mark of an item lies in the file: its key, as 8 bytes, is nowhere else. */
static int64_t order_mark(const uint8_t *file, size_t size, int64_t key)
{
	uint8_t bytes[8];
	for (int i = 0; i < 8; i++)
		bytes[i] = (uint8_t) ((uint64_t) key >> (56 - 8 * i));
	const uint8_t *at = memmem(file, size, bytes, sizeof bytes);
	assert_non_null(at);
	return at - file;
}

/* The order of filing against the place of the mark and its slot; batches are small where few come, so that it would be
 * nearly the order of arrival. */
static void test_filing(void **state)
{
	static const struct order_row row = {"500 marks", 0, 500, 0.2};
	static uint8_t file[8 * 1024 * 1024];
	struct store store;
	(void) state;
	rig_open(&store);
	for (uint64_t number = 0; number < row.count; number++)
		rig_append(&store, row.bucket, number);
	for (uint32_t item = 0; item < row.count; item++)
		assert_int_equal(store_file(&store, rig_now, item / 100, &item, 1), ERR_OK);
	int fd = open(RIG_FILE, O_RDONLY);
	ssize_t size = read(fd, file, sizeof file);
	close(fd);
	assert_true(size > 0 && (size_t) size < sizeof file);
	for (uint32_t item = 0; item < row.count; item++)
		offsets[item] = order_mark(file, (size_t) size, store.held.items[item].key);
	check_bound("place of the mark", &row);
	for (uint32_t item = 0; item < row.count; item++)
		offsets[item] = store.held.items[item].slot;
	check_bound("slot of the mark", &row);
	store_close(&store);
}

/* What a batch gives, against arrival. */
static void test_giving(void **state)
{
	static const struct order_row row = {"a batch of 256", 0, 256, 0.28};
	struct store store;
	uint32_t items[SPOOL_BATCH_MAX], count;
	(void) state;
	rig_open(&store);
	for (uint64_t number = 0; number < 300; number++)
		rig_append(&store, row.bucket, number);
	assert_int_equal(store_pick(&store, rig_now, 0, rig_period, 5, 256, items, &count), ERR_OK);
	assert_int_equal(count, 256);
	for (uint32_t i = 0; i < count; i++)
		offsets[i] = items[i];
	check_bound("order of giving", &row);
	store_close(&store);
}

/* The file gives room back when what it held is gone. */
static void test_shrinks(void **state)
{
	struct store store;
	struct stat full, empty;
	uint32_t dropped;
	(void) state;
	rig_open(&store);
	for (uint64_t number = 0; number < 100; number++)
		rig_append(&store, 3, number);
	assert_int_equal(stat(RIG_FILE, &full), 0);
	for (uint32_t item = 0; item < 100; item++)
		assert_int_equal(store_file(&store, rig_now, 1, &item, 1), ERR_OK);
	for (int i = 0; i < 2; i++)
		assert_int_equal(store_drop(&store, 1, 64, &dropped), ERR_OK);
	for (bool is_more = true; is_more;)
		assert_int_equal(store_trim(&store, &is_more), ERR_OK);
	assert_int_equal(stat(RIG_FILE, &empty), 0);
	assert_true(full.st_size > 6 * 1024 * 1024);
	assert_true(empty.st_size < 1024 * 1024);
	store_close(&store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_control, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_arrival, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_filing, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_giving, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_shrinks, rig_setup, rig_teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
