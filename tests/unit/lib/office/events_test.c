/* SPDX-License-Identifier: MIT */
/* events_test.c: events come back as they were added, step from state to state as they may, and are published with the form
 * versions they have served. */
#include "unit/lib/office/fixture.h"

static struct office_event *get(struct fixture *fixture, const char *code)
{
	struct office_event *event = NULL;
	assert_int_equal(office_event_get(fixture->office, code, &fixture->arena, &event), ERR_OK);
	return event;
}

static void an_event_comes_back(void **state)
{
	struct fixture *fixture = *state;
	struct office_event *event = get(fixture, fixture->event);
	assert_string_equal(event->shown.code, fixture->event);
	assert_string_equal(event->shown.title, "A conversation");
	assert_string_equal(event->shown.place, "The hall");
	assert_int_equal(event->shown.held_on.year, 2026);
	assert_int_equal(event->shown.held_on.day, 21);
	assert_string_equal(event->shown.area, "north");
	assert_false(event->shown.is_practice);
	assert_int_equal(event->shown.state, EVENT_OPEN);
	assert_int_equal(event->shown.languages_count, 3);
	assert_string_equal(event->shown.languages[2], "en-x-easy");
	assert_int_equal(event->shown.forms_count, 1);
	assert_string_equal(event->shown.forms[0].form, "conversation");
	assert_null(event->shown.shown);
	assert_true(get(fixture, fixture->practice)->shown.is_practice);
	char lower[7];
	for (size_t i = 0; i < 7; i++)
		lower[i] = (char) (fixture->event[i] >= 'A' ? fixture->event[i] + 32 : fixture->event[i]);
	assert_string_equal(get(fixture, lower)->shown.code, fixture->event);
	assert_int_equal(office_event_get(fixture->office, "ZZZZZ9", &fixture->arena, &event), ERR_NOT_FOUND);
}

static void codes_are_readable_and_all_different(void **state)
{
	struct fixture *fixture = *state;
	static const char signs[] = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
	for (int i = 0; i < 200; i++) {
		const char *code = fixture_add_event(fixture, false, EVENT_PLANNED);
		assert_int_equal(strlen(code), 6);
		assert_int_equal(strspn(code, signs), 6);
		assert_non_null(strpbrk(code, "23456789"));
	}
	assert_int_equal(fixture_number(fixture, "SELECT count(DISTINCT code) FROM event"), 202);
}

static void an_impossible_event_is_refused(void **state)
{
	struct fixture *fixture = *state;
	static const char *const languages[] = {"en"};
	static const struct catalogue_form_ref known[] = {{"conversation", 1}};
	static const struct catalogue_form_ref unknown[] = {{"nowhere", 0}};
	static const struct catalogue_form_ref too_new[] = {{"conversation", 2}};
	char long_title[203];
	memset(long_title, 'x', sizeof(long_title) - 1);
	long_title[sizeof(long_title) - 1] = '\0';
	const struct {
		const char *name;
		const char *title;
		const struct catalogue_form_ref *forms;
		size_t languages_count;
		enum event_state state;
		enum err error;
	} rows[] = {
		{"as it should be", "Title", known, 1, EVENT_PLANNED, ERR_OK},
		{"no title", " ", known, 1, EVENT_PLANNED, ERR_INVALID},
		{"a long title", long_title, known, 1, EVENT_PLANNED, ERR_INVALID},
		{"no language", "Title", known, 0, EVENT_PLANNED, ERR_INVALID},
		{"released before it began", "Title", known, 1, EVENT_RELEASED, ERR_INVALID},
		{"an unknown form", "Title", unknown, 1, EVENT_PLANNED, ERR_NOT_FOUND},
		{"a version to come", "Title", too_new, 1, EVENT_PLANNED, ERR_NOT_FOUND},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct office_event event = {.shown = {.title = rows[i].title,
						       .place = "",
						       .held_on = {2026, 1, 31},
						       .area = "a",
						       .programme = "p",
						       .state = rows[i].state,
						       .languages = languages,
						       .languages_count = rows[i].languages_count,
						       .forms = rows[i].forms,
						       .forms_count = 1}};
		char *code = NULL;
		print_message("# %s\n", rows[i].name);
		assert_int_equal(office_event_add(fixture->office, &event, &fixture->arena, &code), rows[i].error);
	}
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM event"), 3);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM audit WHERE action = 'event.add'"), 3);
}

