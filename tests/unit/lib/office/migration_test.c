/* SPDX-License-Identifier: MIT */
/* migration_test.c: an office made by an older version is brought forward whole or not at all, by the command line alone,
 * and nothing in it is lost on the way. */
#include "unit/lib/office/fixture.h"

#include "schema_office.h"

#include <sys/stat.h>

enum { TABLES_MAX = 40, COLUMNS_MAX = 40, NAME_ROOM = 40 };

static void run_sql(const char *path, const char *sql)
{
	sqlite3 *db = NULL;
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%.60s...: %s", sql, sqlite3_errmsg(db));
	sqlite3_close(db);
}

/* What people had in an office before backups came: a released event with 12 responses, and something everywhere. */
static const char old_content[] =
	"INSERT INTO migration VALUES (1, '0001-line.sql');"
	"INSERT INTO meta (one, generation, serial, flush_wanted, flush_done) "
	"VALUES (1, CAST('sixteen bytes...' AS BLOB), 7, 3, 2);"
	"INSERT INTO text VALUES ('organisation', '{}'), ('words', '{}');"
	"INSERT INTO form_version VALUES ('conversation', 1, zeroblob(32), '{\"version\":1}', '2026-01-31');"
	"INSERT INTO event (code, title, place, held_on, area, programme, is_practice, is_wales, wants_tickets, state, "
	"release) VALUES ('AAAAA2', 'Released', '', '2026-02-01', 'north', 'community', 0, 0, 0, 'released', 1), "
	"('AAAAA3', 'Open', 'Hall', '2026-02-02', 'north', 'community', 0, 1, 0, 'open', 0);"
	"INSERT INTO event_language VALUES ('AAAAA2', 0, 'en'), ('AAAAA3', 0, 'cy');"
	"INSERT INTO event_form VALUES ('AAAAA2', 0, 'conversation', 1), ('AAAAA3', 0, 'conversation', NULL);"
	"INSERT INTO event_served VALUES ('AAAAA2', 'conversation', 1);"
	"INSERT INTO period VALUES (CAST('ordinary' AS BLOB), 0), (CAST('practice' AS BLOB), 1);"
	"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12) "
	"INSERT INTO response SELECT i, 'AAAAA2', 'conversation', 1, '{\"overall\":\"' || i || '\"}', 1 FROM n;"
	"INSERT INTO response VALUES (100, 'AAAAA3', 'conversation', 1, '{}', NULL);"
	"INSERT INTO apart VALUES (200, 'AAAAA3', 'conversation', 1, '{}', 'cy', '', 'phone');"
	"INSERT INTO free_text VALUES (300, 'AAAAA3', 'conversation', 'better', 'cy', 'testun', 100, NULL);"
	"INSERT INTO seen VALUES (CAST(zeroblob(31) || x'01' AS BLOB), CAST('ordinary' AS BLOB));"
	"INSERT INTO link SELECT keyed_id, keyed_id, 100, 200, 0 FROM seen;"
	"INSERT INTO tombstone VALUES (zeroblob(32), CAST('ordinary' AS BLOB), 0);"
	"INSERT INTO tombstone_waits VALUES ('AAAAA3', zeroblob(32));"
	"INSERT INTO quarantine VALUES (400, zeroblob(32), 'forged', x'00', '2026-02-03');"
	"INSERT INTO ticket VALUES ('AAAAA3', zeroblob(32), 'issued');"
	"INSERT INTO backup VALUES (1, '2026-02-01', 1), (2, '2026-02-04', 0);"
	"INSERT INTO expire_run VALUES (1, '2026-02-04', 2);"
	"INSERT INTO audit VALUES (1, '2026-02-01', 'cli', 'event.release', 'AAAAA2');";

