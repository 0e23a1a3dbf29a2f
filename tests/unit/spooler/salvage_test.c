/* SPDX-License-Identifier: MIT */
/* salvage_test.c: what pages_read finds in spool files of the real store after every kind of damage: each envelope whose own
 * pages are whole, byte for byte, whatever else is lost; and after a failed write, everything that was acknowledged before. */
#include "unit/spooler/store_rig.h"

#include "lib/spool/pages.h"

enum { ENVELOPES = 500, PAGE = 4096, HEAD = 120, TOKEN = 16, ROUNDS = 12 };

static uint8_t *made[ENVELOPES]; /* what was appended */
static size_t lengths[ENVELOPES];
static bool is_found[ENVELOPES];
static uint8_t *whole; /* the spool file before any damage */
static size_t whole_length;
static struct pages_report report;
static unsigned stale; /* of those that are none, how many begin as one that was made, and end as something else */

static unsigned bucket_of(unsigned number)
{
	return number % 50 == 0 ? 3 : number % 17 == 0 ? 2 : number % 8 == 0 ? 1 : 0;
}

/* Bytes that tell in every page which envelope they are of: "<E000123>" and chance. */
static size_t make(uint8_t *out, unsigned bucket, unsigned number)
{
	size_t length = rig_envelope(out, bucket, number);
	for (size_t at = HEAD; at + TOKEN <= length; at += TOKEN) {
		char token[TOKEN];
		snprintf(token, sizeof token, "<E%06u>", number);
		memcpy(out + at, token, 9);
	}
	return length;
}

static void put_file(const char *path, const uint8_t *bytes, size_t length)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, length), (ssize_t) length);
	close(fd);
}

static uint8_t *get_file(const char *path, size_t *length)
{
	struct stat status;
	int fd = open(path, O_RDONLY);
	assert_true(fd >= 0 && fstat(fd, &status) == 0);
	uint8_t *bytes = malloc((size_t) status.st_size + 1);
	assert_non_null(bytes);
	assert_int_equal(read(fd, bytes, (size_t) status.st_size), status.st_size);
	close(fd);
	*length = (size_t) status.st_size;
	return bytes;
}

/* Fills the spool file; its bytes are in WHOLE. */
static int setup(void **state)
{
	struct store store;
	rig_setup(state);
	rig_open(&store);
	store_seen(&store, 41, 7);
	for (unsigned number = 0; number < ENVELOPES; number++) {
		made[number] = malloc(SPOOL_ENVELOPE_MAX);
		assert_non_null(made[number]);
		lengths[number] = make(made[number], bucket_of(number), number);
		assert_int_equal(store_append(&store, rig_now, made[number], lengths[number]), ERR_OK);
		if (number % 10 == 9)
			assert_int_equal(store_commit(&store), ERR_OK);
	}
	store_close(&store);
	whole = get_file(RIG_FILE, &whole_length);
	assert_int_equal(whole_length % PAGE, 0);
	return 0;
}

static int teardown(void **state)
{
	for (unsigned number = 0; number < ENVELOPES; number++)
		free(made[number]);
	free(whole);
	return rig_teardown(state);
}

static enum err take(void *context, const uint8_t *envelope, size_t length)
{
	unsigned *foreign = context;
	unsigned number = 0;
	for (size_t i = 0; i < 6; i++)
		number = number * 10 + (unsigned) (envelope[122 + i] - '0');
	bool is_known = number < ENVELOPES && length == lengths[number];
	if (is_known && memcmp(envelope, made[number], length) == 0) {
		is_found[number] = true;
		return ERR_OK;
	}
	(*foreign)++;
	stale += is_known && memcmp(envelope, made[number], HEAD) == 0;
	return ERR_OK;
}

static unsigned salvage(void)
{
	unsigned foreign = 0;
	memset(is_found, 0, sizeof is_found);
	stale = 0;
	assert_int_equal(pages_read(RIG_FILE, take, &foreign, &report), ERR_OK);
	return foreign;
}

