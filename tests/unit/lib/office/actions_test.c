/* SPDX-License-Identifier: MIT */
/* actions_test.c: you said, we did; and placements and their targets. */
#include "unit/lib/office/keeping_fixture.h"

#include "lib/office/organising.h"

static const struct office_action_text two_texts[] = {
	{.tag = "en", .theme = "Buses", .said = "The last bus had gone.", .did = "We end at four."},
	{.tag = "cy", .theme = "Bysiau", .said = "Roedd y bws wedi mynd.", .did = "Rydym yn gorffen am bedwar."},
};

static struct office_action sample(void)
{
	return (struct office_action){.area = "north",
				      .event = "",
				      .status = ACTION_DONE,
				      .many = ACTION_SEVERAL,
				      .owner = "Engagement manager",
				      .aim = "trust",
				      .partner = "Mind",
				      .evidence = "https://example.org/minutes.pdf",
				      .said_on = {2026, 11, 1},
				      .due = {2026, 12, 1},
				      .is_public = true,
				      .texts = two_texts,
				      .texts_count = 2};
}

static int64_t save(struct fixture *fixture, const struct office_action *action)
{
	int64_t id = 0;
	assert_int_equal(office_action_save(fixture->office, action, &id), ERR_OK);
	return id;
}

static struct office_action *get(struct fixture *fixture, int64_t id)
{
	struct office_action *action = NULL;
	assert_int_equal(office_action_get(fixture->office, id, &fixture->arena, &action), ERR_OK);
	return action;
}

static void an_action_is_read_as_it_was_saved(void **state)
{
	struct fixture *fixture = *state;
	struct office_action action = sample();
	action.event = fixture->event;
	int64_t id = save(fixture, &action);
	struct office_action *read = get(fixture, id);
	assert_int_equal(read->id, id);
	assert_string_equal(read->area, "north");
	assert_string_equal(read->event, fixture->event);
	assert_int_equal(read->status, ACTION_DONE);
	assert_int_equal(read->many, ACTION_SEVERAL);
	assert_string_equal(read->owner, "Engagement manager");
	assert_string_equal(read->aim, "trust");
	assert_string_equal(read->partner, "Mind");
	assert_string_equal(read->evidence, "https://example.org/minutes.pdf");
	assert_int_equal(read->said_on.month, 11);
	assert_int_equal(read->due.month, 12);
	assert_int_equal(read->done_on.year, 0);
	assert_true(read->changed_on.year > 2000);
	assert_true(read->is_public);
	assert_int_equal(read->version, 1);
	assert_int_equal(read->texts_count, 2);
	assert_string_equal(read->texts[0].tag, "en");
	assert_string_equal(read->texts[1].did, "Rydym yn gorffen am bedwar.");
	assert_int_equal(office_action_get(fixture->office, id + 1, &fixture->arena, &read), ERR_NOT_FOUND);
	/* The audit never holds a word of it. */
	assert_int_equal(fixture_number(fixture,
					"SELECT count(*) FROM audit WHERE action = 'action.add' AND words IS NULL "
					"AND length(subject) = 16"),
			 1);
}

static void what_cannot_be_is_refused(void **state)
{
	struct fixture *fixture = *state;
	static const struct office_action_text heard[] = {{.tag = "en", .theme = "", .said = "Buses.", .did = ""}};
	static const struct office_action_text twice[] = {{.tag = "en", .theme = "", .said = "Buses.", .did = "x"},
							  {.tag = "en", .theme = "", .said = "Buses.", .did = "x"}};
	static const struct office_action_text unsaid[] = {{.tag = "en", .theme = "Buses", .said = " ", .did = "x"}};
	struct office_action rows[12];
	int64_t id = 0;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		rows[i] = sample();
	rows[0].area = "";
	rows[1].event = "ZZZZZ9";
	rows[2].event = fixture->event;
	rows[2].area = "south"; /* the event is another Area's */
	rows[3].texts_count = 0;
	rows[4].texts = heard; /* done, and not a word about what */
	rows[4].texts_count = 1;
	rows[5].texts = twice;
	rows[6].texts = unsaid;
	rows[6].texts_count = 1;
	rows[7].evidence = "http://example.org/";
	rows[8].evidence = "https://example.org/\"><script>";
	rows[9].evidence = "https://";
	rows[10].owner = "one\ntwo";
	rows[11].evidence = "javascript:alert(1)";
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		print_message("# %zu\n", i);
		assert_int_equal(office_action_save(fixture->office, &rows[i], &id), ERR_INVALID);
	}
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM action"), 0);
	rows[4].status = ACTION_HEARD;
	save(fixture, &rows[4]);
}

