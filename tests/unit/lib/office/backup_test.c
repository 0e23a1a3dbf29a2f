/* SPDX-License-Identifier: MIT */
/* backup_test.c: numbers of backups, what they let go, and the picture of the office that a backup is made of.
 *
 * Other processes that write are this program again, started with --write or --crash and a path: locks of SQLite and
 * of POSIX belong to processes, so a second connection in the same one would prove less. */
#include "unit/lib/office/fixture.h"

#include <dirent.h>
#include <sys/stat.h>
#include <sys/wait.h>

static const struct date today = {2026, 11, 21};

static void run_sql(struct fixture *fixture, const char *sql)
{
	sqlite3 *db = NULL;
	assert_int_equal(sqlite3_open(fixture->path, &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	sqlite3_close(db);
}

static uint64_t begin(struct fixture *fixture, struct date day)
{
	uint64_t number = 0;
	assert_int_equal(office_backup_begin(fixture->office, day, &number), ERR_OK);
	return number;
}

static void finish(struct fixture *fixture, uint64_t number)
{
	char file[64];
	snprintf(file, sizeof(file), "/backups/%llu.backup", (unsigned long long) number);
	assert_int_equal(office_backup_finish(fixture->office, number, file), ERR_OK);
}

/* ---- numbers ------------------------------------------------------------------------------------------------- */

static void numbers_are_never_used_again(void **state)
{
	struct fixture *fixture = *state;
	uint64_t next = 0;
	assert_int_equal(begin(fixture, today), 1);
	assert_int_equal(begin(fixture, today), 2); /* the first never finished */
	office_close(fixture->office);
	fixture->office = fixture_open_as(fixture, OFFICE_CLI);
	assert_int_equal(begin(fixture, today), 3);
	finish(fixture, 2);
	assert_int_equal(office_backup_next(fixture->office, &next), ERR_OK);
	assert_int_equal(next, 4);
	run_sql(fixture, "INSERT INTO backup (number, day, is_finished) VALUES (4, '2026-11-21', 0);"
			 "INSERT INTO expire_run VALUES (1, '2026-11-21', 4)");
	assert_int_equal(begin(fixture, today), 5);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM backup WHERE is_finished"), 1);
}

static void only_what_was_begun_finishes(void **state)
{
	struct fixture *fixture = *state;
	begin(fixture, today);
	run_sql(fixture, "INSERT INTO backup (number, day, is_finished) VALUES (2, '2026-11-21', 0);"
			 "INSERT INTO expire_run VALUES (1, '2026-11-21', 2)");
	static const struct {
		const char *name;
		uint64_t number;
		const char *file;
		enum err error;
	} rows[] = {
		{"never begun", 3, "/backups/3", ERR_NOT_FOUND},
		{"no number", 0, "/backups/0", ERR_NOT_FOUND},
		{"a run of expire", 2, "/backups/2", ERR_NOT_FOUND},
		{"a path from somewhere", 1, "backups/1", ERR_INVALID},
		{"no path", 1, "", ERR_INVALID},
		{"as it should be", 1, "/backups/1", ERR_OK},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		print_message("# %s\n", rows[i].name);
		assert_int_equal(office_backup_finish(fixture->office, rows[i].number, rows[i].file), rows[i].error);
		assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM audit WHERE action = 'backup'"),
				 rows[i].error == ERR_OK);
	}
	assert_int_equal(fixture_number(fixture, "SELECT subject = '1' AND actor = 'cli' FROM audit "
						 "WHERE action = 'backup'"),
			 1);
}

static void the_list_has_the_finished_ones_newest_first(void **state)
{
	struct fixture *fixture = *state;
	struct office_backup *list = NULL;
	size_t count = 9;
	assert_int_equal(office_backup_list(fixture->office, &fixture->arena, &list, &count), ERR_OK);
	assert_int_equal(count, 0);
	for (int i = 1; i <= 4; i++)
		begin(fixture, (struct date){2026, 11, i});
	finish(fixture, 1);
	finish(fixture, 4);
	finish(fixture, 2);
	assert_int_equal(office_backup_gone(fixture->office, 1), ERR_OK);
	assert_int_equal(office_backup_list(fixture->office, &fixture->arena, &list, &count), ERR_OK);
	assert_int_equal(count, 3);
	static const uint64_t numbers[] = {4, 2, 1};
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(list[i].number, numbers[i]);
		assert_int_equal(list[i].day.day, (int) numbers[i]);
		assert_true(list[i].is_finished);
	}
	assert_string_equal(list[0].file, "/backups/4.backup");
	assert_null(list[2].file);
}

