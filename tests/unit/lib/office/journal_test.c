/* SPDX-License-Identifier: MIT */
/* journal_test.c: which journals beside an office go, and which stay because somebody is writing. */
#include "lib/office/journal.h"
#include "unit/lib/office/fixture.h"

#include <limits.h>
#include <sys/stat.h>

enum { JOURNAL_BYTES = 66048, SECTOR = 512 };

static void journal_of(const struct fixture *fixture, char *out, size_t size)
{
	int length = snprintf(out, size, "%s-journal", fixture->path);
	assert_true(length > 0 && (size_t) length < size);
}

static off_t length_of(const char *path)
{
	struct stat status;
	return stat(path, &status) == 0 ? status.st_size : -1;
}

/* As a power cut leaves it that kept all but the first EMPTY bytes. */
static void leave_journal(const char *path, size_t length, size_t empty)
{
	FILE *file = fopen(path, "wb");
	assert_non_null(file);
	for (size_t i = 0; i < length; i++)
		assert_int_not_equal(fputc(i < empty ? 0 : 0xA5, file), EOF);
	assert_int_equal(fclose(file), 0);
}

static void what_a_power_cut_left_goes(void **state)
{
	static const struct {
		const char *name;
		bool is_there;
		size_t length, empty;
	} rows[] = {
		{"no journal", false, 0, 0},
		{"an empty one", true, 0, 0},
		{"one without its first sector", true, JOURNAL_BYTES, SECTOR},
		{"nothing but zeros", true, JOURNAL_BYTES, JOURNAL_BYTES},
		{"one that is no journal", true, JOURNAL_BYTES, 0},
	};
	struct fixture *fixture = *state;
	char journal[PATH_MAX];
	journal_of(fixture, journal, sizeof journal);
	office_close(fixture->office);
	fixture->office = NULL;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (rows[i].is_there)
			leave_journal(journal, rows[i].length, rows[i].empty);
		if (office_journal_remove(fixture->path) != ERR_OK || length_of(journal) >= 0)
			fail_msg("%s: stayed", rows[i].name);
	}
	fixture->office = fixture_open_as(fixture, OFFICE_COLLECTOR); /* which looks whether the file is sound */
}

static void a_writers_journal_stays(void **state)
{
	struct fixture *fixture = *state;
	char journal[PATH_MAX];
	sqlite3 *db = NULL;
	journal_of(fixture, journal, sizeof journal);
	assert_int_equal(sqlite3_open(fixture->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "BEGIN; UPDATE meta SET flush_wanted = 41", NULL, NULL, NULL), SQLITE_OK);
	off_t before = length_of(journal);
	assert_true(before > 0);
	assert_int_equal(office_journal_remove(fixture->path), ERR_OK);
	assert_int_equal(length_of(journal), before);
	assert_int_equal(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	assert_int_equal(fixture_number(fixture, "SELECT flush_wanted FROM meta"), 41);
}

static void without_an_office_it_makes_none(void **state)
{
	struct fixture *fixture = *state;
	char other[PATH_MAX];
	int length = snprintf(other, sizeof other, "%s-other", fixture->path);
	assert_true(length > 0 && (size_t) length < sizeof other);
	assert_int_equal(office_journal_remove(other), ERR_NOT_FOUND);
	assert_int_equal(length_of(other), -1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_a_power_cut_left_goes, fixture_set_up, fixture_tear_down),
		cmocka_unit_test_setup_teardown(a_writers_journal_stays, fixture_set_up, fixture_tear_down),
		cmocka_unit_test_setup_teardown(without_an_office_it_makes_none, fixture_set_up, fixture_tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