static void of_two_changes_at_once_one_is_told(void **state)
{
	struct fixture *fixture = *state;
	struct office_action action = sample();
	int64_t id = save(fixture, &action);
	struct office_action mine = *get(fixture, id), theirs = mine;
	mine.status = ACTION_CANNOT;
	mine.texts_count = 1;
	save(fixture, &mine);
	assert_int_equal(office_action_save(fixture->office, &theirs, &id), ERR_CONFLICT);
	assert_int_equal(office_action_remove(fixture->office, id, 1), ERR_CONFLICT);
	assert_int_equal(get(fixture, id)->status, ACTION_CANNOT);
	assert_int_equal(get(fixture, id)->texts_count, 1);
	assert_int_equal(get(fixture, id)->version, 2);
	/* Removed: its words are gone, and it cannot be changed back to life. */
	assert_true(keeping_holds_text(fixture, "The last bus had gone."));
	assert_int_equal(office_action_remove(fixture->office, id, 2), ERR_OK);
	struct office_action *gone = NULL;
	assert_int_equal(office_action_get(fixture->office, id, &fixture->arena, &gone), ERR_NOT_FOUND);
	assert_int_equal(office_action_remove(fixture->office, id, 3), ERR_NOT_FOUND);
	theirs.version = 3;
	assert_int_equal(office_action_save(fixture->office, &theirs, &id), ERR_NOT_FOUND);
	assert_false(keeping_holds_text(fixture, "The last bus had gone."));
	assert_false(keeping_holds_text(fixture, "minutes.pdf"));
}

static void actions_follow_their_event_to_another_area(void **state)
{
	struct fixture *fixture = *state;
	struct office_action action = sample();
	action.event = fixture->event;
	int64_t id = save(fixture, &action);
	struct office_event *event = NULL;
	struct office_event_detail detail;
	assert_int_equal(office_event_get(fixture->office, fixture->event, &fixture->arena, &event), ERR_OK);
	assert_int_equal(office_event_detail(fixture->office, fixture->event, &fixture->arena, &detail), ERR_OK);
	event->shown.area = "south";
	assert_int_equal(office_event_change(fixture->office, event, &detail), ERR_OK);
	assert_string_equal(get(fixture, id)->area, "south");
	assert_int_equal(get(fixture, id)->version, 2);
}

