/* SPDX-License-Identifier: MIT */
/* order_test.c: nothing in the raw bytes of the office tells in which order responses came.
 *
 * 500 responses with markers in answers, free text and apart answers are filed in batches of 5, as the collector does it,
 * and each marker's byte offset is held against its arrival. Without the rebuilding the same measure must find the order,
 * or the test would prove nothing. */
#include "unit/lib/office/fixture.h"

#include <math.h>

enum { ARRIVALS = 500, BATCH = 5, KINDS = 3 };

static const double rho_max = 0.15; /* at 500, chance alone passes this about once in 1,200 times */
static const char *const kinds[KINDS] = {"answers", "text", "apart"};

static void marker(unsigned arrival, size_t kind, char out[16])
{
	/* The same length for all, no marker within another, and no order of its own. */
	snprintf(out, 16, "m%c%05uz", "ntp"[kind], arrival * 7919u % 100003u);
}

static char *read_whole(const char *path, size_t *length)
{
	FILE *file = fopen(path, "rb");
	assert_non_null(file);
	assert_int_equal(fseek(file, 0, SEEK_END), 0);
	*length = (size_t) ftell(file);
	rewind(file);
	char *bytes = malloc(*length);
	assert_non_null(bytes);
	assert_int_equal(fread(bytes, 1, *length, file), *length);
	fclose(file);
	return bytes;
}

static int by_value(const void *left, const void *right)
{
	const double *a = left, *b = right;
	return (*a > *b) - (*a < *b);
}

/* Spearman between arrival 0..count-1 and VALUES, which are all different. */
static double spearman(const double *values, size_t count)
{
	double *sorted = malloc(count * sizeof(*sorted));
	assert_non_null(sorted);
	memcpy(sorted, values, count * sizeof(*sorted));
	qsort(sorted, count, sizeof(*sorted), by_value);
	double sum = 0;
	for (size_t i = 0; i < count; i++) {
		const double *found = bsearch(&values[i], sorted, count, sizeof(*sorted), by_value);
		double difference = (double) (found - sorted) - (double) i;
		sum += difference * difference;
	}
	free(sorted);
	double n = (double) count;
	return 1 - 6 * sum / (n * (n * n - 1));
}

/* The greatest correlation of the three kinds among the first COUNT arrivals. */
static double measure(struct fixture *fixture, size_t count, const char *when)
{
	size_t length;
	char *bytes = read_whole(fixture->path, &length);
	double worst = 0;
	for (size_t kind = 0; kind < KINDS; kind++) {
		double offsets[ARRIVALS];
		for (unsigned i = 0; i < count; i++) {
			char text[16];
			marker(i, kind, text);
			const char *found = memmem(bytes, length, text, strlen(text));
			assert_non_null(found);
			offsets[i] = (double) (found - bytes);
			/* Once: no old copy lies about. */
			size_t rest = length - (size_t) (found + 1 - bytes);
			assert_null(memmem(found + 1, rest, text, strlen(text)));
		}
		double rho = spearman(offsets, count);
		print_message("# %s, %zu responses, %s: rho %+.3f\n", when, count, kinds[kind], rho);
		worst = fmax(worst, fabs(rho));
	}
	free(bytes);
	return worst;
}

static void file_batch(struct fixture *fixture, struct office *office, unsigned first)
{
	assert_int_equal(office_begin(office), ERR_OK);
	for (unsigned i = first; i < first + BATCH; i++) {
		char texts[KINDS][16], answers[64], apart[64];
		enum office_filed result;
		for (size_t kind = 0; kind < KINDS; kind++)
			marker(i, kind, texts[kind]);
		snprintf(answers, sizeof(answers), "{\"overall\":\"%s\"}", texts[0]);
		snprintf(apart, sizeof(apart), "{\"age_band\":\"%s\"}", texts[2]);
		struct fixture_letter letter = {.person = i, .answers = answers, .apart = apart, .text = texts[1]};
		assert_int_equal(fixture_put(fixture, office, &letter, &result), ERR_OK);
		assert_int_equal(result, OFFICE_FILED_NEW);
	}
	assert_int_equal(office_commit(office), ERR_OK);
}

/* A fresh office each time: a chance excess in one run is told from a leak by a second. */
static double run(bool is_reordered)
{
	void *state;
	bool is_done;
	double worst = 0;
	fixture_set_up(&state);
	struct fixture *fixture = state;
	struct office *office = fixture_open_as(fixture, OFFICE_COLLECTOR);
	for (unsigned i = 0; i < ARRIVALS; i += BATCH) {
		file_batch(fixture, office, i);
		if (is_reordered) {
			assert_int_equal(office_reorder(office, false, &is_done), ERR_OK);
			assert_true(is_done);
		}
	}
	worst = measure(fixture, ARRIVALS, is_reordered ? "rebuilt" : "as it came");
	office_close(office);
	fixture_tear_down(&state);
	return worst;
}

static void the_raw_file_tells_no_order(void **state)
{
	(void) state;
	assert_true(run(true) <= rho_max || run(true) <= rho_max);
}