/* Only the first migration was ever run on it. */
static void make_old(struct fixture *fixture, char path[96])
{
	snprintf(path, 96, "%s/old.db", fixture->folder);
	unlink(path);
	assert_string_equal(schema_office[0].name, "0001-line.sql");
	run_sql(path, "PRAGMA page_size = 65536; PRAGMA auto_vacuum = 0; PRAGMA application_id = 1397638255; "
		      "PRAGMA secure_delete = ON; CREATE TABLE made (one); DROP TABLE made");
	run_sql(path, schema_office[0].text);
	run_sql(path, old_content);
	assert_int_equal(chmod(path, 0600), 0);
}

/* ---- everything that a file holds, as text ------------------------------------------------------------------- */

struct table {
	char name[NAME_ROOM];
	char columns[COLUMNS_MAX][NAME_ROOM];
	size_t columns_count;
	char *rows; /* of those columns, each value quoted */
};

static size_t names(sqlite3 *db, const char *sql, const char *about, char out[][NAME_ROOM], size_t room)
{
	sqlite3_stmt *statement = NULL;
	size_t count = 0;
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
	if (about != NULL)
		assert_int_equal(sqlite3_bind_text(statement, 1, about, -1, SQLITE_STATIC), SQLITE_OK);
	while (sqlite3_step(statement) == SQLITE_ROW) {
		assert_true(count < room);
		snprintf(out[count++], NAME_ROOM, "%s", (const char *) sqlite3_column_text(statement, 0));
	}
	sqlite3_finalize(statement);
	return count;
}

static char *rows_of(sqlite3 *db, const struct table *table, struct arena *arena)
{
	char sql[2048];
	sqlite3_stmt *statement = NULL;
	size_t length = (size_t) snprintf(sql, sizeof(sql),
					  "SELECT coalesce(group_concat(line, char(10)), '') FROM "
					  "(SELECT ''");
	for (size_t i = 0; i < table->columns_count; i++)
		length += (size_t) snprintf(sql + length, sizeof(sql) - length, " || quote(%s) || '|'",
					    table->columns[i]);
	snprintf(sql + length, sizeof(sql) - length, " AS line FROM %s ORDER BY 1)", table->name);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	char *rows = arena_strdup(arena, (const char *) sqlite3_column_text(statement, 0));
	sqlite3_finalize(statement);
	return rows;
}

static struct table *tables_of(const char *path, struct arena *arena, size_t *count)
{
	char found[TABLES_MAX][NAME_ROOM];
	sqlite3 *db = NULL;
	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	*count = names(db, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'migration'", NULL, found,
		       TABLES_MAX);
	struct table *tables = arena_array(arena, *count, struct table);
	assert_non_null(tables);
	for (size_t i = 0; i < *count; i++) {
		snprintf(tables[i].name, NAME_ROOM, "%s", found[i]);
		tables[i].columns_count =
			names(db, "SELECT name FROM pragma_table_info(?1)", found[i], tables[i].columns, COLUMNS_MAX);
		tables[i].rows = rows_of(db, &tables[i], arena);
		if (tables[i].rows[0] == '\0')
			fail_msg("%s is empty: nothing would be tested", tables[i].name);
	}
	sqlite3_close(db);
	return tables;
}

static void expect_kept(const char *path, const struct table *tables, size_t count, struct arena *arena)
{
	sqlite3 *db = NULL;
	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	for (size_t i = 0; i < count; i++)
		assert_string_equal(rows_of(db, &tables[i], arena), tables[i].rows);
	sqlite3_close(db);
}

static int64_t number_in(struct fixture *fixture, const char *path, const char *sql)
{
	struct fixture other = *fixture;
	snprintf(other.path, sizeof(other.path), "%s", path);
	return fixture_number(&other, sql);
}

/* ---- tests --------------------------------------------------------------------------------------------------- */