static void what_is_asked_for_is_found(void **state)
{
	struct fixture *fixture = *state;
	static const char *const south[] = {"south"};
	struct office_action action = sample();
	int64_t ids[6];
	for (size_t i = 0; i < COUNT_OF(ids); i++) {
		action = sample();
		action.area = i == 5 ? "south" : "north";
		action.event = i == 4 ? fixture->event : "";
		action.status = (enum action_status)(i % ACTION_STATUS_COUNT); /* heard doing done cannot heard doing */
		action.said_on.day = (int) i + 1;
		action.due.day = 10 - (int) i;
		action.is_public = i != 1;
		if (i == 4)
			action.due = (struct date){0};
		ids[i] = save(fixture, &action);
	}
	int64_t gone = save(fixture, &action);
	assert_int_equal(office_action_remove(fixture->office, gone, 1), ERR_OK);
	const struct {
		const char *name;
		struct office_action_search search;
		size_t total, count;
		size_t first, last; /* of IDS */
	} rows[] = {
		{"all, what was said last first", {.most = 100}, 6, 6, 5, 0},
		{"a page", {.most = 2, .skip = 1}, 6, 2, 4, 3},
		{"past the last", {.most = 2, .skip = 9}, 6, 0, 0, 0},
		{"an Area", {.most = 9, .areas = south, .areas_count = 1}, 1, 1, 5, 5},
		{"no Area", {.most = 9, .areas = south, .areas_count = 0}, 0, 0, 0, 0},
		{"an event", {.most = 9, .event = fixture->event}, 1, 1, 4, 4},
		{"public ones", {.most = 9, .public_only = true}, 5, 5, 5, 0},
		{"due, the longest first", {.most = 9, .due_only = true, .today = {2026, 12, 31}}, 3, 3, 5, 0},
		{"due today", {.most = 9, .due_only = true, .today = {2026, 12, 9}}, 2, 2, 5, 1},
		{"nothing due yet", {.most = 9, .due_only = true, .today = {2026, 12, 4}}, 0, 0, 0, 0},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct office_action *list = NULL;
		size_t count = 0, total = 0;
		print_message("# %s\n", rows[i].name);
		assert_int_equal(
			office_action_find(fixture->office, &rows[i].search, &fixture->arena, &list, &count, &total),
			ERR_OK);
		assert_int_equal(total, rows[i].total);
		assert_int_equal(count, rows[i].count);
		if (count == 0)
			continue;
		assert_int_equal(list[0].id, ids[rows[i].first]);
		assert_int_equal(list[count - 1].id, ids[rows[i].last]);
		for (size_t j = 0; j < count; j++)
			assert_int_equal(list[j].texts_count, 2);
	}
}

static void names_of_states_come_back(void **state)
{
	(void) state;
	enum action_status status;
	for (int i = 0; i < ACTION_STATUS_COUNT; i++) {
		assert_int_equal(action_status_parse(action_status_name((enum action_status) i), &status), ERR_OK);
		assert_int_equal(status, i);
	}
	assert_int_equal(action_status_parse("", &status), ERR_INVALID);
	assert_int_equal(action_status_parse(NULL, &status), ERR_INVALID);
}

/* ---- placements ---------------------------------------------------------------------------------------------- */

static struct office_placement placement(void)
{
	return (struct office_placement){.area = "north",
					 .year = 2026,
					 .quarter = 3,
					 .kind = "five-day",
					 .offered = 20,
					 .taken_up = 15,
					 .completed = 14,
					 .criteria = {1, 2, 3, 4, 5, 15}};
}

