/* SPDX-License-Identifier: MIT */
/* keeping_fixture.h: the fixture's office with forms that can be read, copies of it that go on by themselves, and what the
 * raw bytes of its files hold. */
#ifndef SOUNDINGS_TESTS_OFFICE_KEEPING_FIXTURE_H
#define SOUNDINGS_TESTS_OFFICE_KEEPING_FIXTURE_H

#include "lib/form/form_document.h"
#include "unit/lib/office/fixture.h"

#include <dirent.h>
#include <stdbool.h>
#include <sys/stat.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* The smallest form there is, but for how long it keeps. */
static inline char *keeping_document(struct fixture *fixture, const char *name, unsigned months)
{
	struct question question = {.name = "better", .type = QUESTION_TEXT, .is_multiline = true, .max_utf16 = 1000};
	struct page page = {.name = "today", .questions = &question, .questions_count = 1};
	struct form form = {.name = name, .keep_months = months, .threshold = 5, .languages_count = 1};
	question.label.of[0] = "What could be better?";
	page.title.of[0] = "Today";
	form.pages = &page;
	form.pages_count = 1;
	form.title.of[0] = "A form";
	form.languages[0] = (struct language){.tag = "en", .variant = "", .base = "en"};
	char *document = NULL;
	size_t length = 0;
	assert_int_equal(form_document_encode(&form, &fixture->arena, &document, &length), ERR_OK);
	return document;
}

/* conversation keeps 24 months, other 12; both in their first version. */
static inline int keeping_set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	assert_non_null(fixture);
	const char *parent = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
	snprintf(fixture->folder, sizeof(fixture->folder), "%s/keeping-test-XXXXXX", parent);
	assert_non_null(mkdtemp(fixture->folder));
	snprintf(fixture->path, sizeof(fixture->path), "%s/office.db", fixture->folder);
	arena_init(&fixture->arena, 64 << 20);
	assert_int_equal(keys_start(), ERR_OK);
	assert_int_equal(office_create(fixture->path), ERR_OK);
	assert_int_equal(office_open(fixture->path, OFFICE_CLI, &fixture->office), ERR_OK);
	fixture_publish(fixture, "conversation", keeping_document(fixture, "conversation", 24));
	fixture_publish(fixture, "other", keeping_document(fixture, "other", 12));
	fixture->event = fixture_add_event(fixture, false, EVENT_OPEN);
	fixture->practice = fixture_add_event(fixture, true, EVENT_OPEN);
	*state = fixture;
	return 0;
}

/* Runs SQL past the office's own functions: days that no test can wait for, damage that no function does. */
static inline void keeping_run(struct fixture *fixture, const char *sql)
{
	sqlite3 *db = NULL;
	assert_int_equal(sqlite3_open_v2(fixture->path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	int code = sqlite3_exec(db, sql, NULL, NULL, NULL);
	if (code != SQLITE_OK)
		print_message("# %s\n", sqlite3_errmsg(db));
	sqlite3_close(db);
	assert_int_equal(code, SQLITE_OK);
}

/* A short text that SQL gives, in OUT. */
static inline const char *keeping_text(struct fixture *fixture, const char *sql, char out[256])
{
	sqlite3 *db = NULL;
	sqlite3_stmt *statement = NULL;
	assert_int_equal(sqlite3_open_v2(fixture->path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	const char *text = (const char *) sqlite3_column_text(statement, 0);
	snprintf(out, 256, "%s", text != NULL ? text : "");
	sqlite3_finalize(statement);
	sqlite3_close(db);
	return out;
}

static inline struct date keeping_day(const char *text)
{
	struct date day = {0};
	assert_int_equal(date_parse(text, &day), ERR_OK);
	return day;
}

static inline char *keeping_read(const char *path, size_t *length)
{
	FILE *file = fopen(path, "rb");
	assert_non_null(file);
	assert_int_equal(fseek(file, 0, SEEK_END), 0);
	*length = (size_t) ftell(file);
	rewind(file);
	char *bytes = malloc(*length + 1);
	assert_non_null(bytes);
	assert_int_equal(fread(bytes, 1, *length, file), *length);
	fclose(file);
	return bytes;
}

/* Whether the bytes are anywhere in the office's file or a journal beside it. */
static inline bool keeping_holds(struct fixture *fixture, const void *wanted, size_t wanted_length)
{
	bool is_found = false;
	DIR *folder = opendir(fixture->folder);
	assert_non_null(folder);
	const char *name = strrchr(fixture->path, '/') + 1;
	for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
		if (strncmp(entry->d_name, name, strlen(name)) != 0)
			continue;
		char path[400];
		size_t length;
		snprintf(path, sizeof(path), "%s/%s", fixture->folder, entry->d_name);
		char *bytes = keeping_read(path, &length);
		is_found = is_found || memmem(bytes, length, wanted, wanted_length) != NULL;
		free(bytes);
	}
	closedir(folder);
	return is_found;
}

static inline bool keeping_holds_text(struct fixture *fixture, const char *text)
{
	return keeping_holds(fixture, text, strlen(text));
}

static inline bool keeping_holds_key(struct fixture *fixture, unsigned person, uint8_t first)
{
	uint8_t key[32];
	fixture_key(person, first, key);
	return keeping_holds(fixture, key, sizeof(key));
}

/* The office as it is now, in a file NAME beside it, open by itself: what a backup or a lost machine's disk would hold. */
static inline struct fixture *keeping_clone(struct fixture *fixture, const char *name)
{
	struct fixture *clone = calloc(1, sizeof(*clone));
	assert_non_null(clone);
	*clone = *fixture;
	clone->office = NULL;
	arena_init(&clone->arena, 64 << 20);
	snprintf(clone->path, sizeof(clone->path), "%s/%s", fixture->folder, name);
	size_t length;
	char *bytes = keeping_read(fixture->path, &length);
	FILE *file = fopen(clone->path, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
	free(bytes);
	assert_int_equal(chmod(clone->path, 0600), 0);
	assert_int_equal(office_open(clone->path, OFFICE_CLI, &clone->office), ERR_OK);
	return clone;
}

static inline void keeping_close(struct fixture *clone)
{
	office_close(clone->office);
	arena_fini(&clone->arena);
	assert_int_equal(unlink(clone->path), 0);
	free(clone);
}

#endif