static void an_older_office_is_brought_forward_by_the_command_line(void **state)
{
	struct fixture *fixture = *state;
	char path[96];
	size_t count = 0;
	struct office *office = NULL;
	make_old(fixture, path);
	struct table *tables = tables_of(path, &fixture->arena, &count);
	assert_true(count >= 20);
	assert_int_equal(office_open(path, OFFICE_COLLECTOR, &office), ERR_DENIED);
	assert_int_equal(office_open(path, OFFICE_READER, &office), ERR_DENIED);
	assert_null(office);
	assert_int_equal(number_in(fixture, path, "SELECT count(*) FROM migration"), 1);

	assert_int_equal(office_open(path, OFFICE_CLI, &office), ERR_OK);
	office_close(office);
	expect_kept(path, tables, count, &fixture->arena);
	assert_int_equal(number_in(fixture, path, "SELECT count(*) FROM migration"), 4);
	assert_int_equal(number_in(fixture, path,
				   "SELECT count(*) FROM migration WHERE number = 2 AND name = '0002-keeping.sql'"),
			 1);
	assert_int_equal(number_in(fixture, path,
				   "SELECT count(*) FROM migration WHERE number = 3 AND name = '0003-reasons.sql'"),
			 1);
	assert_int_equal(number_in(fixture, path,
				   "SELECT count(*) FROM migration WHERE number = 4 AND name = '0004-organisers.sql'"),
			 1);
	assert_int_equal(number_in(fixture, path, "SELECT integrity_check = 'ok' FROM pragma_integrity_check"), 1);
	assert_int_equal(number_in(fixture, path, "SELECT count(*) FROM pragma_foreign_key_check"), 0);

	/* Once is enough, and now everybody may. */
	static const enum office_role roles[] = {OFFICE_CLI, OFFICE_COLLECTOR, OFFICE_READER};
	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
		assert_int_equal(office_open(path, roles[i], &office), ERR_OK);
		office_close(office);
	}
	assert_int_equal(number_in(fixture, path, "SELECT count(*) FROM migration"), 4);
	expect_kept(path, tables, count, &fixture->arena);
}

static void an_older_office_works_afterwards(void **state)
{
	struct fixture *fixture = *state;
	char path[96];
	struct office *office = NULL;
	struct office_row *rows = NULL, *apart = NULL;
	size_t rows_count = 0, apart_count = 0;
	struct catalogue_content *content = NULL;
	bool is_shown = false;
	uint64_t number = 0;
	make_old(fixture, path);
	assert_int_equal(office_open(path, OFFICE_CLI, &office), ERR_OK);
	/* What was released and exported before waits for nothing now. */
	assert_int_equal(office_event_is_shown(office, "AAAAA2", &is_shown), ERR_OK);
	assert_true(is_shown);
	assert_int_equal(office_export(office, "AAAAA2", &fixture->arena, &rows, &rows_count, &apart, &apart_count),
			 ERR_OK);
	assert_int_equal(rows_count, 12);
	assert_int_equal(office_catalogue(office, &fixture->arena, &content), ERR_OK);
	assert_int_equal(content->serial, 8);
	assert_int_equal(content->events[0].state, EVENT_RELEASED);
	assert_int_equal(office_backup_begin(office, (struct date){2026, 11, 21}, &number), ERR_OK);
	assert_int_equal(number, 3);
	assert_int_equal(office_backup_finish(office, number, "/backups/three.backup"), ERR_OK);
	office_close(office);
}

/* Both ways lead to one schema: to the same tables with the same columns and the same words about them. */
static void old_and_new_offices_are_alike(void **state)
{
	struct fixture *fixture = *state;
	char path[96], sql[512];
	struct office *office = NULL;
	make_old(fixture, path);
	assert_int_equal(office_open(path, OFFICE_CLI, &office), ERR_OK);
	office_close(office);
	snprintf(sql, sizeof(sql),
		 "ATTACH '%s' AS old; CREATE TEMP TABLE differs AS SELECT name, sql FROM main.sqlite_schema EXCEPT "
		 "SELECT name, sql FROM old.sqlite_schema; CREATE TEMP TABLE wrong (one CHECK (one = 0)); "
		 "INSERT INTO wrong SELECT count(*) FROM differs;",
		 path);
	run_sql(fixture->path, sql);
}

