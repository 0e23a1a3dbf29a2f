/* SPDX-License-Identifier: MIT */
/* office_test.c: an office is made whole or not at all, opened only when it is ours, and does for each role what that role
 * may do. */
#include "unit/lib/office/fixture.h"

#include <sys/stat.h>

static void a_new_office_is_private_and_ours(void **state)
{
	struct fixture *fixture = *state;
	struct stat status;
	uint8_t generation[OFFICE_GENERATION_BYTES];
	uint8_t zero[OFFICE_GENERATION_BYTES] = {0};
	assert_int_equal(stat(fixture->path, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	assert_int_equal(office_generation(fixture->office, generation), ERR_OK);
	assert_memory_not_equal(generation, zero, sizeof(zero));
	assert_int_equal(fixture_number(fixture, "PRAGMA page_size"), 65536);
	assert_int_equal(
		fixture_number(fixture, "SELECT count(*) FROM migration WHERE number = 1 AND name = '0001-line.sql'"),
		1);
	assert_int_equal(
		fixture_number(fixture,
			       "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE '%STRICT%'"),
		0);
}

static void a_second_one_is_a_conflict(void **state)
{
	struct fixture *fixture = *state;
	uint8_t before[OFFICE_GENERATION_BYTES];
	uint8_t after[OFFICE_GENERATION_BYTES];
	assert_int_equal(office_generation(fixture->office, before), ERR_OK);
	assert_int_equal(office_create(fixture->path), ERR_CONFLICT);
	assert_int_equal(office_generation(fixture->office, after), ERR_OK);
	assert_memory_equal(before, after, sizeof(before));
}

/* What a crash in the middle of making one left behind does not get in the way. */
static void a_half_made_one_is_made_again(void **state)
{
	struct fixture *fixture = *state;
	char path[128], half[160];
	struct office *office = NULL;
	snprintf(path, sizeof(path), "%s/second.db", fixture->folder);
	snprintf(half, sizeof(half), "%s-new", path);
	FILE *file = fopen(half, "w");
	assert_non_null(file);
	fputs("half an office", file);
	fclose(file);
	assert_int_equal(office_create(path), ERR_OK);
	assert_int_not_equal(access(half, F_OK), 0);
	assert_int_equal(office_open(path, OFFICE_CLI, &office), ERR_OK);
	office_close(office);
}

static void run_sql(const char *path, const char *sql)
{
	sqlite3 *db = NULL;
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void a_changed_office_is_refused(void **state)
{
	struct fixture *fixture = *state;
	static const struct {
		const char *name;
		const char *sql;
		enum err error;
	} rows[] = {
		{"write-ahead log", "PRAGMA journal_mode = WAL", ERR_DENIED},
		{"another program's id", "PRAGMA application_id = 1", ERR_DENIED},
		{"a newer schema", "INSERT INTO migration VALUES (5, '0005-later.sql')", ERR_DENIED},
		{"another first migration", "UPDATE migration SET name = '0001-other.sql' WHERE number = 1",
		 ERR_DENIED},
		{"another last migration", "UPDATE migration SET name = '0004-other.sql' WHERE number = 4", ERR_DENIED},
		{"a migration left out", "DELETE FROM migration WHERE number = 1", ERR_DENIED},
		{"no migration at all", "DELETE FROM migration", ERR_DENIED},
		{"small pages", "PRAGMA journal_mode = DELETE; PRAGMA page_size = 4096; VACUUM", ERR_DENIED},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char path[128];
		struct office *office = NULL;
		print_message("# %s\n", rows[i].name);
		snprintf(path, sizeof(path), "%s/changed-%zu.db", fixture->folder, i);
		assert_int_equal(office_create(path), ERR_OK);
		run_sql(path, rows[i].sql);
		assert_int_equal(office_open(path, OFFICE_CLI, &office), rows[i].error);
		assert_null(office);
	}
}

static void a_file_that_is_no_office_is_refused(void **state)
{
	struct fixture *fixture = *state;
	struct office *office = NULL;
	char path[128];
	snprintf(path, sizeof(path), "%s/text.db", fixture->folder);
	assert_int_equal(office_open(path, OFFICE_CLI, &office), ERR_NOT_FOUND);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	for (int i = 0; i < 1000; i++)
		fputs("this is no database, and long enough to be one\n", file);
	fclose(file);
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(office_open(path, OFFICE_CLI, &office), ERR_CORRUPT);
	assert_int_equal(chmod(fixture->path, 0644), 0);
	assert_int_equal(office_open(fixture->path, OFFICE_CLI, &office), ERR_DENIED);
	assert_int_equal(chmod(fixture->path, 0660), 0);
	assert_int_equal(office_open(fixture->path, OFFICE_CLI, &office), ERR_DENIED);
	assert_int_equal(chmod(fixture->path, 0640), 0);
	assert_int_equal(office_open(fixture->path, OFFICE_CLI, &office), ERR_OK);
	office_close(office);
	snprintf(path, sizeof(path), "%s/link.db", fixture->folder);
	assert_int_equal(symlink(fixture->path, path), 0);
	assert_int_equal(office_open(path, OFFICE_CLI, &office), ERR_DENIED);
}

static void damage_is_found_at_the_collectors_start(void **state)
{
	struct fixture *fixture = *state;
	struct office *office = NULL;
	for (unsigned person = 0; person < 20; person++)
		fixture_file(fixture,
			     (struct fixture_letter){.person = person, .answers = "{\"overall\":\"FINDMEHERE\"}"});
	FILE *file = fopen(fixture->path, "r+b");
	assert_non_null(file);
	static char bytes[8 << 20];
	size_t length = fread(bytes, 1, sizeof(bytes), file);
	const char *found = memmem(bytes, length, "FINDMEHERE", 10);
	assert_non_null(found);
	size_t page = (size_t) (found - bytes) / 65536 * 65536;
	assert_int_equal(fseek(file, (long) page, SEEK_SET), 0);
	for (int i = 0; i < 64; i++)
		fputc(0xA5, file);
	fclose(file);
	assert_int_equal(office_open(fixture->path, OFFICE_COLLECTOR, &office), ERR_CORRUPT);
}

static enum err never_begun(void *context, const struct office_digest *digest, uint64_t bytes)
{
	(void) context;
	(void) digest;
	(void) bytes;
	fail();
	return ERR_OK;
}

static enum err never_given(void *context, const void *data, size_t length)
{
	(void) context;
	(void) data;
	(void) length;
	fail();
	return ERR_OK;
}

static const struct office_snapshot snapshot = {never_begun, never_given, NULL};
static const struct date today = {2026, 11, 21};

static void the_collector_may_file_and_no_more(void **state)
{
	struct fixture *fixture = *state;
	struct office *office = fixture_open_as(fixture, OFFICE_COLLECTOR);
	struct fixture_letter letter = {.person = 1, .text = "text", .apart_text = "apart", .canonical = "{}"};
	enum office_filed result;
	uint64_t number, other;
	uint32_t release;
	size_t count, apart_count;
	struct office_row *rows, *apart;
	uint8_t keyed[32];
	bool is_done;
	struct office_digest digest;
	assert_int_equal(office_begin(office), ERR_OK);
	assert_int_equal(fixture_put(fixture, office, &letter, &result), ERR_OK);
	letter.edit = 1;
	assert_int_equal(fixture_put(fixture, office, &letter, &result), ERR_OK);
	assert_int_equal(result, OFFICE_FILED_REPLACED);
	fixture_key(1, 'w', keyed);
	assert_int_equal(office_file_withdrawal(office, fixture_period, false, keyed), ERR_OK);
	assert_int_equal(office_file_quarantine(office, "forged", "x", 1), ERR_OK);
	assert_int_equal(office_commit(office), ERR_OK);
	assert_int_equal(office_reorder(office, true, &is_done), ERR_OK);
	assert_true(is_done);
	assert_int_equal(office_backup_next(office, &number), ERR_OK);
	assert_int_equal(office_flush(office, &number, &other), ERR_OK);
	assert_int_equal(office_flush_done(office, number), ERR_OK);
	assert_int_equal(office_serials(office, 3, 2, &number, &other), ERR_OK);
	assert_int_equal(office_droppable(office, today, &number), ERR_OK);
	/* And no more. */
	assert_int_equal(office_backup_begin(office, today, &number), ERR_DENIED);
	assert_int_equal(office_backup_finish(office, 1, "/a/file"), ERR_DENIED);
	assert_int_equal(office_backup_gone(office, 1), ERR_DENIED);
	assert_int_equal(office_digest(office, &digest), ERR_DENIED);
	assert_int_equal(office_snapshot(office, &snapshot), ERR_DENIED);
	assert_int_equal(office_audit(office, "cli", "event.close", "X"), ERR_DENIED);
	assert_int_equal(office_event_set_state(office, fixture->event, EVENT_CLOSED, 0), ERR_DENIED);
	assert_int_equal(office_event_release(office, fixture->event, &release, &count), ERR_DENIED);
	assert_int_equal(office_text_set(office, "words", "{}"), ERR_DENIED);
	assert_int_equal(office_flush_want(office, &number), ERR_DENIED);
	assert_int_equal(office_export(office, fixture->practice, &fixture->arena, &rows, &count, &apart, &apart_count),
			 ERR_DENIED);
	office_close(office);
}

static void a_reader_reads_no_answer(void **state)
{
	struct fixture *fixture = *state;
	fixture_file(fixture, (struct fixture_letter){.person = 1, .is_practice = true});
	struct office *office = fixture_open_as(fixture, OFFICE_READER);
	struct office_event *events;
	struct office_row *rows, *apart;
	size_t count, apart_count;
	struct office_digest digest;
	const char *band;
	assert_int_equal(office_event_list(office, &fixture->arena, &events, &count), ERR_OK);
	assert_int_equal(count, 2);
	assert_int_equal(office_event_band(office, fixture->practice, &band), ERR_OK);
	assert_string_equal(band, "1 to 4");
	assert_int_equal(office_quarantine_count(office, &count), ERR_OK);
	assert_int_equal(office_export(office, fixture->practice, &fixture->arena, &rows, &count, &apart, &apart_count),
			 ERR_DENIED);
	assert_int_equal(office_text_set(office, "words", "{}"), ERR_DENIED);
	assert_int_equal(office_digest(office, &digest), ERR_DENIED);
	assert_int_equal(office_snapshot(office, &snapshot), ERR_DENIED);
	office_close(office);
}

static void numbers_only_rise(void **state)
{
	struct fixture *fixture = *state;
	uint64_t wanted = 9, done = 9, catalogue = 9, keyset = 9;
	assert_int_equal(office_flush(fixture->office, &wanted, &done), ERR_OK);
	assert_int_equal(wanted, 0);
	assert_int_equal(office_flush_want(fixture->office, &wanted), ERR_OK);
	assert_int_equal(office_flush_want(fixture->office, &wanted), ERR_OK);
	assert_int_equal(wanted, 2);
	assert_int_equal(office_flush_done(fixture->office, 1), ERR_OK);
	assert_int_equal(office_flush_done(fixture->office, 0), ERR_OK);
	assert_int_equal(office_flush_done(fixture->office, 7), ERR_OK); /* nobody wanted that */
	assert_int_equal(office_flush(fixture->office, &wanted, &done), ERR_OK);
	assert_int_equal(done, 1);
	assert_int_equal(office_serials(fixture->office, 5, 2, &catalogue, &keyset), ERR_OK);
	assert_int_equal(office_serials(fixture->office, 3, 4, &catalogue, &keyset), ERR_OK);
	assert_int_equal(catalogue, 5);
	assert_int_equal(keyset, 4);
}

static void the_next_backup_follows_the_last_begun(void **state)
{
	struct fixture *fixture = *state;
	uint64_t number = 0;
	assert_int_equal(office_backup_next(fixture->office, &number), ERR_OK);
	assert_int_equal(number, 1);
	run_sql(fixture->path,
		"INSERT INTO backup (number, day, is_finished) VALUES (1, '2026-11-21', 1), (2, '2026-11-21', 0)");
	assert_int_equal(office_backup_next(fixture->office, &number), ERR_OK);
	assert_int_equal(number, 3); /* what is filed now is not in the one that runs */
}

#define EACH(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(a_new_office_is_private_and_ours),
		EACH(a_second_one_is_a_conflict),
		EACH(a_half_made_one_is_made_again),
		EACH(a_changed_office_is_refused),
		EACH(a_file_that_is_no_office_is_refused),
		EACH(damage_is_found_at_the_collectors_start),
		EACH(the_collector_may_file_and_no_more),
		EACH(a_reader_reads_no_answer),
		EACH(numbers_only_rise),
		EACH(the_next_backup_follows_the_last_begun),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