static void placements_are_kept_and_changed_once(void **state)
{
	struct fixture *fixture = *state;
	static const char *const both[] = {"north", "south"};
	struct office_placement one = placement(), *list = NULL, *read = NULL;
	size_t count = 0;
	assert_int_equal(office_placement_save(fixture->office, &one), ERR_OK);
	assert_int_equal(office_placement_save(fixture->office, &one), ERR_CONFLICT); /* the button was pressed twice */
	one.area = "south";
	assert_int_equal(office_placement_save(fixture->office, &one), ERR_OK);
	one.year = 2025;
	assert_int_equal(office_placement_save(fixture->office, &one), ERR_OK);
	assert_int_equal(office_placement_list(fixture->office, NULL, 0, 2026, &fixture->arena, &list, &count), ERR_OK);
	assert_int_equal(count, 2);
	assert_int_equal(office_placement_list(fixture->office, both + 1, 1, 2026, &fixture->arena, &list, &count),
			 ERR_OK);
	assert_int_equal(count, 1);
	assert_int_equal(office_placement_list(fixture->office, both, 0, 2026, &fixture->arena, &list, &count), ERR_OK);
	assert_int_equal(count, 0);
	assert_int_equal(office_placement_list(fixture->office, both, 1, 2026, &fixture->arena, &list, &count), ERR_OK);
	assert_int_equal(count, 1);
	assert_int_equal(office_placement_get(fixture->office, list[0].id, &fixture->arena, &read), ERR_OK);
	assert_string_equal(read->kind, "five-day");
	assert_int_equal(read->quarter, 3);
	assert_int_equal(read->completed, 14);
	assert_int_equal(read->criteria[0], 1);
	assert_int_equal(read->criteria[5], 15);
	struct office_placement mine = *read, theirs = *read;
	mine.area = "south";
	assert_int_equal(office_placement_save(fixture->office, &mine), ERR_CONFLICT); /* there is one */
	mine.area = "north";
	mine.completed = 15;
	assert_int_equal(office_placement_save(fixture->office, &mine), ERR_OK);
	assert_int_equal(office_placement_save(fixture->office, &theirs), ERR_CONFLICT);
	mine.id++;
	assert_int_equal(office_placement_save(fixture->office, &mine), ERR_NOT_FOUND);
	assert_int_equal(office_placement_get(fixture->office, mine.id, &fixture->arena, &read), ERR_NOT_FOUND);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM audit WHERE action LIKE 'placement.%'"), 4);
}

static void counts_that_contradict_each_other_are_refused(void **state)
{
	struct fixture *fixture = *state;
	struct office_placement rows[8];
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		rows[i] = placement();
	rows[0].taken_up = 21;
	rows[1].completed = 16;
	rows[2].criteria[3] = 16;
	rows[3].criteria[0] = -1;
	rows[4].quarter = 5;
	rows[5].area = "";
	rows[6].kind = "";
	rows[7].year = 26;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		print_message("# %zu\n", i);
		assert_int_equal(office_placement_save(fixture->office, &rows[i]), ERR_INVALID);
	}
}

static void an_area_has_a_target_for_a_year(void **state)
{
	struct fixture *fixture = *state;
	int64_t places = 0;
	assert_int_equal(office_target_get(fixture->office, "north", 2026, &places), ERR_OK);
	assert_int_equal(places, OFFICE_UNKNOWN);
	assert_int_equal(office_target_set(fixture->office, "north", 2026, 50), ERR_OK);
	assert_int_equal(office_target_set(fixture->office, "north", 2026, 60), ERR_OK);
	assert_int_equal(office_target_set(fixture->office, "north", 2027, 70), ERR_OK);
	assert_int_equal(office_target_get(fixture->office, "north", 2026, &places), ERR_OK);
	assert_int_equal(places, 60);
	assert_int_equal(office_target_set(fixture->office, "north", 2026, OFFICE_UNKNOWN), ERR_OK);
	assert_int_equal(office_target_get(fixture->office, "north", 2026, &places), ERR_OK);
	assert_int_equal(places, OFFICE_UNKNOWN);
	assert_int_equal(office_target_set(fixture->office, "north", 2026, -2), ERR_INVALID);
	assert_int_equal(office_target_set(fixture->office, "", 2026, 1), ERR_INVALID);
}

#define WITH_OFFICE(test) cmocka_unit_test_setup_teardown(test, keeping_set_up, fixture_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_OFFICE(an_action_is_read_as_it_was_saved),
		WITH_OFFICE(what_cannot_be_is_refused),
		WITH_OFFICE(of_two_changes_at_once_one_is_told),
		WITH_OFFICE(actions_follow_their_event_to_another_area),
		WITH_OFFICE(what_is_asked_for_is_found),
		cmocka_unit_test(names_of_states_come_back),
		WITH_OFFICE(placements_are_kept_and_changed_once),
		WITH_OFFICE(counts_that_contradict_each_other_are_refused),
		WITH_OFFICE(an_area_has_a_target_for_a_year),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
