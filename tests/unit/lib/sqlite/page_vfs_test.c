/* SPDX-License-Identifier: MIT */
/* page_vfs_test.c: what lies between the rows of a database's pages: what SQLite leaves there, and that ours leave nothing.
 *
 * The same changes, by the same numbers, are made with SQLite's own VFS and with the layer. With its own some of what was deleted, or
 * lies elsewhere by now, can be read in the file: else this test could not fail. */
#include "lib/sqlite/page_vfs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above */
#include <cmocka.h>

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_NAME "pages.db"

enum { ROWS = 1200, ROW_MAX = 18000, MARK = 12, MARKED = 60, LOOK = 500, FILE_MAX = 64 << 20 };

static uint8_t *file;
static size_t file_bytes;
static int home = -1;

static int setup(void **state)
{
	char folder[] = "/tmp/soundings-page-XXXXXX";
	(void) state;
	home = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	file = malloc(FILE_MAX);
	return home < 0 || file == NULL || mkdtemp(folder) == NULL || chdir(folder) != 0;
}

static int teardown(void **state)
{
	char here[4096];
	(void) state;
	unlink(FILE_NAME);
	unlink(FILE_NAME "-journal");
	free(file);
	int failed = getcwd(here, sizeof here) == NULL || fchdir(home) != 0;
	close(home);
	return failed || rmdir(here) != 0;
}

static void run(sqlite3 *db, const char *sql)
{
	char *error = NULL;
	if (sqlite3_exec(db, sql, NULL, NULL, &error) != SQLITE_OK)
		fail_msg("%s: %s", sql, error);
}

static sqlite3 *open_db(const char *vfs, const char *settings)
{
	sqlite3 *db = NULL;
	assert_int_equal(sqlite3_open_v2(FILE_NAME, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, vfs), SQLITE_OK);
	run(db, settings);
	run(db, "PRAGMA secure_delete = ON; PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = OFF");
	return db;
}

static void read_file(void)
{
	int fd = open(FILE_NAME, O_RDONLY);
	ssize_t got = read(fd, file, FILE_MAX);
	close(fd);
	assert_true(got > 0 && got < FILE_MAX);
	file_bytes = (size_t) got;
}

/* Numbers that are the same in every run (Park and Miller's generator, which is enough for sizes and places). */
static uint32_t next(uint32_t *state, uint32_t below)
{
	*state = (uint32_t) ((uint64_t) *state * 48271 % 2147483647);
	return *state % below;
}

/* How many of the rows that are not there any more can be read in the file: each has many a "<mark000012>". Those that are there are
 * found, or nothing would be. */
static unsigned leftovers(const bool *is_there)
{
	static bool is_found[ROWS];
	unsigned left = 0;
	memset(is_found, 0, sizeof is_found);
	read_file();
	const uint8_t *at = file, *end = file + file_bytes;
	while ((at = memchr(at, '<', (size_t) (end - at))) != NULL && end - at >= MARK) {
		char digits[7] = "";
		memcpy(digits, at + 5, 6); /* a row may end in the middle of a mark, and another begin there */
		size_t number = memcmp(at, "<mark", 5) == 0 && strspn(digits, "0123456789") == 6 && at[11] == '>'
					? strtoul(digits, NULL, 10)
					: ROWS;
		if (number < ROWS)
			is_found[number] = true;
		at++;
	}
	for (size_t i = 0; i < ROWS; i++) {
		assert_true(is_found[i] || !is_there[i]);
		left += is_found[i] && !is_there[i];
	}
	return left;
}

/* Every page of the file, of SIZE bytes: what means nothing is zero. Gives how many bytes those are. */
static size_t assert_zeros(size_t size, bool has_maps)
{
	size_t count = 0;
	for (size_t at = 0, from, to; at < file_bytes; at += size)
		if (page_gap(file + at, size, at, has_maps, &from, &to)) {
			for (size_t i = from; i < to; i++)
				assert_int_equal(file[at + i], 0);
			count += to - from;
		}
	return count;
}

