/* SPDX-License-Identifier: MIT */
/* store_file_test.c: which files the spooler opens, and which it refuses and leaves alone. */
#include "unit/spooler/store_rig.h"

#include <sys/wait.h>

/* Runs SQL on the spool file as a stranger would. */
static void stranger(const char *sql)
{
	sqlite3 *db = NULL;
	assert_int_equal(sqlite3_open(RIG_FILE, &db), SQLITE_OK);
	int code = sqlite3_exec(db, sql, NULL, NULL, NULL);
	if (code != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	sqlite3_close(db);
	assert_int_equal(chmod(RIG_FILE, 0600), 0);
}

/* Writes BYTES over the file at AT. */
static void overwrite(off_t at, const void *bytes, size_t length)
{
	int fd = open(RIG_FILE, O_WRONLY);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, bytes, length, at), (ssize_t) length);
	close(fd);
}

static void make_mode(void)
{
	assert_int_equal(chmod(RIG_FILE, 0640), 0);
}
static void make_execute(void)
{
	assert_int_equal(chmod(RIG_FILE, 0700), 0);
}
static void make_link(void)
{
	assert_int_equal(rename(RIG_FILE, "other"), 0);
	assert_int_equal(symlink("../other", RIG_FILE), 0);
}
static void make_second_name(void)
{
	assert_int_equal(link(RIG_FILE, "other"), 0);
}
static void make_folder(void)
{
	assert_int_equal(unlink(RIG_FILE), 0);
	assert_int_equal(mkfifo(RIG_FILE, 0600), 0);
}
static void make_journal_mode(void)
{
	int fd = open(RIG_FILE "-journal", O_WRONLY | O_CREAT, 0644);
	assert_true(fd >= 0 && fchmod(fd, 0644) == 0);
	close(fd);
}
static void make_wal(void)
{
	stranger("PRAGMA journal_mode=WAL");
}
static void make_reserved(void)
{
	overwrite(20, "\x08", 1);
}
static void make_newer(void)
{
	stranger("PRAGMA user_version=2");
}
static void make_negative(void)
{
	stranger("PRAGMA user_version=-1");
}
static void make_foreign(void)
{
	stranger("PRAGMA application_id=7");
}
static void make_table(void)
{
	stranger("CREATE TABLE log (who TEXT, at TEXT)");
}
static void make_column(void)
{
	stranger("ALTER TABLE waiting ADD COLUMN hour INTEGER");
}
static void make_trigger(void)
{
	stranger("CREATE TRIGGER late AFTER INSERT ON envelope BEGIN DELETE FROM envelope; END");
}
static void make_no_meta(void)
{
	stranger("DELETE FROM meta");
}
static void make_gap(void)
{
	stranger("INSERT INTO filed SELECT 2, x'0000000000000001', x'0000000000000001'");
}
static void make_no_envelope(void)
{
	stranger("INSERT INTO filed SELECT 1, x'0000000000000001', x'0000000000000001'");
}
static void make_wait(void)
{
	stranger("INSERT INTO waiting VALUES (x'0909090909090909', 1)");
}
static void make_no_wait(void)
{
	stranger("DELETE FROM waiting");
}
static void make_garbage(void)
{
	static const char garbage[4096] = "not a database at all";
	overwrite(0, garbage, sizeof garbage);
}
static void make_damage(void)
{
	uint8_t noise[2048];
	random_bytes(noise, sizeof noise);
	overwrite(2 * 4096, noise, sizeof noise); /* the first table's page */
}
static void make_short(void)
{
	assert_int_equal(truncate(RIG_FILE, 3 * 4096), 0);
}
static void make_pages(void)
{
	assert_int_equal(unlink(RIG_FILE), 0);
	stranger("PRAGMA page_size=8192; PRAGMA application_id=1397638227; CREATE TABLE envelope (key INTEGER PRIMARY "
		 "KEY);"
		 "PRAGMA user_version=1");
}