static void files_go_after_35_days(void **state)
{
	struct fixture *fixture = *state;
	struct office_backup *list = NULL;
	size_t count = 0;
	/* On 5 April: 35 days after 1 March, over the end of a month. */
	static const struct date days[] = {{2027, 2, 25}, {2027, 2, 26}, {2027, 2, 27},
					   {2027, 2, 28}, {2027, 3, 1},  {2027, 3, 2}};
	for (size_t i = 0; i < 6; i++)
		begin(fixture, days[i]);
	for (uint64_t i = 2; i <= 6; i++)
		finish(fixture, i); /* the first has no file */
	assert_int_equal(office_backup_gone(fixture->office, 3), ERR_OK);
	assert_int_equal(office_backup_over(fixture->office, (struct date){2027, 4, 4}, &fixture->arena, &list, &count),
			 ERR_OK);
	assert_int_equal(count, 2);
	assert_int_equal(office_backup_over(fixture->office, (struct date){2027, 4, 5}, &fixture->arena, &list, &count),
			 ERR_OK);
	assert_int_equal(count, 3);
	assert_int_equal(list[0].number, 2);
	assert_int_equal(list[1].number, 4);
	assert_int_equal(list[2].number, 5);
	assert_string_equal(list[0].file, "/backups/2.backup");
	assert_int_equal(office_backup_gone(fixture->office, 2), ERR_OK);
	assert_int_equal(office_backup_over(fixture->office, (struct date){2027, 4, 5}, &fixture->arena, &list, &count),
			 ERR_OK);
	assert_int_equal(count, 2);
	/* Only a file that was known can go, and each going is in the audit. */
	assert_int_equal(office_backup_gone(fixture->office, 2), ERR_NOT_FOUND);
	assert_int_equal(office_backup_gone(fixture->office, 1), ERR_NOT_FOUND);
	assert_int_equal(office_backup_gone(fixture->office, 7), ERR_NOT_FOUND);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM audit WHERE action = 'backup.expire' "
						 "AND subject IN ('2', '3')"),
			 2);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM audit WHERE action = 'backup.expire'"), 2);
}

/* A backup that a wrong clock has dated is as old as the one before it: neither gone at once nor kept for ten years. */
static void a_wrong_clock_makes_no_backup_older_or_younger(void **state)
{
	struct fixture *fixture = *state;
	static const struct date days[] = {{2027, 3, 1}, {2017, 3, 2}, {2037, 3, 3}, {2027, 3, 4}};
	static const struct {
		struct date today;
		size_t over;
	} rows[] = {{{2027, 3, 5}, 0}, {{2027, 4, 4}, 0}, {{2027, 4, 5}, 3}, {{2027, 4, 8}, 4}, {{2017, 3, 5}, 0}};
	for (size_t i = 0; i < 4; i++)
		finish(fixture, begin(fixture, days[i]));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct office_backup *list = NULL;
		size_t count = 99;
		assert_int_equal(office_backup_over(fixture->office, rows[i].today, &fixture->arena, &list, &count),
				 ERR_OK);
		assert_int_equal(count, rows[i].over);
	}
}

/* What each number was: 'b' a finished backup, 'g' one whose file has gone, 'u' one that never finished, 'e' a run of expire. */
static void make_history(struct fixture *fixture, const char *history, const char *const *days)
{
	run_sql(fixture, "DELETE FROM expire_run; DELETE FROM backup");
	for (size_t i = 0; history[i] != '\0'; i++) {
		char sql[320];
		bool is_finished = history[i] == 'b' || history[i] == 'g';
		snprintf(sql, sizeof(sql),
			 "INSERT INTO backup (number, day, is_finished, file) VALUES (%zu, '%s', %d, %s)", i + 1,
			 days[i], is_finished, history[i] == 'b' ? "'/a'" : "NULL");
		run_sql(fixture, sql);
		snprintf(sql, sizeof(sql),
			 "INSERT INTO expire_run SELECT coalesce(max(number), 0) + 1, '%s', %zu FROM expire_run",
			 days[i], i + 1);
		if (history[i] == 'e')
			run_sql(fixture, sql);
	}
}

