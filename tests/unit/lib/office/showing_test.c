/* SPDX-License-Identifier: MIT */
/* showing_test.c: what a catalogue tells of events and Areas: notes, where codes lead, who is careful, and of actions only what is public, and only when
 * its event is over. */
#include "unit/lib/office/fixture.h"

#include "lib/catalogue/shown.h"
#include "lib/office/organising.h"

static void set_texts(struct fixture *fixture)
{
	assert_int_equal(office_text_set(fixture->office, "organisation", "{}"), ERR_OK);
	assert_int_equal(office_text_set(fixture->office, "words", "{}"), ERR_OK);
}

static const struct catalogue_content *published(struct fixture *fixture)
{
	struct catalogue_content *content = NULL;
	assert_int_equal(office_catalogue(fixture->office, &fixture->arena, &content), ERR_OK);
	return content;
}

static const struct catalogue_event *event_of(const struct catalogue_content *content, const char *code)
{
	for (size_t i = 0; i < content->events_count; i++)
		if (strcmp(content->events[i].code, code) == 0)
			return &content->events[i];
	fail_msg("%s is not in the catalogue", code);
	return NULL;
}

static const struct shown *shown_of(struct fixture *fixture, const char *document)
{
	struct shown *shown = NULL;
	assert_non_null(document);
	assert_int_equal(shown_decode(document, &fixture->arena, &shown), ERR_OK);
	return shown;
}

static int64_t add(struct fixture *fixture, const char *event, enum action_status status, bool is_public,
		   const char *said)
{
	const struct office_action_text text = {"en", "A theme", said, status == ACTION_HEARD ? "" : "Done so"};
	const struct office_action action = {
		.area = "north",
		.event = event,
		.status = status,
		.many = ACTION_SEVERAL,
		.owner = "Head of a unit",
		.aim = "trust",
		.partner = "A charity",
		.evidence = "https://intranet.example/",
		.said_on = {2026, 11, 21},
		.is_public = is_public,
		.texts = &text,
		.texts_count = 1,
	};
	int64_t id = 0;
	assert_int_equal(office_action_save(fixture->office, &action, &id), ERR_OK);
	return id;
}

static void close_event(struct fixture *fixture, const char *code)
{
	assert_int_equal(office_event_set_state(fixture->office, code, EVENT_CLOSED, 1), ERR_OK);
}

static void detail(struct fixture *fixture, const char *code, void (*change)(struct office_event_detail *))
{
	struct office_event_detail old;
	struct office_event *event = NULL;
	assert_int_equal(office_event_detail(fixture->office, code, &fixture->arena, &old), ERR_OK);
	assert_int_equal(office_event_get(fixture->office, code, &fixture->arena, &event), ERR_OK);
	change(&old);
	assert_int_equal(office_event_change(fixture->office, event, &old), ERR_OK);
}

static void make_discreet(struct office_event_detail *detail)
{
	detail->is_refuge = true;
	detail->note = "Tea is at 4.";
	detail->next_on = (struct date){2027, 1, 15};
}

static void nothing_is_shown_of_an_open_event(void **state)
{
	struct fixture *fixture = *state;
	set_texts(fixture);
	add(fixture, fixture->event, ACTION_DONE, true, "Too early");
	const struct catalogue_content *content = published(fixture);
	const struct catalogue_event *event = event_of(content, fixture->event);
	assert_null(event->shown);
	assert_int_equal(content->areas_count, 0);
	assert_string_equal(event->note, "");
	assert_null(event->points_to);
	assert_false(event->is_careful);
}

static void an_event_that_is_over_says_until_when(void **state)
{
	struct fixture *fixture = *state;
	set_texts(fixture);
	close_event(fixture, fixture->event);
	const struct shown *shown = shown_of(fixture, event_of(published(fixture), fixture->event)->shown);
	assert_int_equal(shown->actions_count, 0);
	assert_int_equal(date_days(shown->next_on), date_days((struct date){2026, 11, 21}) + SHOWN_NEXT_DAYS);
	detail(fixture, fixture->event, make_discreet);
	const struct catalogue_event *event = event_of(published(fixture), fixture->event);
	shown = shown_of(fixture, event->shown);
	assert_true(shown->next_on.year == 2027 && shown->next_on.month == 1 && shown->next_on.day == 15);
	assert_string_equal(event->note, "Tea is at 4.");
	assert_true(event->is_careful);
}