static const struct kind {
	const char *name;
	size_t page_size;
	bool has_maps;
	uint32_t longest; /* row, up to ROW_MAX */
	unsigned steps;   /* as many as it takes until SQLite by itself leaves something */
	const char *settings, *table;
} kinds[] = {
	{"a table", 4096, false, 1600, 5000, "PRAGMA page_size = 4096",
	 "CREATE TABLE row (number INTEGER PRIMARY KEY, text)"},
	{"a file that shrinks", 512, true, 300, 10000, "PRAGMA page_size = 512; PRAGMA auto_vacuum = FULL",
	 "CREATE TABLE row (number INTEGER PRIMARY KEY, text)"},
	{"large pages", 65536, false, ROW_MAX, 5000, "PRAGMA page_size = 65536",
	 "CREATE TABLE row (number INTEGER PRIMARY KEY, text)"},
	{"rows in an index", 8192, false, 1600, 5000, "PRAGMA page_size = 8192",
	 "CREATE TABLE row (number INTEGER, text, PRIMARY KEY (number, text)) WITHOUT ROWID"},
};

/* Rows of all sizes come and go. Gives how many of those that have gone can be read, looking now and then. */
static unsigned changes(const char *vfs, const struct kind *kind)
{
	uint32_t chance = 20261122;
	unsigned left = 0;
	static char text[ROW_MAX + MARK];
	static bool is_there[ROWS];
	sqlite3_stmt *insert = NULL, *delete = NULL;
	memset(is_there, 0, sizeof is_there);
	unlink(FILE_NAME);
	sqlite3 *db = open_db(vfs, kind->settings);
	run(db, kind->table);
	assert_int_equal(sqlite3_prepare_v2(db, "INSERT INTO row VALUES (?1, ?2)", -1, &insert, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, "DELETE FROM row WHERE number = ?1", -1, &delete, NULL), SQLITE_OK);
	for (unsigned step = 0; step < kind->steps; step++) {
		uint32_t number = next(&chance, ROWS), length = 30 + next(&chance, kind->longest - 30);
		char mark[16];
		assert_int_equal(snprintf(mark, sizeof mark, "<mark%06u>", (unsigned) number), MARK);
		memset(text, '.', length);
		for (size_t at = 0; at < length; at += MARKED)
			memcpy(text + at, mark, MARK);
		if (step % 20 == 0) {
			run(db, step == 0 ? "BEGIN" : "COMMIT");
			if (step > 0) {
				left += step % LOOK == 0 ? leftovers(is_there) : 0;
				run(db, "BEGIN");
			}
		}
		sqlite3_stmt *statement = is_there[number] ? delete : insert;
		/* Not in the order of their numbers. */
		sqlite3_bind_int64(statement, 1, (sqlite3_int64) number * 7919 % 1000003);
		if (statement == insert)
			sqlite3_bind_text(statement, 2, text, (int) length, SQLITE_STATIC);
		assert_int_equal(sqlite3_step(statement), SQLITE_DONE);
		sqlite3_reset(statement);
		is_there[number] = !is_there[number];
	}
	run(db, "COMMIT");
	sqlite3_finalize(insert);
	sqlite3_finalize(delete);
	assert_int_equal(sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &insert, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(insert), SQLITE_ROW);
	assert_string_equal((const char *) sqlite3_column_text(insert, 0), "ok");
	sqlite3_finalize(insert);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	return left + leftovers(is_there);
}

static void nothing_between_the_rows(void **state)
{
	(void) state;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		unsigned plain = changes(NULL, &kinds[i]);
		assert_int_equal(changes(page_vfs(), &kinds[i]), 0);
		size_t zeros = assert_zeros(kinds[i].page_size, kinds[i].has_maps);
		print_message("%s: %u left by SQLite's own VFS; %zu zeros\n", kinds[i].name, plain, zeros);
		assert_true(plain > 0 && zeros > 0);
	}
}