static void states_step_as_they_may(void **state)
{
	struct fixture *fixture = *state;
	static const struct {
		enum event_state to;
		enum err error;
		enum event_state after;
	} steps[] = {
		{EVENT_GRACE, ERR_CONFLICT, EVENT_PLANNED},
		{EVENT_CLOSED, ERR_CONFLICT, EVENT_PLANNED},
		{EVENT_OPEN, ERR_OK, EVENT_OPEN},
		{EVENT_OPEN, ERR_CONFLICT, EVENT_OPEN},
		{EVENT_PLANNED, ERR_CONFLICT, EVENT_OPEN},
		{EVENT_GRACE, ERR_OK, EVENT_GRACE},
		{EVENT_CLOSED, ERR_OK, EVENT_CLOSED},
		{EVENT_OPEN, ERR_OK, EVENT_OPEN},
		{EVENT_GRACE, ERR_OK, EVENT_GRACE},
		{EVENT_OPEN, ERR_OK, EVENT_OPEN},
		{EVENT_CLOSED, ERR_OK, EVENT_CLOSED},
		{EVENT_GRACE, ERR_CONFLICT, EVENT_CLOSED},
		{EVENT_RELEASED, ERR_CONFLICT, EVENT_CLOSED},
		{EVENT_OPEN, ERR_OK, EVENT_OPEN},
	};
	char *code = fixture_add_event(fixture, false, EVENT_PLANNED);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		assert_int_equal(office_event_set_state(fixture->office, code, steps[i].to, 5000), steps[i].error);
		struct office_event *event = get(fixture, code);
		assert_int_equal(event->shown.state, steps[i].after);
		assert_int_equal(event->grace_until, steps[i].after == EVENT_GRACE ? 5000 + 86400 : 0);
	}
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM audit WHERE action IN "
						 "('event.open', 'event.grace', 'event.close')"),
			 8);
	assert_int_equal(office_event_set_state(fixture->office, "ZZZZZ9", EVENT_OPEN, 0), ERR_NOT_FOUND);
}

static void grace_ends_by_the_timer_and_asks_for_a_flush(void **state)
{
	struct fixture *fixture = *state;
	uint64_t wanted, done;
	size_t changed = 9;
	assert_int_equal(office_event_set_state(fixture->office, fixture->event, EVENT_GRACE, 1000), ERR_OK);
	assert_int_equal(office_event_tick(fixture->office, 1000 + 86399, &changed), ERR_OK);
	assert_int_equal(changed, 0);
	assert_int_equal(office_flush(fixture->office, &wanted, &done), ERR_OK);
	assert_int_equal(wanted, 0);
	assert_int_equal(office_event_tick(fixture->office, 1000 + 86400, &changed), ERR_OK);
	assert_int_equal(changed, 1);
	assert_int_equal(get(fixture, fixture->event)->shown.state, EVENT_CLOSED);
	assert_int_equal(office_flush(fixture->office, &wanted, &done), ERR_OK);
	assert_int_equal(wanted, 1);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM audit WHERE actor = 'timer'"), 1);
}

/* ---- forms and the catalogue --------------------------------------------------------------------------------- */