static void actions_in_order_and_only_public_ones(void **state)
{
	struct fixture *fixture = *state;
	set_texts(fixture);
	add(fixture, fixture->event, ACTION_HEARD, true, "Heard");
	add(fixture, fixture->event, ACTION_CANNOT, true, "Cannot");
	int64_t done = add(fixture, fixture->event, ACTION_DONE, true, "Done");
	add(fixture, fixture->event, ACTION_DOING, true, "Doing");
	add(fixture, fixture->event, ACTION_DONE, false, "Hidden");
	int64_t gone = add(fixture, fixture->event, ACTION_DONE, true, "Removed");
	assert_int_equal(office_action_remove(fixture->office, gone, 1), ERR_OK);
	add(fixture, "", ACTION_DONE, true, "Of the Area");
	close_event(fixture, fixture->event);
	const struct catalogue_content *content = published(fixture);
	const struct catalogue_event *event = event_of(content, fixture->event);
	assert_null(strstr(event->shown, "intranet"));
	assert_null(strstr(event->shown, "Head of a unit"));
	assert_null(strstr(event->shown, "charity"));
	const struct shown *shown = shown_of(fixture, event->shown);
	static const char *const order[] = {"Done", "Doing", "Cannot", "Heard"};
	assert_int_equal(shown->actions_count, 4);
	for (size_t i = 0; i < 4; i++) {
		assert_string_equal(shown->actions[i].texts[0].said, order[i]);
		assert_int_equal(shown->actions[i].many, SHOWN_SEVERAL);
		assert_null(shown->actions[i].event); /* the page is its own */
	}
	char id[2 * sizeof done + 1];
	snprintf(id, sizeof id, "%016llx", (unsigned long long) done);
	assert_string_equal(shown->actions[0].id, id);
	assert_int_equal(content->areas_count, 1);
	assert_string_equal(content->areas[0].area, "north");
	shown = shown_of(fixture, content->areas[0].shown);
	assert_int_equal(shown->actions_count, 5);
	for (size_t i = 0; i < 5; i++) {
		bool is_of_area = strcmp(shown->actions[i].texts[0].said, "Of the Area") == 0;
		assert_true(is_of_area == (shown->actions[i].event == NULL));
		assert_int_equal(shown->actions[i].held_on.year, is_of_area ? 0 : 2026);
	}
}

static void areas_tell_nothing_of_practice_and_name_no_careful_event(void **state)
{
	struct fixture *fixture = *state;
	set_texts(fixture);
	add(fixture, fixture->practice, ACTION_DONE, true, "Practised");
	add(fixture, fixture->event, ACTION_DONE, true, "In a refuge");
	close_event(fixture, fixture->practice);
	close_event(fixture, fixture->event);
	detail(fixture, fixture->event, make_discreet);
	const struct catalogue_content *content = published(fixture);
	assert_int_equal(shown_of(fixture, event_of(content, fixture->practice)->shown)->actions_count, 1);
	assert_int_equal(content->areas_count, 1);
	const struct shown *shown = shown_of(fixture, content->areas[0].shown);
	assert_int_equal(shown->actions_count, 1);
	assert_string_equal(shown->actions[0].texts[0].said, "In a refuge");
	assert_null(shown->actions[0].event);
	assert_int_equal(shown->actions[0].held_on.year, 0);
}

static void a_form_with_the_exit_button_makes_its_events_careful(void **state)
{
	struct fixture *fixture = *state;
	set_texts(fixture);
	fixture_publish(fixture, "conversation", "{\"title\":\"\\\"safety\\\":\\\"exit-page\\\"\"}");
	assert_false(event_of(published(fixture), fixture->event)->is_careful); /* it only says so */
	fixture_publish(fixture, "conversation", "{\"safety\":\"exit-page\"}");
	assert_true(event_of(published(fixture), fixture->event)->is_careful);
	fixture_publish(fixture, "conversation", "{\"safety\":\"none\"}");
	assert_true(event_of(published(fixture), fixture->event)->is_careful); /* pages of the one before may be open */
	close_event(fixture, fixture->event);
	assert_true(event_of(published(fixture), fixture->event)->is_careful);
}

static void a_printed_code_leads_elsewhere(void **state)
{
	struct fixture *fixture = *state;
	set_texts(fixture);
	struct office_event_detail old;
	char *target = fixture_add_event(fixture, false, EVENT_PLANNED);
	assert_int_equal(office_event_detail(fixture->office, fixture->event, &fixture->arena, &old), ERR_OK);
	assert_int_equal(office_event_point(fixture->office, fixture->event, old.version, target), ERR_OK);
	assert_string_equal(event_of(published(fixture), fixture->event)->points_to, target);
	assert_null(event_of(published(fixture), target)->points_to);
}

static void more_than_a_page_holds(void **state)
{
	struct fixture *fixture = *state;
	set_texts(fixture);
	for (size_t i = 0; i < SHOWN_ACTIONS_MAX + 5; i++)
		add(fixture, fixture->event, i % 2 ? ACTION_DONE : ACTION_HEARD, true, "Said");
	close_event(fixture, fixture->event);
	const struct catalogue_content *content = published(fixture);
	assert_int_equal(shown_of(fixture, event_of(content, fixture->event)->shown)->actions_count, SHOWN_ACTIONS_MAX);
	assert_int_equal(shown_of(fixture, content->areas[0].shown)->actions_count, SHOWN_ACTIONS_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(nothing_is_shown_of_an_open_event, fixture_set_up, fixture_tear_down),
		cmocka_unit_test_setup_teardown(an_event_that_is_over_says_until_when, fixture_set_up,
						fixture_tear_down),
		cmocka_unit_test_setup_teardown(actions_in_order_and_only_public_ones, fixture_set_up,
						fixture_tear_down),
		cmocka_unit_test_setup_teardown(areas_tell_nothing_of_practice_and_name_no_careful_event,
						fixture_set_up, fixture_tear_down),
		cmocka_unit_test_setup_teardown(a_form_with_the_exit_button_makes_its_events_careful, fixture_set_up,
						fixture_tear_down),
		cmocka_unit_test_setup_teardown(a_printed_code_leads_elsewhere, fixture_set_up, fixture_tear_down),
		cmocka_unit_test_setup_teardown(more_than_a_page_holds, fixture_set_up, fixture_tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
