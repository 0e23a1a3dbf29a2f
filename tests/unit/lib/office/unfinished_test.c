/* SPDX-License-Identifier: MIT */
/* unfinished_test.c: for which languages a reason was given, which event is asked for one, and that a reason is kept only with what it is
 * for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/office/unfinished.h"
#include "unit/lib/office/fixture.h"

#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

enum { LANGUAGES_MAX = 6, REASONS_MAX = 2 };

/* An event for the newest version of "open-day" in LANGUAGES ("en,cy"). */
static struct office_event event_in(const char *languages, struct arena *arena)
{
	static const struct catalogue_form_ref forms[] = {{"open-day", 0}};
	const char **tags = arena_array(arena, LANGUAGES_MAX, const char *);
	struct office_event event = {.shown = {.title = "An open day",
					       .place = "",
					       .held_on = {2026, 11, 21},
					       .area = "",
					       .programme = "",
					       .languages = tags,
					       .forms = forms,
					       .forms_count = 1}};
	for (const char *at = languages; *at != '\0'; at += strcspn(at, ","), at += *at == ',')
		tags[event.shown.languages_count++] = arena_strndup(arena, at, strcspn(at, ","));
	return event;
}

static void publish(struct fixture *fixture, const char *unfinished, const char *because)
{
	static const char document[] = "{\"form\":\"open-day\"}";
	uint32_t version = 0;
	bool is_new;
	assert_int_equal(office_form_publish_with(fixture->office, "open-day", document, strlen(document), unfinished,
						  because, &version, &is_new),
			 ERR_OK);
}

/* What an event in LANGUAGES is still asked about; "" for nothing. */
static const char *asked(struct fixture *fixture, const struct office_event *event, struct office_unfinished **list,
			 size_t *count)
{
	assert_int_equal(office_event_unfinished(fixture->office, &event->shown, &fixture->arena, list, count), ERR_OK);
	assert_true(*count <= 1);
	return *count > 0 ? (*list)[0].what : "";
}

static void a_reason_is_for_its_languages(void **state)
{
	static const struct {
		const char *name, *unfinished;
		const char *reasons[REASONS_MAX]; /* languages of events that gave one */
		const char *languages;            /* of the event that is asked */
		const char *left;
	} rows[] = {
		{"nothing is unfinished", "", {NULL}, "en,cy", ""},
		{"only its own", "draft-translation ar, draft-translation cy", {NULL}, "en,cy", "draft-translation cy"},
		{"none of its own", "draft-translation ar, draft-translation cy", {NULL}, "en", ""},
		{"what is about no language", "hard-form, draft-translation cy", {NULL}, "en", "hard-form"},
		{"both", "hard-form, draft-translation cy", {NULL}, "en,cy", "hard-form, draft-translation cy"},
		{"a list that is cut", "draft-translation ar, more", {NULL}, "en", "more"},
		{"Wales's wording", "draft-translation en-x-wales", {NULL}, "en", "draft-translation en-x-wales"},
		{"another variant", "draft-translation en-x-easy", {NULL}, "en", ""},
		{"a reason for it", "draft-translation cy", {"en,cy"}, "cy", ""},
		{"a reason for another",
		 "draft-translation ar, draft-translation cy",
		 {"en,cy"},
		 "en,cy,ar",
		 "draft-translation ar"},
		{"a reason for each", "draft-translation ar, draft-translation cy", {"cy", "ar"}, "en,cy,ar", ""},
		{"a reason for none of them",
		 "hard-form, draft-translation cy",
		 {"en"},
		 "en,cy",
		 "draft-translation cy"},
		{"a language whose name begins like another's",
		 "draft-translation cy, draft-translation cy-x-easy",
		 {"cy"},
		 "cy-x-easy",
		 "draft-translation cy-x-easy"},
		{"a list that is cut, for all its languages", "more", {"en,cy"}, "en", ""},
		{"a list that is cut, for a new one", "more", {"en"}, "en,cy", "more"},
	};
	(void) state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct fixture *fixture = NULL;
		struct office_unfinished *list = NULL;
		size_t count = 0;
		fixture_set_up((void **) &fixture);
		publish(fixture, rows[i].unfinished, "");
		for (size_t k = 0; k < REASONS_MAX && rows[i].reasons[k] != NULL; k++) {
			const struct office_event event = event_in(rows[i].reasons[k], &fixture->arena);
			asked(fixture, &event, &list, &count);
			assert_int_equal(count, 1);
			assert_int_equal(office_unfinished_because(fixture->office, &event.shown, list, count, "Why"),
					 ERR_OK);
			assert_string_equal(asked(fixture, &event, &list, &count), "");
		}
		const struct office_event event = event_in(rows[i].languages, &fixture->arena);
		const char *left = asked(fixture, &event, &list, &count);
		if (strcmp(left, rows[i].left) != 0)
			fail_msg("%s: asked about \"%s\", not \"%s\"", rows[i].name, left, rows[i].left);
		fixture_tear_down((void **) &fixture);
	}
}