static void envelopes_go_by_backups_or_after_seven_runs(void **state)
{
	struct fixture *fixture = *state;
#define NOW "2026-11-21"
#define AT_LIMIT "2026-10-17" /* 35 days before */
#define OLD "2026-10-16"
	static const struct {
		const char *name;
		const char *history;
		const char *days[12];
		uint64_t number;
	} rows[] = {
		{"nothing yet", "", {0}, 0},
		{"one that runs", "u", {NOW}, 0},
		{"one today", "b", {NOW}, 1},
		{"the newest counts", "bbu", {OLD, NOW, NOW}, 2},
		{"one that runs lets go of nothing", "bu", {NOW, NOW}, 1},
		{"35 days old, and runs since", "beeeeeee", {AT_LIMIT, NOW, NOW, NOW, NOW, NOW, NOW, NOW}, 1},
		{"a file that has gone was a backup", "g", {AT_LIMIT}, 1},
		{"36 days old, and six runs since", "beeeeee", {OLD, NOW, NOW, NOW, NOW, NOW, NOW}, 1},
		{"36 days old, and seven runs since", "beeeeeee", {OLD, NOW, NOW, NOW, NOW, NOW, NOW, NOW}, 2},
		{"36 days old, and nine runs since",
		 "beeeeeeeee",
		 {OLD, OLD, OLD, OLD, OLD, OLD, NOW, NOW, NOW, NOW},
		 4},
		{"36 days old, with runs before it", "eeeebeee", {OLD, OLD, OLD, OLD, OLD, NOW, NOW, NOW}, 5},
		{"gone, old, and no run", "g", {OLD}, 1},
		{"no backup, six runs", "eeeeee", {OLD, OLD, OLD, OLD, OLD, NOW}, 0},
		{"no backup, seven runs", "eeeeeee", {OLD, OLD, OLD, OLD, OLD, OLD, NOW}, 1},
		{"no backup, nine runs", "eeeeeeeee", {OLD, OLD, OLD, OLD, OLD, OLD, OLD, OLD, NOW}, 3},
		{"none that finished, seven runs",
		 "uueeueeeeeu",
		 {OLD, OLD, OLD, OLD, OLD, OLD, OLD, OLD, OLD, OLD, NOW},
		 3},
		{"seven runs, and then a backup", "eeeeeeeb", {OLD, OLD, OLD, OLD, OLD, OLD, OLD, NOW}, 8},
		{"a clock that was ahead", "b", {"2027-01-01"}, 1},
		{"a clock that was ahead, and is right again", "bb", {NOW, "2036-11-21"}, 2},
		{"a clock that was ahead long ago, and seven runs",
		 "bbeeeeeee",
		 {OLD, "2036-11-21", OLD, NOW, NOW, NOW, NOW, NOW, NOW},
		 3},
		{"a clock that had fallen back", "bb", {NOW, "2016-11-21"}, 2},
	};
	struct office *collector = fixture_open_as(fixture, OFFICE_COLLECTOR);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint64_t number = 99;
		print_message("# %s\n", rows[i].name);
		make_history(fixture, rows[i].history, rows[i].days);
		assert_int_equal(office_droppable(collector, today, &number), ERR_OK);
		assert_int_equal(number, rows[i].number);
	}
	office_close(collector);
}

/* ---- the picture: what comes out of it ----------------------------------------------------------------------- */

struct picture {
	struct office_digest digest;
	uint64_t told; /* bytes, before the first came */
	uint8_t *bytes;
	size_t length;
	void (*at_begin)(struct picture *picture);
	void (*at_first)(struct picture *picture);
	enum err begin_error, sink_error;
	struct fixture *fixture;
	sqlite3 *writer; /* a connection of another program's, or NULL */
	pid_t child;
	int go; /* a pipe to the child's standard input */
};

