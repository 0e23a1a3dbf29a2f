/* SPDX-License-Identifier: MIT */
/* fixture.h: a real office in a temporary folder, with a form and two events, and letters to file in it. */
#ifndef SOUNDINGS_TESTS_OFFICE_FIXTURE_H
#define SOUNDINGS_TESTS_OFFICE_FIXTURE_H

#include "lib/office/keeping.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <sqlite3.h>

struct fixture {
	char folder[64];
	char path[96];
	struct office *office;
	struct arena arena;
	char *event;    /* open */
	char *practice; /* open, for practice */
};

static const uint8_t fixture_period[KEYS_ID_BYTES] = "ordinary"; /* eight bytes and no NUL */
static const uint8_t fixture_practice_period[KEYS_ID_BYTES] = "practice";

static inline char *fixture_add_event(struct fixture *fixture, bool is_practice, enum event_state state)
{
	static const char *const languages[] = {"en", "cy", "en-x-easy"};
	static const struct catalogue_form_ref forms[] = {{"conversation", 0}};
	struct office_event event = {
		.shown =
			{
				.title = "A conversation",
				.place = "The hall",
				.held_on = {2026, 11, 21},
				.area = "north",
				.programme = "community",
				.is_practice = is_practice,
				.state = state,
				.languages = languages,
				.languages_count = 3,
				.forms = forms,
				.forms_count = 1,
			},
	};
	char *code = NULL;
	assert_int_equal(office_event_add(fixture->office, &event, &fixture->arena, &code), ERR_OK);
	return code;
}

static inline uint32_t fixture_publish(struct fixture *fixture, const char *form, const char *document)
{
	uint32_t version = 0;
	bool is_new;
	assert_int_equal(office_form_publish(fixture->office, form, document, strlen(document), &version, &is_new),
			 ERR_OK);
	return version;
}

static inline int fixture_set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	assert_non_null(fixture);
	/* Memory where there is some: what these tests look at is bytes, not the disk. */
	const char *parent = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
	snprintf(fixture->folder, sizeof(fixture->folder), "%s/office-test-XXXXXX", parent);
	assert_non_null(mkdtemp(fixture->folder));
	snprintf(fixture->path, sizeof(fixture->path), "%s/office.db", fixture->folder);
	arena_init(&fixture->arena, 64 << 20);
	assert_int_equal(keys_start(), ERR_OK);
	assert_int_equal(office_create(fixture->path), ERR_OK);
	assert_int_equal(office_open(fixture->path, OFFICE_CLI, &fixture->office), ERR_OK);
	fixture_publish(fixture, "conversation", "{\"version\":\"one\"}");
	fixture_publish(fixture, "other", "{\"version\":\"other\"}");
	fixture->event = fixture_add_event(fixture, false, EVENT_OPEN);
	fixture->practice = fixture_add_event(fixture, true, EVENT_OPEN);
	*state = fixture;
	return 0;
}

static inline int fixture_tear_down(void **state)
{
	struct fixture *fixture = *state;
	char command[128];
	office_close(fixture->office);
	arena_fini(&fixture->arena);
	snprintf(command, sizeof(command), "rm -rf %s", fixture->folder);
	assert_int_equal(system(command), 0);
	free(fixture);
	return 0;
}

/* The same office as another role sees it; the caller closes it. */
static inline struct office *fixture_open_as(struct fixture *fixture, enum office_role role)
{
	struct office *office = NULL;
	assert_int_equal(office_open(fixture->path, role, &office), ERR_OK);
	return office;
}