/* Marks in IS_HIT the envelopes of which any byte lies in page NUMBER, from 0. */
static void hit(bool *is_hit, size_t number)
{
	const uint8_t *at = whole + number * PAGE, *end = at + PAGE;
	while ((at = memmem(at, (size_t) (end - at), "<E", 2)) != NULL && end - at >= 9) {
		unsigned envelope = 0;
		for (size_t i = 0; i < 6; i++)
			envelope = envelope * 10 + (unsigned) (at[2 + i] - '0');
		if (at[8] == '>' && envelope < ENVELOPES)
			is_hit[envelope] = true;
		at += 2;
	}
}

static unsigned check(const char *name, const bool *is_hit)
{
	unsigned foreign = salvage(), lost = 0;
	for (unsigned number = 0; number < ENVELOPES; number++) {
		lost += !is_found[number];
		if (!is_found[number] && !is_hit[number])
			fail_msg("%s: %u lies on no damaged page and is lost", name, number);
	}
	print_message("%s: %u of %d back, %u that are none\n", name, ENVELOPES - lost, ENVELOPES, foreign);
	return foreign;
}

static void damage_zeros(uint8_t *page)
{
	memset(page, 0, PAGE);
}
static void damage_noise(uint8_t *page)
{
	random_bytes(page, PAGE);
}
static void damage_sector(uint8_t *page)
{
	memset(page + random_below(8) * 512, 0, 512);
}
static void damage_head(uint8_t *page)
{
	random_bytes(page, 12);
}

static void test_whole(void **state)
{
	static const bool none[ENVELOPES];
	(void) state;
	assert_int_equal(check("whole", none), 0);
	assert_int_equal(report.envelopes, ENVELOPES);
	assert_int_equal(report.broken, 0);
	assert_true(report.has_serials);
	assert_int_equal(report.catalogue, 41);
	assert_int_equal(report.keyset, 7);
}

/* Where a beginning of BYTES fits between the rows' places and the rows of a leaf; NULL where it does not. */
static uint8_t *gap_of(uint8_t *page, size_t bytes)
{
	size_t places = 8 + 2 * (size_t) (page[3] << 8 | page[4]), rows = (size_t) (page[5] << 8 | page[6]);
	return page[0] == 0x0D && places < rows && rows - places >= bytes + TOKEN ? page + rows - bytes : NULL;
}

/* A beginning in every gap, whose end is another row, as SQLite leaves it there where lib/sqlite does not write the pages: none is
 * taken for the one that it was, and each that was made is found. */
static void test_moved(void **state)
{
	enum { BEGINNING = HEAD + TOKEN };
	static const bool none[ENVELOPES];
	(void) state;
	uint8_t *bytes = malloc(whole_length);
	unsigned gaps = 0;
	assert_non_null(bytes);
	memcpy(bytes, whole, whole_length);
	for (size_t number = 1; number < whole_length / PAGE; number++) {
		uint8_t *gap = gap_of(bytes + number * PAGE, BEGINNING);
		if (gap != NULL) {
			memcpy(gap, made[1], BEGINNING); /* of the smallest */
			gaps++;
		}
	}
	put_file(RIG_FILE, bytes, whole_length);
	unsigned foreign = check("beginnings in gaps", none);
	print_message("%u gaps\n", gaps);
	assert_true(gaps > 20 && stale > 20 && foreign >= stale);
	free(bytes);
}