static enum err picture_begin(void *context, const struct office_digest *digest, uint64_t bytes)
{
	struct picture *picture = context;
	assert_int_equal(picture->length, 0);
	picture->digest = *digest;
	picture->told = bytes;
	picture->bytes = test_malloc((size_t) bytes);
	if (picture->at_begin != NULL)
		picture->at_begin(picture);
	return picture->begin_error;
}

static enum err picture_sink(void *context, const void *data, size_t length)
{
	struct picture *picture = context;
	assert_true(picture->length + length <= picture->told);
	if (picture->length == 0 && picture->at_first != NULL)
		picture->at_first(picture);
	memcpy(picture->bytes + picture->length, data, length);
	picture->length += length;
	return picture->sink_error;
}

static enum err take(struct fixture *fixture, struct picture *picture)
{
	const struct office_snapshot snapshot = {picture_begin, picture_sink, picture};
	picture->fixture = fixture;
	return office_snapshot(fixture->office, &snapshot);
}

/* Opened as a database it is whole, and holds what DIGEST says. */
static void expect_whole(struct fixture *fixture, struct picture *picture, const struct office_digest *digest)
{
	struct fixture copy = *fixture;
	struct office_digest found;
	const char *table = NULL;
	assert_int_equal(picture->length, picture->told);
	snprintf(copy.path, sizeof(copy.path), "%s/copy.db", fixture->folder);
	FILE *file = fopen(copy.path, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(picture->bytes, 1, picture->length, file), picture->length);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(copy.path, 0600), 0);
	assert_int_equal(fixture_number(&copy, "SELECT integrity_check = 'ok' FROM pragma_integrity_check"), 1);
	copy.office = fixture_open_as(&copy, OFFICE_CLI);
	assert_int_equal(office_digest(copy.office, &found), ERR_OK);
	office_close(copy.office);
	if (!office_digest_is_equal(&picture->digest, &found, &table))
		fail_msg("the copy differs in %s from what was told", table);
	if (!office_digest_is_equal(digest, &found, &table))
		fail_msg("the copy differs in %s from what was committed", table);
	unlink(copy.path);
	test_free(picture->bytes);
}

static struct office_digest digest_now(struct fixture *fixture)
{
	struct office_digest digest;
	assert_int_equal(office_digest(fixture->office, &digest), ERR_OK);
	return digest;
}

static void fill(struct fixture *fixture, unsigned count)
{
	for (unsigned person = 0; person < count; person++)
		fixture_file(fixture, (struct fixture_letter){
					      .person = person, .text = "text", .apart_text = "b", .canonical = "{}"});
}

static void a_picture_is_the_office(void **state)
{
	struct fixture *fixture = *state;
	fill(fixture, 40);
	struct office_digest before = digest_now(fixture);
	struct picture picture = {0};
	assert_int_equal(take(fixture, &picture), ERR_OK);
	expect_whole(fixture, &picture, &before);
	fixture_file(fixture, (struct fixture_letter){.person = 1000}); /* and the office goes on */
}

/* ---- the picture: while others write ------------------------------------------------------------------------- */

static size_t descriptors_of(const char *path)
{
	size_t count = 0;
	DIR *folder = opendir("/proc/self/fd");
	assert_non_null(folder);
	for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
		char name[300], target[256];
		snprintf(name, sizeof(name), "/proc/self/fd/%s", entry->d_name);
		ssize_t length = readlink(name, target, sizeof(target) - 1);
		target[length > 0 ? length : 0] = '\0';
		count += strcmp(target, path) == 0;
	}
	closedir(folder);
	return count;
}

/* Closing a second descriptor would drop the lock that the picture depends on. */
static void expect_one_descriptor(struct picture *picture)
{
	assert_int_equal(descriptors_of(picture->fixture->path), 1);
}

static void the_file_is_opened_once(void **state)
{
	struct fixture *fixture = *state;
	struct picture picture = {.at_begin = expect_one_descriptor, .at_first = expect_one_descriptor};
	fill(fixture, 3);
	struct office_digest before = digest_now(fixture);
	assert_int_equal(take(fixture, &picture), ERR_OK);
	assert_int_equal(descriptors_of(fixture->path), 1);
	expect_whole(fixture, &picture, &before);
}