static void the_same_document_is_the_same_version(void **state)
{
	struct fixture *fixture = *state;
	static const struct {
		const char *document;
		uint32_t version;
		bool is_new;
	} rows[] = {{"{\"version\":\"one\"}", 1, false},
		    {"{\"version\":\"two\"}", 2, true},
		    {"{\"version\":\"two\"}", 2, false},
		    {"{\"version\":\"one\"}", 3, true}};
	uint32_t version = 0, found = 0;
	size_t length = 0, count = 0;
	char *document = NULL;
	bool is_new;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(office_form_publish(fixture->office, "conversation", rows[i].document,
						     strlen(rows[i].document), &version, &is_new),
				 ERR_OK);
		assert_int_equal(version, rows[i].version);
		assert_int_equal(is_new, rows[i].is_new);
	}
	assert_int_equal(
		office_form_get(fixture->office, "conversation", 0, &fixture->arena, &found, &document, &length),
		ERR_OK);
	assert_int_equal(found, 3);
	assert_int_equal(
		office_form_get(fixture->office, "conversation", 2, &fixture->arena, &found, &document, &length),
		ERR_OK);
	assert_string_equal(document, "{\"version\":\"two\"}");
	assert_int_equal(length, strlen(document));
	assert_int_equal(
		office_form_get(fixture->office, "conversation", 4, &fixture->arena, &found, &document, &length),
		ERR_NOT_FOUND);
	struct office_form_row *rows_found = NULL;
	assert_int_equal(office_form_list(fixture->office, &fixture->arena, &rows_found, &count), ERR_OK);
	assert_int_equal(count, 4);
	assert_false(rows_found[1].is_newest);
	assert_true(rows_found[2].is_newest);
	assert_string_equal(rows_found[3].form, "other");
	assert_true(rows_found[3].is_newest);
	assert_int_equal(office_form_publish(fixture->office, "x", "a\0b", 3, &version, &is_new), ERR_INVALID);
}

static struct catalogue_content *content(struct fixture *fixture)
{
	struct catalogue_content *found = NULL;
	assert_int_equal(office_catalogue(fixture->office, &fixture->arena, &found), ERR_OK);
	return found;
}

static const struct catalogue_event *event_in(const struct catalogue_content *content, const char *code)
{
	for (size_t i = 0; i < content->events_count; i++) {
		if (strcmp(content->events[i].code, code) == 0)
			return &content->events[i];
	}
	return NULL;
}

static bool has_version(const struct catalogue_content *content, const char *form, uint32_t version)
{
	for (size_t i = 0; i < content->forms_count; i++) {
		if (strcmp(content->forms[i].form, form) == 0 && content->forms[i].version == version)
			return true;
	}
	return false;
}

static void serials_rise_and_texts_must_be_there(void **state)
{
	struct fixture *fixture = *state;
	struct catalogue_content *found = NULL;
	assert_int_equal(office_catalogue(fixture->office, &fixture->arena, &found), ERR_NOT_FOUND);
	assert_int_equal(office_text_set(fixture->office, "organisation", "{\"name\":\"one\"}"), ERR_OK);
	assert_int_equal(office_text_set(fixture->office, "organisation", "{\"name\":\"two\"}"), ERR_OK);
	assert_int_equal(office_text_set(fixture->office, "words", "{}"), ERR_OK);
	uint64_t serial = content(fixture)->serial;
	found = content(fixture);
	assert_int_equal(found->serial, serial + 1);
	assert_string_equal(found->organisation, "{\"name\":\"two\"}");
	assert_int_equal(found->events_count, 2);
	assert_false(has_version(found, "other", 1)); /* nobody asks it */
}

static void an_event_keeps_the_version_it_served(void **state)
{
	struct fixture *fixture = *state;
	char *planned = fixture_add_event(fixture, false, EVENT_PLANNED);
	assert_int_equal(office_text_set(fixture->office, "organisation", "{}"), ERR_OK);
	assert_int_equal(office_text_set(fixture->office, "words", "{}"), ERR_OK);
	struct catalogue_content *first = content(fixture);
	assert_int_equal(event_in(first, fixture->event)->forms[0].version, 1);
	assert_int_equal(event_in(first, planned)->forms[0].version, 1);
	fixture_publish(fixture, "conversation", "{\"version\":\"two\"}");
	struct catalogue_content *second = content(fixture);
	assert_int_equal(event_in(second, fixture->event)->forms[0].version, 1);
	assert_int_equal(event_in(second, planned)->forms[0].version, 2);
	assert_int_equal(event_in(second, fixture->practice)->forms[0].version, 2);
	assert_true(has_version(second, "conversation", 1));
	assert_true(has_version(second, "conversation", 2));
	assert_string_equal(second->forms[0].document, "{\"version\":\"one\"}");
}