/* One number that SQL gives, past the office's own functions and their authorizer. */
static inline int64_t fixture_number(struct fixture *fixture, const char *sql)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *statement = NULL;
	assert_int_equal(sqlite3_open_v2(fixture->path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	int64_t number = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	sqlite3_close(db);
	return number;
}

/* What a test says of a letter; the rest is made from it. NULL event: the fixture's. */
struct fixture_letter {
	const char *event;
	const char *form; /* NULL: conversation */
	unsigned person;  /* whose page: id and receipt follow from it */
	uint32_t edit;
	const char *answers;    /* NULL: {"overall":"good"} */
	const char *apart;      /* NULL: {} */
	const char *text;       /* NULL: none; field "better" */
	const char *apart_text; /* NULL: none; field "belief" */
	const char *canonical;  /* NULL: the answers */
	const char *language;   /* NULL: en */
	const char *variant;    /* NULL: none */
	const char *mode;       /* NULL: phone */
	bool is_practice;
};

static inline void fixture_key(unsigned person, uint8_t first, uint8_t out[32])
{
	uint8_t bytes[5] = {first, (uint8_t) (person >> 24), (uint8_t) (person >> 16), (uint8_t) (person >> 8),
			    (uint8_t) person};
	keys_hash(bytes, sizeof(bytes), out);
}

static inline const uint8_t *fixture_period_of(bool is_practice)
{
	return is_practice ? fixture_practice_period : fixture_period;
}

#define FIXTURE_OR(value, fallback) ((value) != NULL ? (value) : (fallback))

/* Files it within a batch that is open already. */
static inline enum err fixture_put(struct fixture *fixture, struct office *office, const struct fixture_letter *wanted,
				   enum office_filed *result)
{
	struct letter letter = {
		.kind = LETTER_RESPONSE,
		.event = FIXTURE_OR(wanted->event, wanted->is_practice ? fixture->practice : fixture->event),
		.form = FIXTURE_OR(wanted->form, "conversation"),
		.version = 1,
		.language = FIXTURE_OR(wanted->language, "en"),
		.variant = FIXTURE_OR(wanted->variant, ""),
		.mode = FIXTURE_OR(wanted->mode, "phone"),
		.edit = wanted->edit,
	};
	struct office_free_text texts[2];
	struct office_response response = {
		.letter = &letter,
		.answers = FIXTURE_OR(wanted->answers, "{\"overall\":\"good\"}"),
		.apart_answers = FIXTURE_OR(wanted->apart, "{}"),
		.texts = texts,
	};
	response.canonical = FIXTURE_OR(wanted->canonical, response.answers);
	if (wanted->text != NULL)
		texts[response.texts_count++] =
			(struct office_free_text){.field = "better", .language = letter.language, .text = wanted->text};
	if (wanted->apart_text != NULL)
		texts[response.texts_count++] = (struct office_free_text){
			.field = "belief", .language = letter.language, .text = wanted->apart_text, .is_apart = true};
	memcpy(response.period, fixture_period_of(wanted->is_practice), KEYS_ID_BYTES);
	fixture_key(wanted->person, 'i', response.keyed_id);
	fixture_key(wanted->person, 'w', response.keyed_withdraw);
	return office_file_response(office, &response, result);
}

static inline enum office_filed fixture_file(struct fixture *fixture, struct fixture_letter wanted)
{
	enum office_filed result = OFFICE_FILED_COUNT;
	assert_int_equal(office_begin(fixture->office), ERR_OK);
	assert_int_equal(fixture_put(fixture, fixture->office, &wanted, &result), ERR_OK);
	assert_int_equal(office_commit(fixture->office), ERR_OK);
	return result;
}

static inline void fixture_withdraw(struct fixture *fixture, unsigned person, bool is_practice)
{
	uint8_t keyed[32];
	fixture_key(person, 'w', keyed);
	assert_int_equal(office_begin(fixture->office), ERR_OK);
	assert_int_equal(office_file_withdrawal(fixture->office, fixture_period_of(is_practice), is_practice, keyed),
			 ERR_OK);
	assert_int_equal(office_commit(fixture->office), ERR_OK);
}

/* Closes and releases the fixture's event, or releases it again. */
static inline size_t fixture_release(struct fixture *fixture)
{
	uint32_t release = 0;
	size_t responses = 0;
	struct office_event *event = NULL;
	assert_int_equal(office_event_get(fixture->office, fixture->event, &fixture->arena, &event), ERR_OK);
	if (event->shown.state == EVENT_OPEN)
		assert_int_equal(office_event_set_state(fixture->office, fixture->event, EVENT_CLOSED, 0), ERR_OK);
	assert_int_equal(office_event_release(fixture->office, fixture->event, &release, &responses), ERR_OK);
	assert_int_equal(release, event->release + 1);
	return responses;
}

/* A finished backup, as far as the office is concerned: what was released before may be shown. */
static inline uint64_t fixture_backup(struct fixture *fixture)
{
	uint64_t number = 0;
	assert_int_equal(office_backup_begin(fixture->office, (struct date){2026, 11, 21}, &number), ERR_OK);
	assert_int_equal(office_backup_finish(fixture->office, number, "/backups/one.backup"), ERR_OK);
	return number;
}

#endif