static void the_measure_finds_an_order(void **state)
{
	(void) state;
	assert_true(run(false) > rho_max);
}

/* The last batch may not stand out either: its rows must not be the lowest of their pages. */
static void the_last_batch_hides(void **state)
{
	struct fixture *fixture = *state;
	bool is_done;
	unsigned lowest = 0;
	enum { ROUNDS = 60 };
	for (unsigned i = 0; i < ROUNDS * BATCH; i += BATCH) {
		file_batch(fixture, fixture->office, i);
		assert_int_equal(office_reorder(fixture->office, false, &is_done), ERR_OK);
		size_t length;
		char *bytes = read_whole(fixture->path, &length);
		const char *first = NULL;
		bool is_last = false;
		for (unsigned arrival = 0; arrival < i + BATCH; arrival++) {
			char text[16];
			marker(arrival, 0, text);
			const char *found = memmem(bytes, length, text, strlen(text));
			assert_non_null(found);
			if (first == NULL || found < first) {
				first = found;
				is_last = arrival >= i;
			}
		}
		lowest += is_last;
		free(bytes);
	}
	print_message("# the lowest marker was of the last batch in %u of %d rounds\n", lowest, ROUNDS);
	/* By chance 1 + 1/2 + ... + 1/60, about 4.7; left as they come it would be nearly all. */
	assert_true(lowest < 20);
}

static void a_rebuild_waits_for_its_turn(void **state)
{
	struct fixture *fixture = *state;
	bool is_done = true;
	assert_int_equal(office_reorder(fixture->office, true, &is_done), ERR_OK);
	assert_false(is_done); /* nothing was filed */
	fixture_file(fixture, (struct fixture_letter){.person = 1});
	assert_int_equal(fixture_number(fixture, "SELECT unordered FROM meta"), 1);
	assert_int_equal(office_reorder(fixture->office, false, &is_done), ERR_OK);
	assert_true(is_done);
	assert_int_equal(fixture_number(fixture, "SELECT unordered FROM meta"), 0);
	assert_int_equal(fixture_number(fixture, "PRAGMA page_size"), 65536);
}

static void put_large(struct fixture *fixture, unsigned first, unsigned count)
{
	size_t size = 60000;
	char *envelope = malloc(size);
	assert_non_null(envelope);
	memset(envelope, 'q', size);
	assert_int_equal(office_begin(fixture->office), ERR_OK);
	for (unsigned i = first; i < first + count; i++) {
		memcpy(envelope, &i, sizeof(i));
		assert_int_equal(office_file_quarantine(fixture->office, "forged", envelope, size), ERR_OK);
	}
	assert_int_equal(office_commit(fixture->office), ERR_OK);
	free(envelope);
}

static void a_large_file_is_rebuilt_by_quarters(void **state)
{
	struct fixture *fixture = *state;
	bool is_done;
	put_large(fixture, 0, 400);
	assert_int_equal(office_reorder(fixture->office, true, &is_done), ERR_OK);
	assert_true(is_done);
	assert_true(fixture_number(fixture, "SELECT page_count * 65536 FROM pragma_page_count") > OFFICE_SMALL_BYTES);
	put_large(fixture, 400, 49);
	assert_int_equal(office_reorder(fixture->office, false, &is_done), ERR_OK);
	assert_false(is_done);
	put_large(fixture, 449, 60); /* 109 of 509: not yet a quarter */
	assert_int_equal(office_reorder(fixture->office, false, &is_done), ERR_OK);
	assert_false(is_done);
	put_large(fixture, 509, 30); /* 139 of 539 */
	assert_int_equal(office_reorder(fixture->office, false, &is_done), ERR_OK);
	assert_true(is_done);
	put_large(fixture, 539, 1);
	assert_int_equal(office_reorder(fixture->office, true, &is_done), ERR_OK);
	assert_true(is_done); /* the collector has nothing else to do */
}

static void a_reader_only_delays_it(void **state)
{
	struct fixture *fixture = *state;
	bool is_done = true;
	fixture_file(fixture, (struct fixture_letter){.person = 1});
	sqlite3 *db = NULL;
	assert_int_equal(sqlite3_open_v2(fixture->path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "BEGIN; SELECT count(*) FROM event", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(office_reorder(fixture->office, true, &is_done), ERR_BUSY);
	assert_false(is_done);
	sqlite3_close(db);
	assert_int_equal(office_reorder(fixture->office, true, &is_done), ERR_OK);
	assert_true(is_done);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_raw_file_tells_no_order),
		cmocka_unit_test(the_measure_finds_an_order),
		cmocka_unit_test_setup_teardown(the_last_batch_hides, fixture_set_up, fixture_tear_down),
		cmocka_unit_test_setup_teardown(a_rebuild_waits_for_its_turn, fixture_set_up, fixture_tear_down),
		cmocka_unit_test_setup_teardown(a_large_file_is_rebuilt_by_quarters, fixture_set_up, fixture_tear_down),
		cmocka_unit_test_setup_teardown(a_reader_only_delays_it, fixture_set_up, fixture_tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