/* Whoever published it spoke for all that was known then; what is found later is asked about. */
static void a_reason_for_all_is_for_what_was_known(void **state)
{
	struct fixture *fixture = *state;
	struct office_unfinished *list = NULL;
	size_t count = 0;
	const struct office_event all = event_in("en,cy,ar", &fixture->arena);
	publish(fixture, "draft-translation ar, draft-translation cy", "Read on Monday");
	assert_string_equal(asked(fixture, &all, &list, &count), "");
	publish(fixture, "draft-translation ar, draft-translation cy, stale-translation cy", "");
	assert_string_equal(asked(fixture, &all, &list, &count),
			    "draft-translation ar, draft-translation cy, stale-translation cy");
}

static int64_t reasons(struct fixture *fixture)
{
	return fixture_number(fixture, "SELECT count(*) FROM audit WHERE action LIKE 'form.because%'");
}

static void a_reason_is_kept_with_the_event_or_not_at_all(void **state)
{
	struct fixture *fixture = *state;
	struct office_unfinished *list = NULL;
	size_t count = 0;
	char *code = NULL;
	struct office_event event = event_in("en,cy", &fixture->arena), nameless = event;
	publish(fixture, "draft-translation cy", "");
	asked(fixture, &event, &list, &count);
	nameless.shown.title = "";
	assert_int_equal(
		office_event_add_because(fixture->office, &nameless, list, count, "Why", &fixture->arena, &code),
		ERR_INVALID);
	assert_int_equal(reasons(fixture), 0);
	int64_t events = fixture_number(fixture, "SELECT count(*) FROM event");
	char long_words[OFFICE_UNFINISHED_MAX + 2];
	memset(long_words, 'w', sizeof(long_words) - 1);
	long_words[sizeof(long_words) - 1] = '\0';
	assert_int_not_equal(
		office_event_add_because(fixture->office, &event, list, count, long_words, &fixture->arena, &code),
		ERR_OK);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM event"), events);
	assert_int_equal(office_event_add_because(fixture->office, &event, list, count, "Why", &fixture->arena, &code),
			 ERR_OK);
	assert_int_equal(reasons(fixture), 2);
	assert_string_equal(asked(fixture, &event, &list, &count), "");
}

static void a_reason_is_kept_with_the_opening_or_not_at_all(void **state)
{
	struct fixture *fixture = *state;
	struct office_unfinished *list = NULL;
	struct office_event *added = NULL;
	size_t count = 0;
	char *code = NULL;
	const struct office_event event = event_in("en,cy", &fixture->arena);
	publish(fixture, "", "");
	assert_int_equal(office_event_add(fixture->office, &event, &fixture->arena, &code), ERR_OK);
	assert_int_equal(office_event_get(fixture->office, code, &fixture->arena, &added), ERR_OK);
	publish(fixture, "draft-translation cy", "");
	assert_string_equal(asked(fixture, added, &list, &count), "draft-translation cy");
	assert_int_equal(office_event_open_because(fixture->office, &added->shown, list, count, "Why", 1000), ERR_OK);
	assert_int_equal(reasons(fixture), 2);
	/* It is open: nothing happens, so nothing is kept. */
	assert_int_equal(office_event_open_because(fixture->office, &added->shown, list, count, "Again", 1000),
			 ERR_CONFLICT);
	assert_int_equal(reasons(fixture), 2);
}

/* The organisers' pages ask the same, and whoever only reads can see it. */
static void every_role_that_asks_may_ask(void **state)
{
	static const enum office_role roles[] = {OFFICE_ORGANISER, OFFICE_READER};
	struct fixture *fixture = *state;
	struct office *all = fixture->office;
	struct office_unfinished *list = NULL;
	size_t count = 0;
	const struct office_event event = event_in("en,cy", &fixture->arena);
	publish(fixture, "draft-translation cy", "");
	for (size_t i = 0; i < COUNT_OF(roles); i++) {
		assert_int_equal(office_open(fixture->path, roles[i], &fixture->office), ERR_OK);
		assert_string_equal(asked(fixture, &event, &list, &count),
				    roles[i] == OFFICE_ORGANISER ? "draft-translation cy" : "");
		if (roles[i] == OFFICE_ORGANISER)
			assert_int_equal(office_unfinished_because(fixture->office, &event.shown, list, count, "Why"),
					 ERR_OK);
		office_close(fixture->office);
	}
	fixture->office = all;
}

#define EACH(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reason_is_for_its_languages),
		EACH(a_reason_for_all_is_for_what_was_known),
		EACH(a_reason_is_kept_with_the_event_or_not_at_all),
		EACH(a_reason_is_kept_with_the_opening_or_not_at_all),
		EACH(every_role_that_asks_may_ask),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
