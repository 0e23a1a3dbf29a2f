/* SPDX-License-Identifier: MIT */
/* digest_test.c: two offices have the same digest exactly when they hold the same. */
#include "unit/lib/office/fixture.h"

#include "lib/base/bytes.h"

/* Past the office's own functions, and past every constraint. */
static void run_sql(struct fixture *fixture, const char *sql)
{
	sqlite3 *db = NULL;
	assert_int_equal(sqlite3_open(fixture->path, &db), SQLITE_OK);
	assert_int_equal(
		sqlite3_exec(db, "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON", NULL, NULL, NULL),
		SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	sqlite3_close(db);
}

static struct office_digest digest_of(struct fixture *fixture)
{
	struct office_digest digest;
	assert_int_equal(office_digest(fixture->office, &digest), ERR_OK);
	return digest;
}

static const struct office_table_digest *table_of(const struct office_digest *digest, const char *table)
{
	for (size_t i = 0; i < digest->count; i++) {
		if (strcmp(digest->tables[i].table, table) == 0)
			return &digest->tables[i];
	}
	return NULL;
}

/* One row at least in every table. */
static void fill(struct fixture *fixture)
{
	fixture_file(fixture,
		     (struct fixture_letter){.person = 1, .text = "text", .apart_text = "b", .canonical = "{}"});
	fixture_file(fixture, (struct fixture_letter){.person = 2, .is_practice = true});
	fixture_withdraw(fixture, 3, false);
	assert_int_equal(office_text_set(fixture->office, "words", "{}"), ERR_OK);
	run_sql(fixture, "INSERT INTO quarantine (row, hash, reason, envelope, day) "
			 "VALUES (1, randomblob(32), 'forged', x'00', '2026-11-21')");
	run_sql(fixture, "INSERT INTO ticket (event, hash, state) VALUES ('AAAAA2', randomblob(32), 'issued')");
	run_sql(fixture,
		"INSERT INTO account (id, name, shown, role, state, language, version, mark) "
		"VALUES (1, 'sam', 'Sam', 'keyer', 'invited', 'en', 1, 1); "
		"INSERT INTO account_area (account, area) VALUES (1, 'north'); "
		"INSERT INTO account_recovery (account, hash, is_used) VALUES (1, randomblob(32), 0); "
		"INSERT INTO event_detail (event, version, mark) VALUES ('AAAAA2', 1, 1); "
		"INSERT INTO placement VALUES (1, 'north', 2026, 1, 'five-day', 5, 4, 3, 0, 0, 0, 0, 0, 0, 1, 1); "
		"INSERT INTO placement_target VALUES ('north', 2026, 50, 1, 1); "
		"INSERT INTO action VALUES (1, 'north', NULL, 'heard', 'few', '', '', '', '', NULL, NULL, NULL, "
		"'2026-11-21', 0, "
		"0, 1, 1); INSERT INTO action_text VALUES (1, 0, 'en', 'theme', 'said', '')");
	run_sql(fixture, "INSERT INTO event_served (event, form, version) VALUES ('AAAAA2', 'conversation', 1)");
}

/* The names of tables, or of one table's columns with their types. */
static size_t names(struct fixture *fixture, const char *sql, const char *about, char out[][40], size_t room)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *statement = NULL;
	size_t count = 0;
	assert_int_equal(sqlite3_open_v2(fixture->path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
	if (about != NULL)
		assert_int_equal(sqlite3_bind_text(statement, 1, about, -1, SQLITE_STATIC), SQLITE_OK);
	while (sqlite3_step(statement) == SQLITE_ROW) {
		assert_true(count < room);
		snprintf(out[count++], 40, "%s", (const char *) sqlite3_column_text(statement, 0));
	}
	sqlite3_finalize(statement);
	sqlite3_close(db);
	return count;
}

/* Changes COLUMN ("name TYPE") of every row, and expects that TABLE's digest differs and no other's. */
static void expect_column_counts(struct fixture *fixture, const char *table, const char *column)
{
	char name[40], sql[256];
	snprintf(name, sizeof(name), "%.*s", (int) strcspn(column, " "), column);
	const char *type = strchr(column, ' ') + 1;
	const char *change = strcmp(type, "INTEGER") == 0 ? "coalesce(%s, 0) + 1000"
			     : strcmp(type, "TEXT") == 0  ? "coalesce(%s, '') || 'x'"
							  : "CAST(coalesce(%s, x'') || x'01' AS BLOB)";
	char value[128];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(value, sizeof(value), change, name);
#pragma GCC diagnostic pop
	snprintf(sql, sizeof(sql), "UPDATE %s SET %s = %s", table, name, value);
	struct office_digest before = digest_of(fixture);
	run_sql(fixture, sql);
	struct office_digest after = digest_of(fixture);
	for (size_t i = 0; i < before.count; i++) {
		bool is_same = memcmp(before.tables[i].hash, after.tables[i].hash, 32) == 0;
		if (is_same == (strcmp(before.tables[i].table, table) == 0))
			fail_msg("%s.%s changed, and the digest of %s did%s", table, name, before.tables[i].table,
				 is_same ? " not" : "");
		assert_int_equal(before.tables[i].rows, after.tables[i].rows);
	}
}

/* Whoever adds a table or a column must add it to digest.c, or decide that it is no content. */
static void every_column_of_every_table_counts(void **state)
{
	struct fixture *fixture = *state;
	char tables[40][40], columns[40][40];
	fill(fixture);
	size_t count = names(fixture,
			     "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' "
			     "AND name NOT IN ('migration', 'meta', 'backup', 'expire_run', 'session', 'one_time', "
			     "'throttle', 'audit_tip', 'audit_anchor')",
			     NULL, tables, 40);
	struct office_digest digest = digest_of(fixture);
	assert_int_equal(digest.count, count);
	for (size_t i = 0; i < count; i++) {
		const struct office_table_digest *row = table_of(&digest, tables[i]);
		assert_non_null(row);
		if (row->rows == 0)
			fail_msg("%s is empty: nothing would be tested", tables[i]);
		size_t columns_count = names(fixture,
					     "SELECT name || ' ' || type FROM pragma_table_info(?1) WHERE ?1 <> "
					     "'audit' OR name NOT IN ('after', 'hash')",
					     tables[i], columns, 40);
		for (size_t j = 0; j < columns_count; j++)
			expect_column_counts(fixture, tables[i], columns[j]);
	}
}

static void a_digest_is_what_its_description_says(void **state)
{
	struct fixture *fixture = *state;
	/* A text, and a period whose three days are NULL. */
	uint8_t text[] = "\0t_______\5words\1t_______\2{}\xff";
	uint8_t period[] = "\0b_______\10ordinary\1i_______\10________\xff";
	uint8_t expected[32];
	run_sql(fixture, "INSERT INTO text (name, json) VALUES ('words', '{}')");
	run_sql(fixture, "INSERT INTO period (id, is_practice) VALUES (CAST('ordinary' AS BLOB), -2)");
	bytes_put(text + 2, 8, 5);
	bytes_put(text + 17, 8, 2);
	bytes_put(period + 2, 8, 8);
	bytes_put(period + 20, 8, 8);
	bytes_put(period + 28, 8, (uint64_t) -2);
	struct office_digest digest = digest_of(fixture);
	keys_hash(text, sizeof(text) - 1, expected);
	assert_memory_equal(table_of(&digest, "text")->hash, expected, 32);
	assert_int_equal(table_of(&digest, "text")->rows, 1);
	keys_hash(period, sizeof(period) - 1, expected);
	assert_memory_equal(table_of(&digest, "period")->hash, expected, 32);
	keys_hash("", 0, expected);
	assert_memory_equal(table_of(&digest, "ticket")->hash, expected, 32);
	assert_int_equal(table_of(&digest, "ticket")->rows, 0);
}

/* Where rows lie in the file, and the order in which they came, are no content. */
static void the_order_in_the_file_does_not_count(void **state)
{
	struct fixture *fixture = *state;
	bool is_done;
	for (unsigned person = 0; person < 20; person++)
		fixture_file(fixture, (struct fixture_letter){.person = person, .text = "text", .canonical = "{}"});
	struct office_digest before = digest_of(fixture);
	assert_int_equal(office_reorder(fixture->office, true, &is_done), ERR_OK);
	assert_true(is_done);
	run_sql(fixture, "CREATE TABLE kept AS SELECT * FROM response ORDER BY row DESC; DELETE FROM response; "
			 "INSERT INTO response SELECT * FROM kept; DROP TABLE kept");
	struct office_digest after = digest_of(fixture);
	const char *table = "none";
	assert_true(office_digest_is_equal(&before, &after, &table));
	assert_null(table);
}

static void values_do_not_run_together(void **state)
{
	struct fixture *fixture = *state;
	static const char *const rows[] = {
		"UPDATE ticket SET event = 'ab', state = 'c'", "UPDATE ticket SET event = 'a', state = 'bc'",
		"UPDATE ticket SET event = 'abc', state = ''", "UPDATE ticket SET event = '', state = 'abc'"};
	struct office_digest seen[4];
	fill(fixture);
	for (size_t i = 0; i < 4; i++) {
		run_sql(fixture, rows[i]);
		seen[i] = digest_of(fixture);
		for (size_t j = 0; j < i; j++)
			assert_false(office_digest_is_equal(&seen[i], &seen[j], NULL));
	}
}

/* ---- two digests, and JSON ----------------------------------------------------------------------------------- */

static const struct office_digest two = {
	.tables = {{.table = "apart", .rows = 3, .hash = {0xab}}, {.table = "seen", .rows = 4, .hash = {0xcd}}},
	.count = 2,
};

#define ZEROES "00000000000000000000000000000000000000000000000000000000000000"
static const char two_json[] =
	"{\"apart\":{\"hash\":\"ab" ZEROES "\",\"rows\":3},\"seen\":{\"hash\":\"cd" ZEROES "\",\"rows\":4}}";

static void the_first_difference_is_named(void **state)
{
	(void) state;
	struct office_digest more = two, empty = two, rows = two, hash = two, fewer = two;
	more.tables[more.count++] = (struct office_table_digest){.table = "text", .rows = 1};
	empty.tables[empty.count++] = (struct office_table_digest){.table = "text"}; /* of a later migration */
	rows.tables[1].rows = 5;
	hash.tables[0].hash[31] = 1;
	fewer.count = 1;
	const struct {
		const char *name;
		const struct office_digest *other;
		const char *table;
	} cases[] = {
		{"the same", &two, NULL},      {"a table more", &more, "text"},   {"an empty table more", &empty, NULL},
		{"a row more", &rows, "seen"}, {"another value", &hash, "apart"}, {"a table less", &fewer, "seen"}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *table = "unset";
		print_message("# %s\n", cases[i].name);
		assert_int_equal(office_digest_is_equal(&two, cases[i].other, &table), cases[i].table == NULL);
		if (cases[i].table == NULL)
			assert_null(table);
		else
			assert_string_equal(table, cases[i].table);
		assert_int_equal(office_digest_is_equal(cases[i].other, &two, NULL), cases[i].table == NULL);
	}
}

static void a_digest_comes_back_from_json(void **state)
{
	struct fixture *fixture = *state;
	struct office_digest digest, read;
	char *json = NULL;
	size_t length = 0;
	assert_int_equal(office_digest_encode(&two, &fixture->arena, &json, &length), ERR_OK);
	assert_string_equal(json, two_json);
	assert_int_equal(length, strlen(two_json));
	fill(fixture);
	digest = digest_of(fixture);
	assert_int_equal(office_digest_encode(&digest, &fixture->arena, &json, &length), ERR_OK);
	assert_int_equal(office_digest_decode(json, length, &fixture->arena, &read), ERR_OK);
	memset(json, 'x', length); /* what was read has copies of its own */
	assert_int_equal(read.count, digest.count);
	assert_true(office_digest_is_equal(&digest, &read, NULL));
	assert_int_equal(office_digest_decode("{}", 2, &fixture->arena, &read), ERR_OK);
	assert_int_equal(read.count, 0);
}

static void what_we_would_not_write_is_refused(void **state)
{
	struct fixture *fixture = *state;
	static const struct {
		const char *name;
		const char *json;
	} rows[] = {
		{"nothing", ""},
		{"no JSON", "{"},
		{"no object", "[]"},
		{"a table that is no object", "{\"apart\":3}"},
		{"no hash", "{\"apart\":{\"rows\":3}}"},
		{"no rows", "{\"apart\":{\"hash\":\"ab" ZEROES "\"}}"},
		{"a short hash", "{\"apart\":{\"hash\":\"ab\",\"rows\":3}}"},
		{"capitals", "{\"apart\":{\"hash\":\"AB" ZEROES "\",\"rows\":3}}"},
		{"rows below none", "{\"apart\":{\"hash\":\"ab" ZEROES "\",\"rows\":-3}}"},
		{"rows and a fraction", "{\"apart\":{\"hash\":\"ab" ZEROES "\",\"rows\":3.0}}"},
		{"another order of keys", "{\"apart\":{\"rows\":3,\"hash\":\"ab" ZEROES "\"}}"},
		{"surplus", "{\"apart\":{\"hash\":\"ab" ZEROES "\",\"more\":1,\"rows\":3}}"},
		{"white space", "{\"apart\": {\"hash\":\"ab" ZEROES "\",\"rows\":3}}"},
		{"a name that is none of ours", "{\"a\\\"b\":{\"hash\":\"ab" ZEROES "\",\"rows\":3}}"},
		{"a name of nothing", "{\"\":{\"hash\":\"ab" ZEROES "\",\"rows\":3}}"},
		{"another order of tables", "{\"seen\":{\"hash\":\"cd" ZEROES "\",\"rows\":4},"
					    "\"apart\":{\"hash\":\"ab" ZEROES "\",\"rows\":3}}"},
		{"a table twice", "{\"apart\":{\"hash\":\"ab" ZEROES "\",\"rows\":3},"
				  "\"apart\":{\"hash\":\"ab" ZEROES "\",\"rows\":3}}"},
	};
	struct office_digest read;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		print_message("# %s\n", rows[i].name);
		assert_int_equal(office_digest_decode(rows[i].json, strlen(rows[i].json), &fixture->arena, &read),
				 ERR_INVALID);
	}
	assert_int_equal(office_digest_decode(two_json, sizeof(two_json), &fixture->arena, &read), ERR_INVALID);
}

static enum err decode_tables(struct fixture *fixture, unsigned count)
{
	char json[8192] = "{";
	struct office_digest read;
	for (unsigned i = 0; i < count; i++) {
		size_t length = strlen(json);
		snprintf(json + length, sizeof(json) - length, "%s\"t%c%c\":{\"hash\":\"00" ZEROES "\",\"rows\":0}%s",
			 i == 0 ? "" : ",", 'a' + (int) (i / 26), 'a' + (int) (i % 26), i == count - 1 ? "}" : "");
	}
	return office_digest_decode(json, strlen(json), &fixture->arena, &read);
}

static void too_many_tables_are_refused(void **state)
{
	struct fixture *fixture = *state;
	assert_int_equal(decode_tables(fixture, OFFICE_DIGEST_MAX), ERR_OK);
	assert_int_equal(decode_tables(fixture, OFFICE_DIGEST_MAX + 1), ERR_INVALID);
}

#define EACH(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(every_column_of_every_table_counts),        EACH(a_digest_is_what_its_description_says),
		EACH(the_order_in_the_file_does_not_count),      EACH(values_do_not_run_together),
		cmocka_unit_test(the_first_difference_is_named), EACH(a_digest_comes_back_from_json),
		EACH(what_we_would_not_write_is_refused),        EACH(too_many_tables_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
