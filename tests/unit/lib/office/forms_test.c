/* SPDX-License-Identifier: MIT */
/* forms_test.c: what the audit says of a published version: what was not finished, and why it is used all the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "unit/lib/office/fixture.h"

#include <string.h>

static const char one[] = "{\"form\":\"x\"}", two[] = "{\"form\":\"y\"}";

static void publish(struct fixture *fixture, const char *document, const char *unfinished, const char *because,
		    uint32_t expected)
{
	uint32_t version = 0;
	bool is_new;
	assert_int_equal(office_form_publish_with(fixture->office, "open-day", document, strlen(document), unfinished,
						  because, &version, &is_new),
			 ERR_OK);
	assert_int_equal(version, expected);
}

static void expect(struct fixture *fixture, uint32_t version, const char *unfinished, const char *because)
{
	struct office_form_notes notes = {0};
	assert_int_equal(office_form_notes(fixture->office, "open-day", version, &fixture->arena, &notes), ERR_OK);
	assert_string_equal(notes.unfinished, unfinished);
	assert_string_equal(notes.because, because);
}

static void a_version_without_notes_has_none(void **state)
{
	struct fixture *fixture = *state;
	publish(fixture, one, "", "", 1);
	expect(fixture, 1, "", "");
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM audit WHERE action = 'form.unfinished'"), 0);
}

static void what_is_not_finished_is_noted_once(void **state)
{
	struct fixture *fixture = *state;
	publish(fixture, one, "draft-translation cy", "", 1);
	publish(fixture, one, "draft-translation cy", "", 1);
	expect(fixture, 1, "draft-translation cy", "");
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM audit WHERE action = 'form.unfinished'"), 1);
	publish(fixture, one, "", "", 1);
	expect(fixture, 1, "", "");
}

static void a_reason_is_for_one_version_and_for_what_was_known(void **state)
{
	struct fixture *fixture = *state;
	publish(fixture, one, "draft-translation cy", "The Welsh is read on Monday", 1);
	expect(fixture, 1, "draft-translation cy", "The Welsh is read on Monday");
	publish(fixture, two, "draft-translation cy", "", 2);
	expect(fixture, 2, "draft-translation cy", "");
	assert_int_equal(office_form_because(fixture->office, "open-day", 2, "The same"), ERR_OK);
	expect(fixture, 2, "draft-translation cy", "The same");
	expect(fixture, 1, "draft-translation cy", "The Welsh is read on Monday");
	publish(fixture, two, "draft-translation ar, draft-translation cy", "", 2);
	expect(fixture, 2, "draft-translation ar, draft-translation cy", "");
}

static void a_reason_too_long_publishes_nothing(void **state)
{
	struct fixture *fixture = *state;
	char words[OFFICE_UNFINISHED_MAX + 2];
	uint32_t version = 0;
	bool is_new;
	memset(words, 'w', sizeof(words) - 1);
	words[sizeof(words) - 1] = '\0';
	assert_int_not_equal(
		office_form_publish_with(fixture->office, "open-day", one, strlen(one), "", words, &version, &is_new),
		ERR_OK);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM form_version WHERE form = 'open-day'"), 0);
	/* A list of findings is cut instead. */
	publish(fixture, one, words, "", 1);
	assert_int_equal(fixture_number(fixture, "SELECT length(words) FROM audit WHERE action = 'form.unfinished'"),
			 OFFICE_UNFINISHED_MAX);
}

#define EACH(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(a_version_without_notes_has_none),
		EACH(what_is_not_finished_is_noted_once),
		EACH(a_reason_is_for_one_version_and_for_what_was_known),
		EACH(a_reason_too_long_publishes_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