static void a_released_event_lets_its_versions_go(void **state)
{
	struct fixture *fixture = *state;
	bool is_asked = false;
	assert_int_equal(office_text_set(fixture->office, "organisation", "{}"), ERR_OK);
	assert_int_equal(office_text_set(fixture->office, "words", "{}"), ERR_OK);
	assert_true(has_version(content(fixture), "conversation", 1));
	fixture_publish(fixture, "conversation", "{\"version\":\"two\"}");
	/* The practice event has served version 1 as well; without it only the ordinary one holds it. And that one has
	 * served a form that it no longer asks. */
	char sql[256];
	snprintf(sql, sizeof(sql),
		 "PRAGMA foreign_keys = ON; DELETE FROM event WHERE code = '%s'; "
		 "INSERT INTO event_served (event, form, version) VALUES ('%s', 'other', 1)",
		 fixture->practice, fixture->event);
	sqlite3 *db = NULL;
	assert_int_equal(sqlite3_open(fixture->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	assert_true(has_version(content(fixture), "conversation", 1));
	fixture_release(fixture);
	/* Until a backup holds it, everything is as it was: closed, and what comes late is judged by the same forms. */
	struct catalogue_content *waiting = content(fixture);
	assert_true(has_version(waiting, "conversation", 1));
	assert_true(has_version(waiting, "other", 1));
	assert_int_equal(event_in(waiting, fixture->event)->state, EVENT_CLOSED);
	assert_int_equal(event_in(waiting, fixture->event)->forms_count, 1);
	assert_int_equal(event_in(waiting, fixture->event)->forms[0].version, 1);
	fixture_backup(fixture);
	struct catalogue_content *after = content(fixture);
	assert_false(has_version(after, "conversation", 1));
	assert_false(has_version(after, "other", 1));
	assert_int_equal(event_in(after, fixture->event)->state, EVENT_RELEASED);
	assert_int_equal(event_in(after, fixture->event)->forms_count, 0);
	assert_int_equal(office_event_asks(fixture->office, fixture->event, "conversation", &is_asked), ERR_OK);
	assert_true(is_asked);
	assert_int_equal(office_event_asks(fixture->office, fixture->event, "other", &is_asked), ERR_OK);
	assert_false(is_asked);
}

/* A release is told when its backup has finished; while a later one waits, the event's forms are back for what comes late. What organisers
 * tell of a closed event is none of a release's, and waits for nothing. */
static void a_release_is_told_after_its_backup(void **state)
{
	struct fixture *fixture = *state;
	static const char sql[] = "PRAGMA foreign_keys = ON; DELETE FROM event WHERE is_practice";
	sqlite3 *db = NULL;
	assert_int_equal(office_text_set(fixture->office, "organisation", "{}"), ERR_OK);
	assert_int_equal(office_text_set(fixture->office, "words", "{}"), ERR_OK);
	/* Nobody else asks that form. */
	assert_int_equal(sqlite3_open(fixture->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	fixture_release(fixture);
	struct catalogue_content *waiting = content(fixture); /* it was never published before */
	assert_int_equal(event_in(waiting, fixture->event)->state, EVENT_CLOSED);
	assert_non_null(event_in(waiting, fixture->event)->shown);
	assert_true(has_version(waiting, "conversation", 1));
	fixture_backup(fixture);
	assert_int_equal(event_in(content(fixture), fixture->event)->state, EVENT_RELEASED);
	assert_non_null(event_in(content(fixture), fixture->event)->shown);
	for (unsigned person = 0; person < 5; person++)
		fixture_file(fixture, (struct fixture_letter){.person = person});
	assert_int_equal(fixture_release(fixture), 5);
	const struct catalogue_event *again = event_in(content(fixture), fixture->event);
	assert_int_equal(again->state, EVENT_CLOSED);
	assert_int_equal(again->forms_count, 1);
	fixture_backup(fixture);
	assert_int_equal(event_in(content(fixture), fixture->event)->state, EVENT_RELEASED);
}

#define EACH(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(an_event_comes_back),
		EACH(codes_are_readable_and_all_different),
		EACH(an_impossible_event_is_refused),
		EACH(states_step_as_they_may),
		EACH(grace_ends_by_the_timer_and_asks_for_a_flush),
		EACH(the_same_document_is_the_same_version),
		EACH(serials_rise_and_texts_must_be_there),
		EACH(an_event_keeps_the_version_it_served),
		EACH(a_released_event_lets_its_versions_go),
		EACH(a_release_is_told_after_its_backup),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