static void test_refuses(void **state)
{
	static const struct {
		const char *name;
		void (*make)(void);
		enum err expected;
	} rows[] = {
		{"readable by the group", make_mode, ERR_DENIED},
		{"executable", make_execute, ERR_DENIED},
		{"a symbolic link", make_link, ERR_DENIED},
		{"a second name", make_second_name, ERR_DENIED},
		{"not a file", make_folder, ERR_DENIED},
		{"a journal that others may read", make_journal_mode, ERR_DENIED},
		{"WAL mode", make_wal, ERR_INVALID},
		{"bytes at the end of pages", make_reserved, ERR_INVALID},
		{"a newer version", make_newer, ERR_INVALID},
		{"a negative version", make_negative, ERR_INVALID},
		{"another application", make_foreign, ERR_INVALID},
		{"a table too many", make_table, ERR_INVALID},
		{"a column too many", make_column, ERR_INVALID},
		{"a trigger", make_trigger, ERR_INVALID},
		{"no meta row", make_no_meta, ERR_CORRUPT},
		{"a gap in the slots", make_gap, ERR_CORRUPT},
		{"a mark without envelope", make_no_envelope, ERR_CORRUPT},
		{"a wait for nothing", make_wait, ERR_CORRUPT},
		{"envelopes that do not wait", make_no_wait, ERR_CORRUPT},
		{"garbage", make_garbage, ERR_CORRUPT},
		{"damage", make_damage, ERR_CORRUPT},
		{"cut off", make_short, ERR_CORRUPT},
		{"other pages", make_pages, ERR_CORRUPT},
	};
	(void) state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct store store;
		unlink(RIG_FILE);
		unlink(RIG_FILE "-journal");
		unlink("other");
		rig_open(&store);
		rig_append(&store, 0, i);
		store_close(&store);
		rows[i].make();
		enum err error = store_open(&store, RIG_FILE, rig_now);
		store_close(&store);
		if (error != rows[i].expected)
			fail_msg("%s: %d", rows[i].name, (int) error);
		assert_int_equal(store_open(&store, RIG_FILE, rig_now), error); /* refusing changes nothing */
		store_close(&store);
	}
}

/* What a new file looks like to anybody who opens it. */
static void test_makes(void **state)
{
	struct store store;
	struct stat status;
	sqlite3_stmt *statement = NULL;
	sqlite3 *db = NULL;
	static const struct {
		const char *sql, *expected;
	} rows[] =
		{
			{"PRAGMA page_size", "4096"},      {"PRAGMA application_id", "1397638227"},
			{"PRAGMA user_version", "1"},      {"PRAGMA auto_vacuum", "2"},
			{"PRAGMA journal_mode", "delete"}, /* which is not kept in the file; WAL would be */
			{"PRAGMA integrity_check", "ok"},  {"SELECT count(*) FROM meta", "1"},
		};
	(void) state;
	umask(0);
	rig_open(&store);
	assert_int_equal(stat(RIG_FILE, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	rig_append(&store, 0, 0);
	assert_int_equal(stat(RIG_FILE "-journal", &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	assert_int_equal(status.st_size, 0);
	store_close(&store);
	assert_int_equal(sqlite3_open(RIG_FILE, &db), SQLITE_OK);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_int_equal(sqlite3_prepare_v2(db, rows[i].sql, -1, &statement, NULL), SQLITE_OK);
		assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
		assert_string_equal((const char *) sqlite3_column_text(statement, 0), rows[i].expected);
		sqlite3_finalize(statement);
	}
	sqlite3_close(db);
}

/* What another process gets that opens the file while we have it. */
static int stranger_reads(void)
{
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		sqlite3 *db = NULL;
		int code = sqlite3_open(RIG_FILE, &db);
		if (code == SQLITE_OK)
			code = sqlite3_exec(db, "SELECT key FROM envelope", NULL, NULL, NULL);
		_exit(code);
	}
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* Nobody else gets in while it is open, and our own connection runs nothing but our statements. */
static void test_alone(void **state)
{
	static const struct {
		const char *sql;
		bool is_allowed;
	} rows[] = {
		{"SELECT count(*) FROM sqlite_schema", false},
		{"SELECT name FROM sqlite_schema", false},
		{"DROP TABLE envelope", false},
		{"CREATE TABLE log (x)", false},
		{"ATTACH 'other' AS other", false},
		{"PRAGMA journal_mode=WAL", false},
		{"PRAGMA synchronous=OFF", false},
		{"SELECT load_extension('x')", false},
		{"VACUUM INTO 'other'", false},
		{"SELECT key FROM envelope", true},
	};
	struct store store;
	(void) state;
	rig_open(&store);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if ((sqlite3_exec(store.db, rows[i].sql, NULL, NULL, NULL) == SQLITE_OK) != rows[i].is_allowed)
			fail_msg("%s: %s", rows[i].sql, sqlite3_errmsg(store.db));
	assert_int_equal(stranger_reads(), SQLITE_BUSY);
	store_close(&store);
	assert_int_equal(stranger_reads(), SQLITE_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_refuses, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_makes, rig_setup, rig_teardown),
		cmocka_unit_test_setup_teardown(test_alone, rig_setup, rig_teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