/* K pages anywhere, the first among them too. */
static void test_pages(void **state)
{
	static const struct {
		const char *name;
		void (*damage)(uint8_t *page);
	} kinds[] = {{"zeros", damage_zeros},
		     {"noise", damage_noise},
		     {"a sector of zeros", damage_sector},
		     {"noise in the page's head", damage_head}};
	(void) state;
	uint8_t *bytes = malloc(whole_length);
	assert_non_null(bytes);
	for (size_t kind = 0; kind < sizeof kinds / sizeof kinds[0]; kind++)
		for (unsigned k = 1; k <= ROUNDS; k += k < 4 ? 1 : 4) {
			bool is_hit[ENVELOPES] = {false};
			memcpy(bytes, whole, whole_length);
			for (unsigned i = 0; i < k; i++) {
				size_t number = i == 0 && k > 1 ? 0 : (size_t) random_below(whole_length / PAGE);
				kinds[kind].damage(bytes + number * PAGE);
				hit(is_hit, number);
			}
			put_file(RIG_FILE, bytes, whole_length);
			check(kinds[kind].name, is_hit);
		}
	free(bytes);
}

/* Whatever SQLite needs to find its way, and this does not. */
static void test_shapes(void **state)
{
	(void) state;
	bool is_hit[ENVELOPES] = {false};
	uint8_t *bytes = malloc(whole_length);
	assert_non_null(bytes);
	memcpy(bytes, whole, whole_length);
	memcpy(bytes + 16, "\x20\x00", 2);
	put_file(RIG_FILE, bytes, whole_length);
	check("a header that names another page size", is_hit);

	for (size_t number = 0; number < whole_length / PAGE; number++)
		if (bytes[number * PAGE] == 5) /* a table's interior pages */
			memset(bytes + number * PAGE, 0, PAGE);
	put_file(RIG_FILE, bytes, whole_length);
	check("no interior page", is_hit);

	put_file(RIG_FILE, whole, whole_length / 2 + 100);
	for (size_t number = whole_length / PAGE / 2; number < whole_length / PAGE; number++)
		hit(is_hit, number);
	check("cut in the middle of a page", is_hit);

	put_file(RIG_FILE, bytes, 0);
	assert_int_equal(salvage(), 0);
	assert_int_equal(report.envelopes, 0);
	free(bytes);
}

/* The journal that a group leaves whose N-th write fails, and all after it. NULL when it leaves none. */
static uint8_t *get_journal(int n, size_t *length)
{
	static uint8_t envelope[SPOOL_ENVELOPE_MAX];
	struct store store;
	struct stat status;
	unlink(RIG_FILE);
	unlink(RIG_FILE "-journal");
	rig_open(&store);
	for (unsigned number = 0; number < 40; number++)
		rig_append(&store, 0, number);
	rig_fail(SQLITE_IOERR_WRITE, n, false);
	for (unsigned number = 0; number < 40; number++)
		assert_int_equal(store_append(&store, rig_now, envelope, rig_envelope(envelope, 0, number)), ERR_OK);
	assert_int_equal(store_commit(&store), ERR_IO);
	uint8_t *journal = NULL;
	if (stat(RIG_FILE "-journal", &status) == 0 && status.st_size > PAGE)
		journal = get_file(RIG_FILE "-journal", length);
	store_close(&store);
	rig_fail(SQLITE_OK, 0, false);
	return journal;
}

/* A journal that is none of this file's, and one that is noise: the file's own envelopes are found all the same. */
static void test_foreign_journal(void **state)
{
	static const bool none[ENVELOPES];
	uint8_t *journal = NULL;
	size_t length = 0;
	(void) state;
	for (int n = 0; journal == NULL; n++) {
		assert_true(n < 200);
		journal = get_journal(n, &length);
	}
	put_file(RIG_FILE, whole, whole_length);
	put_file(RIG_FILE "-journal", journal, length);
	check("the journal of another file", none);
	random_bytes(journal + 28, length - 28);
	put_file(RIG_FILE "-journal", journal, length);
	check("a journal of noise", none);
	free(journal);
}

/* Writing fails from the n-th call on, for every n until a group gets through: what was acknowledged before is in the file or
 * in the journal, wherever the change had come to. */