static void which_part_means_nothing(void **state)
{
	(void) state;
	static const struct row {
		const char *name;
		uint64_t number; /* of the page, from 1 */
		size_t size;
		uint8_t head[12]; /* of the page's header */
		size_t from, to;  /* 0: none */
	} rows[] = {
		{"a leaf of a table", 3, 4096, {13, 0, 0, 0, 2, 0x0F, 0}, 12, 0x0F00},
		{"a leaf of an index", 3, 4096, {10, 0, 0, 0, 2, 0x0F, 0}, 12, 0x0F00},
		{"inside a table", 3, 4096, {5, 0, 0, 0, 2, 0x0F, 0}, 16, 0x0F00},
		{"inside an index", 3, 4096, {2, 0, 0, 0, 2, 0x0F, 0}, 16, 0x0F00},
		{"nothing in it", 3, 4096, {13, 0, 0, 0, 0, 0x10, 0}, 8, 4096},
		{"65,536 is written as 0", 3, 65536, {13, 0, 0, 0, 0, 0, 0}, 8, 65536},
		{"page 1 has the file's header", 1, 4096, {13, 0, 0, 0, 1, 0x0F, 0}, 110, 0x0F00},
		{"full", 3, 4096, {13, 0, 0, 0, 2, 0, 12}, 0, 0},
		{"beyond the page", 3, 4096, {13, 0, 0, 0, 2, 0x10, 1}, 0, 0},
		{"more pointers than room", 3, 4096, {13, 0, 0, 0xFF, 0xFF, 0x0F, 0}, 0, 0},
		{"0 in a small page", 3, 4096, {13, 0, 0, 0, 0, 0, 0}, 0, 0},
		{"an overflow page", 3, 4096, {0, 0, 0, 13, 0, 0x0F, 0}, 0, 0},
		{"zeros", 3, 4096, {0}, 0, 0},
		{"the first map", 2, 4096, {5, 0, 0, 0, 2, 0x0F, 0}, 0, 0},
		{"the second map", 2 + 820, 4096, {2, 0, 0, 0, 2, 0x0F, 0}, 0, 0},
		{"behind the second map", 3 + 820, 4096, {2, 0, 0, 0, 2, 0x0F, 0}, 16, 0x0F00},
		{"a map steps behind the page of the lock byte", 1048578, 1024, {2, 0, 0, 0, 2, 0x03, 0}, 0, 0},
		{"where it is else", 1048578, 4096, {2, 0, 0, 0, 2, 0x03, 0}, 16, 0x0300},
		{"too small", 3, 256, {13, 0, 0, 0, 0, 1, 0}, 0, 0},
		{"no power of two", 3, 5000, {13, 0, 0, 0, 0, 0x0F, 0}, 0, 0},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		static uint8_t page[65536];
		size_t from = 0, to = 0;
		memset(page, 0, sizeof page);
		memcpy(page + (rows[i].number == 1 ? 100 : 0), rows[i].head, sizeof rows[i].head);
		bool is_gap = page_gap(page, rows[i].size, (rows[i].number - 1) * rows[i].size, true, &from, &to);
		if (is_gap != (rows[i].to > 0) || (is_gap && (from != rows[i].from || to != rows[i].to)))
			fail_msg("%s: %d, %zu to %zu", rows[i].name, is_gap, from, to);
		/* Where there are no maps, no place is theirs. */
		bool is_of_map = strstr(rows[i].name, "map") != NULL && !is_gap;
		if (page_gap(page, rows[i].size, (rows[i].number - 1) * rows[i].size, false, &from, &to) !=
		    (is_gap || is_of_map))
			fail_msg("%s, in a file without maps", rows[i].name);
	}
	uint8_t page[512] = {13};
	size_t from, to;
	assert_false(page_gap(page, sizeof page, 100, false, &from, &to)); /* not at a page's place */
}

/* Who opens a database can see whether it is written this way; with another default under it too, and again. */
static void known_by_its_file(void **state)
{
	(void) state;
	unlink(FILE_NAME);
	sqlite3_vfs *usual = sqlite3_vfs_find(NULL), other = *usual;
	sqlite3 *db = open_db(NULL, "");
	assert_false(page_vfs_writes(db));
	sqlite3_close(db);
	other.pNext = NULL;
	other.zName = "other";
	for (unsigned i = 0; i < 4; i++) {
		if (i == 1)
			assert_int_equal(sqlite3_vfs_register(&other, 1), SQLITE_OK);
		if (i == 2)
			assert_int_equal(sqlite3_vfs_unregister(&other),
					 SQLITE_OK); /* the layer may be the default now */
		db = open_db(page_vfs(), "");
		assert_true(page_vfs_writes(db));
		sqlite3_close(db);
	}
	assert_ptr_equal(sqlite3_vfs_find(NULL), usual);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(nothing_between_the_rows, setup, teardown),
		cmocka_unit_test(which_part_means_nothing),
		cmocka_unit_test_setup_teardown(known_by_its_file, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