/* The writer has its changes ready, and cannot put them into the file. Readers can go on until it tries. */
static void expect_writer_waits(struct picture *picture)
{
	struct office *reader = fixture_open_as(picture->fixture, OFFICE_READER);
	struct office_event *events = NULL;
	size_t count = 0;
	assert_int_equal(office_event_list(reader, &picture->fixture->arena, &events, &count), ERR_OK);
	assert_int_equal(count, 2);
	office_close(reader);
	assert_int_equal(sqlite3_exec(picture->writer, "COMMIT", NULL, NULL, NULL), SQLITE_BUSY);
}

static void a_transaction_that_is_open_is_not_in_the_picture(void **state)
{
	struct fixture *fixture = *state;
	fill(fixture, 20);
	struct office_digest before = digest_now(fixture);
	struct picture picture = {.at_first = expect_writer_waits};
	assert_int_equal(sqlite3_open(fixture->path, &picture.writer), SQLITE_OK);
	assert_int_equal(sqlite3_exec(picture.writer,
				      "BEGIN IMMEDIATE; UPDATE response SET answers = '{\"changed\":1}'", NULL, NULL,
				      NULL),
			 SQLITE_OK);
	assert_int_equal(take(fixture, &picture), ERR_OK);
	assert_int_equal(sqlite3_exec(picture.writer, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(picture.writer);
	expect_whole(fixture, &picture, &before);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM response WHERE answers = '{\"changed\":1}'"),
			 20);
}

static void start_child(struct fixture *fixture, const char *verb, struct picture *picture)
{
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	picture->child = fork();
	assert_true(picture->child >= 0);
	if (picture->child == 0) {
		dup2(ends[0], STDIN_FILENO);
		close(ends[0]);
		close(ends[1]);
		execl("/proc/self/exe", "backup_test", verb, fixture->path, (char *) NULL);
		_exit(127);
	}
	close(ends[0]);
	picture->go = ends[1];
}

static int end_child(struct picture *picture)
{
	int status = -1;
	close(picture->go);
	assert_int_equal(waitpid(picture->child, &status, 0), picture->child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void let_child_go(struct picture *picture)
{
	assert_int_equal(write(picture->go, "g", 1), 1);
}

static void expect_child_waits(struct picture *picture)
{
	int status;
	usleep(300 * 1000);
	assert_int_equal(waitpid(picture->child, &status, WNOHANG), 0);
}

static void another_program_files_after_the_picture(void **state)
{
	struct fixture *fixture = *state;
	fill(fixture, 20);
	struct office_digest before = digest_now(fixture);
	struct picture picture = {.at_begin = let_child_go, .at_first = expect_child_waits};
	start_child(fixture, "--write", &picture);
	assert_int_equal(take(fixture, &picture), ERR_OK);
	assert_int_equal(end_child(&picture), 0);
	expect_whole(fixture, &picture, &before);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM response"), 21);
	/* The next one has it. */
	struct picture next = {0};
	before = digest_now(fixture);
	assert_int_equal(take(fixture, &next), ERR_OK);
	expect_whole(fixture, &next, &before);
}

static uint8_t *read_whole(const char *path, size_t *length)
{
	FILE *file = fopen(path, "rb");
	assert_non_null(file);
	assert_int_equal(fseek(file, 0, SEEK_END), 0);
	*length = (size_t) ftell(file);
	rewind(file);
	uint8_t *bytes = test_malloc(*length);
	assert_int_equal(fread(bytes, 1, *length, file), *length);
	fclose(file);
	return bytes;
}

/* A program that died in the middle of writing leaves changed pages in the file and the old ones in its journal. */
static void what_a_crash_left_is_rolled_back_first(void **state)
{
	struct fixture *fixture = *state;
	size_t length = 0, torn_length = 0;
	fill(fixture, 200);
	struct office_digest before = digest_now(fixture);
	uint8_t *whole = read_whole(fixture->path, &length);
	struct picture picture = {0};
	start_child(fixture, "--crash", &picture);
	let_child_go(&picture);
	assert_int_equal(end_child(&picture), 9);
	uint8_t *torn = read_whole(fixture->path, &torn_length);
	assert_false(torn_length == length && memcmp(whole, torn, length) == 0);
	test_free(torn);
	assert_int_equal(take(fixture, &picture), ERR_OK);
	assert_int_equal(picture.length, length);
	assert_memory_equal(picture.bytes, whole, length);
	test_free(whole);
	expect_whole(fixture, &picture, &before);
}

static void a_failure_ends_the_picture(void **state)
{
	struct fixture *fixture = *state;
	static const struct {
		const char *name;
		enum err begin, sink;
	} rows[] = {{"at its beginning", ERR_FULL, ERR_OK}, {"at its first piece", ERR_OK, ERR_FULL}};
	fill(fixture, 3);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct picture picture = {.begin_error = rows[i].begin, .sink_error = rows[i].sink};
		print_message("# %s\n", rows[i].name);
		assert_int_equal(take(fixture, &picture), ERR_FULL);
		assert_int_equal(picture.length, rows[i].begin == ERR_OK ? 65536 : 0);
		test_free(picture.bytes);
		/* Its transaction is over: others may write, and so may we. */
		run_sql(fixture, "UPDATE meta SET serial = serial + 1");
		fixture_file(fixture, (struct fixture_letter){.person = 100 + (unsigned) i});
	}
}

/* ---- the other programs -------------------------------------------------------------------------------------- */

/* As the collector: one response, filed after a byte has come. */
static int write_one(struct fixture *fixture)
{
	struct fixture_letter letter = {.person = 500, .event = NULL};
	enum office_filed result;
	char code[8] = "";
	char byte;
	sqlite3 *db = NULL;
	sqlite3_stmt *statement = NULL;
	if (sqlite3_open_v2(fixture->path, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(db, "SELECT code FROM event WHERE is_practice = 0", -1, &statement, NULL) != SQLITE_OK ||
	    sqlite3_step(statement) != SQLITE_ROW)
		return 2;
	snprintf(code, sizeof(code), "%s", (const char *) sqlite3_column_text(statement, 0));
	sqlite3_finalize(statement);
	sqlite3_close(db);
	letter.event = code;
	if (keys_start() != ERR_OK || office_open(fixture->path, OFFICE_COLLECTOR, &fixture->office) != ERR_OK)
		return 3;
	if (read(STDIN_FILENO, &byte, 1) != 1)
		return 4;
	bool is_filed = office_begin(fixture->office) == ERR_OK &&
			fixture_put(fixture, fixture->office, &letter, &result) == ERR_OK &&
			office_commit(fixture->office) == ERR_OK && result == OFFICE_FILED_NEW;
	office_close(fixture->office);
	return is_filed ? 0 : 5;
}

/* Changes every page it can, with room for two in its cache, so that the file is written before the end; then dies. */
static int crash(const char *path)
{
	static const char sql[] = "PRAGMA journal_mode = TRUNCATE; PRAGMA cache_size = 2; BEGIN IMMEDIATE; "
				  "UPDATE response SET answers = '{\"torn\":' || hex(randomblob(500)) || '}'; "
				  "UPDATE apart SET answers = '{\"torn\":1}'; UPDATE free_text SET text = 'torn'; "
				  "DELETE FROM link; DELETE FROM seen";
	sqlite3 *db = NULL;
	if (sqlite3_open(path, &db) != SQLITE_OK || sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return 2;
	_exit(9);
}

#define EACH(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

int main(int argc, char **argv)
{
	struct fixture fixture = {0};
	if (argc == 3)
		snprintf(fixture.path, sizeof(fixture.path), "%s", argv[2]);
	if (argc == 3 && strcmp(argv[1], "--write") == 0)
		return write_one(&fixture);
	if (argc == 3 && strcmp(argv[1], "--crash") == 0)
		return crash(fixture.path);
	const struct CMUnitTest tests[] = {
		EACH(numbers_are_never_used_again),
		EACH(only_what_was_begun_finishes),
		EACH(the_list_has_the_finished_ones_newest_first),
		EACH(files_go_after_35_days),
		EACH(a_wrong_clock_makes_no_backup_older_or_younger),
		EACH(envelopes_go_by_backups_or_after_seven_runs),
		EACH(a_picture_is_the_office),
		EACH(the_file_is_opened_once),
		EACH(a_transaction_that_is_open_is_not_in_the_picture),
		EACH(another_program_files_after_the_picture),
		EACH(what_a_crash_left_is_rolled_back_first),
		EACH(a_failure_ends_the_picture),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