static void test_half_written(void **state)
{
	(void) state;
	unsigned failures = 0, hot = 0, lost_without = 0;
	for (int n = 0;; n++) {
		struct store store;
		static uint8_t envelope[SPOOL_ENVELOPE_MAX];
		struct stat status;
		put_file(RIG_FILE, whole, whole_length);
		unlink(RIG_FILE "-journal");
		rig_open(&store);
		rig_fail(SQLITE_IOERR_WRITE, n, false);
		for (unsigned i = 0; i < 16; i++)
			assert_int_equal(store_append(&store, rig_now, envelope, make(envelope, i % 4, ENVELOPES + i)),
					 ERR_OK);
		enum err error = store_commit(&store);
		assert_int_equal(store.is_damaged, error != ERR_OK);
		hot += stat(RIG_FILE "-journal", &status) == 0 && status.st_size > 0;
		store_close(&store); /* while the disk fails */
		rig_fail(SQLITE_OK, 0, false);
		salvage();
		for (unsigned number = 0; number < ENVELOPES; number++)
			if (!is_found[number])
				fail_msg("write %d failed: %u was acknowledged before and is lost", n, number);
		failures += error != ERR_OK;
		if (error == ERR_OK)
			break;
		/* The control: without the journal some of them must be gone, or this proves nothing about it. */
		if (unlink(RIG_FILE "-journal") == 0)
			salvage();
		for (unsigned number = 0; number < ENVELOPES; number++)
			lost_without += !is_found[number];
	}
	print_message(
		"%u places where writing failed, %u of them with a journal to put back; without it %u envelopes would "
		"be lost\n",
		failures, hot, lost_without);
	assert_true(failures > 40 && hot > 10 && lost_without > 0);
}

/* Anybody can send an envelope that holds what looks like another one, or like serials. */
static void test_forged(void **state)
{
	static const uint8_t meta[] = {37, 1, 5, 0, 44, 28, 28};
	struct store store;
	(void) state;
	unlink(RIG_FILE);
	rig_open(&store);
	store_seen(&store, 3, 2);
	static uint8_t envelope[SPOOL_ENVELOPE_MAX];
	size_t length = rig_envelope(envelope, 3, 1);
	for (size_t at = 120; at + 100 < length; at += 100) {
		memcpy(envelope + at, meta, sizeof meta);
		memset(envelope + at + sizeof meta, 0x0F, 32);
		memcpy(envelope + at + 60, "SNDG\1\2\0\0", 8);
	}
	envelope[473 + 4088] = 0x0D;
	assert_int_equal(store_append(&store, rig_now, envelope, length), ERR_OK);
	assert_int_equal(store_commit(&store), ERR_OK);
	store_close(&store);
	assert_int_equal(pages_read(RIG_FILE, NULL, NULL, &report), ERR_OK);
	assert_true(report.has_serials && report.envelopes >= 1);
	assert_int_equal(report.catalogue, 3);
	assert_int_equal(report.keyset, 2);
}

static void test_refuses(void **state)
{
	(void) state;
	assert_int_equal(pages_read("spool/none", NULL, NULL, &report), ERR_NOT_FOUND);
	assert_int_equal(pages_read("spool", NULL, NULL, &report), ERR_DENIED);
	assert_int_equal(symlink("spool.db", "other"), 0);
	assert_int_equal(pages_read("other", NULL, NULL, &report), ERR_DENIED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_whole, setup, teardown),
		cmocka_unit_test_setup_teardown(test_moved, setup, teardown),
		cmocka_unit_test_setup_teardown(test_pages, setup, teardown),
		cmocka_unit_test_setup_teardown(test_shapes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_foreign_journal, setup, teardown),
		cmocka_unit_test_setup_teardown(test_half_written, setup, teardown),
		cmocka_unit_test_setup_teardown(test_forged, setup, teardown),
		cmocka_unit_test_setup_teardown(test_refuses, setup, teardown),
	};
	rig_vfs_install();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