static void a_migration_that_fails_changes_nothing(void **state)
{
	struct fixture *fixture = *state;
	char path[96];
	size_t count = 0;
	struct office *office = NULL;
	static const struct {
		const char *name;
		const char *sql;
	} rows[] = {
		{"its first step", "ALTER TABLE backup ADD COLUMN file TEXT"},
		{"its last step", "ALTER TABLE event ADD COLUMN expired_on TEXT"},
		{"the migration behind it", "ALTER TABLE audit ADD COLUMN words TEXT"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		print_message("# %s\n", rows[i].name);
		make_old(fixture, path);
		run_sql(path, rows[i].sql);
		struct table *tables = tables_of(path, &fixture->arena, &count);
		assert_int_equal(office_open(path, OFFICE_CLI, &office), ERR_IO);
		assert_null(office);
		expect_kept(path, tables, count, &fixture->arena);
		assert_int_equal(number_in(fixture, path, "SELECT count(*) FROM migration"), 1);
		assert_int_equal(number_in(fixture, path,
					   "SELECT count(*) FROM pragma_table_info('event') "
					   "WHERE name = 'release_backup'"),
				 0);
	}
}

static void a_newer_office_is_refused_by_all(void **state)
{
	struct fixture *fixture = *state;
	struct office *office = NULL;
	static const enum office_role roles[] = {OFFICE_CLI, OFFICE_COLLECTOR, OFFICE_READER};
	run_sql(fixture->path, "INSERT INTO migration VALUES (5, '0005-later.sql')");
	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
		assert_int_equal(office_open(fixture->path, roles[i], &office), ERR_DENIED);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM migration"), 5);
}

/* While the collector of the version before still holds a batch open, an upgrade waits or gives up, and takes no harm. */
static void a_busy_office_is_migrated_later(void **state)
{
	struct fixture *fixture = *state;
	char path[96];
	struct office *office = NULL;
	sqlite3 *db = NULL;
	make_old(fixture, path);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(office_open(path, OFFICE_CLI, &office), ERR_BUSY);
	assert_int_equal(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	assert_int_equal(office_open(path, OFFICE_CLI, &office), ERR_OK);
	office_close(office);
}

#define EACH(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

/* What is only older must not be taken for something that a backup has to replace. */
static void an_older_office_is_told_from_another(void **state)
{
	struct fixture *fixture = *state;
	static const struct {
		const char *name, *sql;
		bool is_older;
	} rows[] = {
		{"the first version", "", true},
		{"another application", "PRAGMA application_id = 7", false},
		{"another migration", "UPDATE migration SET name = '0001-other.sql'", false},
		{"no migration", "DELETE FROM migration", false},
	};
	char path[96];
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct office *office = NULL;
		make_old(fixture, path);
		run_sql(path, rows[i].sql);
		assert_int_equal(office_open(path, OFFICE_READER, &office), ERR_DENIED);
		if (office_is_older(path) != rows[i].is_older)
			fail_msg("%s", rows[i].name);
	}
	make_old(fixture, path);
	struct office *office = NULL;
	assert_int_equal(office_open(path, OFFICE_CLI, &office), ERR_OK);
	office_close(office);
	assert_false(office_is_older(path));
	assert_int_equal(chmod(path, 0644), 0);
	assert_false(office_is_older(path));
	assert_false(office_is_older("/nowhere/office.db"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(an_older_office_is_brought_forward_by_the_command_line),
		EACH(an_older_office_works_afterwards),
		EACH(old_and_new_offices_are_alike),
		EACH(a_migration_that_fails_changes_nothing),
		EACH(a_newer_office_is_refused_by_all),
		EACH(a_busy_office_is_migrated_later),
		EACH(an_older_office_is_told_from_another),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
