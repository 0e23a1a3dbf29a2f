/* SPDX-License-Identifier: MIT */
/* release_test.c: what release destroys and keeps, and which rows may leave the office. */
#include "unit/lib/office/fixture.h"

static void file_people(struct fixture *fixture, unsigned first, unsigned count, bool is_practice)
{
	for (unsigned i = first; i < first + count; i++) {
		char text[32];
		snprintf(text, sizeof(text), "text %u", i);
		fixture_file(fixture, (struct fixture_letter){
					      .person = i,
					      .text = text,
					      .apart = "{\"age_band\":\"18_24\"}",
					      .apart_text = "a belief",
					      .canonical = "{}",
					      .variant = i % 2 == 0 ? "easy" : "",
					      .mode = "kiosk",
					      .is_practice = is_practice,
				      });
	}
}

static enum err export_of(struct fixture *fixture, const char *code, struct office_row **rows, size_t *count,
			  struct office_row **apart, size_t *apart_count)
{
	return office_export(fixture->office, code, &fixture->arena, rows, count, apart, apart_count);
}

static void release_destroys_every_link(void **state)
{
	struct fixture *fixture = *state;
	file_people(fixture, 0, 12, false);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM link"), 12);
	assert_int_equal(fixture_release(fixture), 12);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM link"), 0);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM free_text WHERE apart IS NOT NULL"), 0);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM free_text WHERE response IS NOT NULL"), 12);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM free_text"), 24);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM seen"), 12);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM response WHERE release = 1"), 12);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM audit WHERE action = 'event.release'"), 1);
}

static void release_has_its_states(void **state)
{
	struct fixture *fixture = *state;
	uint32_t release;
	size_t responses;
	assert_int_equal(office_event_release(fixture->office, fixture->event, &release, &responses), ERR_CONFLICT);
	assert_int_equal(office_event_release(fixture->office, fixture->practice, &release, &responses), ERR_DENIED);
	assert_int_equal(office_event_release(fixture->office, "ZZZZZ9", &release, &responses), ERR_NOT_FOUND);
	assert_int_equal(office_event_set_state(fixture->office, fixture->event, EVENT_GRACE, 1000), ERR_OK);
	assert_int_equal(office_event_release(fixture->office, fixture->event, &release, &responses), ERR_OK);
	assert_int_equal(release, 1);
	assert_int_equal(office_event_release(fixture->office, fixture->event, &release, &responses), ERR_BUSY);
	file_people(fixture, 0, 4, false); /* so few could be told from the release before */
	assert_int_equal(office_event_release(fixture->office, fixture->event, &release, &responses), ERR_BUSY);
	file_people(fixture, 4, 1, false);
	assert_int_equal(office_event_release(fixture->office, fixture->event, &release, &responses), ERR_OK);
	assert_int_equal(release, 2);
	assert_int_equal(responses, 5);
	assert_int_equal(office_event_set_state(fixture->office, fixture->event, EVENT_OPEN, 0), ERR_CONFLICT);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM event WHERE grace_until IS NOT NULL"), 0);
}

static void rows_leave_only_after_release_and_from_ten_on(void **state)
{
	struct fixture *fixture = *state;
	struct office_row *rows = NULL, *apart = NULL;
	size_t count = 0, apart_count = 0;
	file_people(fixture, 0, 9, false);
	assert_int_equal(export_of(fixture, fixture->event, &rows, &count, &apart, &apart_count), ERR_DENIED);
	fixture_release(fixture);
	fixture_backup(fixture);
	assert_int_equal(export_of(fixture, fixture->event, &rows, &count, &apart, &apart_count), ERR_CONFLICT);
	file_people(fixture, 9, 5, false); /* late: not before the next release */
	assert_int_equal(export_of(fixture, fixture->event, &rows, &count, &apart, &apart_count), ERR_CONFLICT);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM audit WHERE action = 'event.export'"), 0);
	assert_int_equal(fixture_release(fixture), 5);
	fixture_backup(fixture);
	assert_int_equal(export_of(fixture, fixture->event, &rows, &count, &apart, &apart_count), ERR_OK);
	assert_int_equal(count, 14);
	assert_int_equal(apart_count, 0);
	assert_null(apart);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM audit WHERE action = 'event.export'"), 1);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM response WHERE release = 2"), 5);
}

static void released_rows_hold_texts_and_no_face(void **state)
{
	struct fixture *fixture = *state;
	struct office_row *rows = NULL, *apart = NULL;
	size_t count = 0, apart_count = 0;
	bool found[10] = {false};
	file_people(fixture, 0, 10, false);
	fixture_release(fixture);
	fixture_backup(fixture);
	assert_int_equal(export_of(fixture, fixture->event, &rows, &count, &apart, &apart_count), ERR_OK);
	assert_int_equal(count, 10);
	for (size_t i = 0; i < count; i++) {
		unsigned person;
		assert_null(rows[i].language);
		assert_null(rows[i].mode);
		assert_string_equal(rows[i].form, "conversation");
		assert_int_equal(rows[i].version, 1);
		assert_int_equal(sscanf(rows[i].answers, "{\"better\":\"text %u\",\"overall\":\"good\"}", &person), 1);
		assert_true(person < 10);
		found[person] = true;
	}
	for (size_t i = 0; i < 10; i++)
		assert_true(found[i]);
}

static void practice_gives_two_lists_at_once(void **state)
{
	struct fixture *fixture = *state;
	struct office_row *rows = NULL, *apart = NULL;
	size_t count = 0, apart_count = 0, easy = 0;
	assert_int_equal(export_of(fixture, fixture->practice, &rows, &count, &apart, &apart_count), ERR_OK);
	assert_int_equal(count, 0);
	file_people(fixture, 0, 4, true);
	assert_int_equal(export_of(fixture, fixture->practice, &rows, &count, &apart, &apart_count), ERR_OK);
	assert_int_equal(count, 4);
	assert_int_equal(apart_count, 4);
	for (size_t i = 0; i < apart_count; i++) {
		assert_string_equal(apart[i].answers, "{\"age_band\":\"18_24\",\"belief\":\"a belief\"}");
		assert_string_equal(apart[i].mode, "kiosk");
		easy += strcmp(apart[i].language, "en-x-easy") == 0;
		assert_null(rows[i].language);
		assert_null(rows[i].mode);
	}
	assert_int_equal(easy, 2);
}

/* Each export draws its own order: two of 12 rows agree once in 12 factorial. */
static void every_export_is_shuffled(void **state)
{
	struct fixture *fixture = *state;
	struct office_row *first = NULL, *second = NULL, *apart = NULL;
	size_t count = 0, apart_count = 0, same = 0;
	file_people(fixture, 0, 12, false);
	fixture_release(fixture);
	fixture_backup(fixture);
	assert_int_equal(export_of(fixture, fixture->event, &first, &count, &apart, &apart_count), ERR_OK);
	assert_int_equal(export_of(fixture, fixture->event, &second, &count, &apart, &apart_count), ERR_OK);
	for (size_t i = 0; i < count; i++)
		same += strcmp(first[i].answers, second[i].answers) == 0;
	assert_true(same < count);
}

/* ---- the gate ------------------------------------------------------------------------------------------------ */

static void expect_shown(struct fixture *fixture, bool is_wanted)
{
	struct office_row *rows = NULL, *apart = NULL;
	size_t count = 0, apart_count = 0;
	bool is_shown = !is_wanted;
	assert_int_equal(office_event_is_shown(fixture->office, fixture->event, &is_shown), ERR_OK);
	assert_int_equal(is_shown, is_wanted);
	assert_int_equal(export_of(fixture, fixture->event, &rows, &count, &apart, &apart_count),
			 is_wanted ? ERR_OK : ERR_BUSY);
	if (!is_wanted)
		assert_null(rows);
}

static uint64_t begin(struct fixture *fixture)
{
	uint64_t number = 0;
	assert_int_equal(office_backup_begin(fixture->office, (struct date){2026, 11, 21}, &number), ERR_OK);
	return number;
}

static void finish(struct fixture *fixture, uint64_t number)
{
	assert_int_equal(office_backup_finish(fixture->office, number, "/backups/one.backup"), ERR_OK);
}

static void nothing_is_shown_before_a_backup_holds_it(void **state)
{
	struct fixture *fixture = *state;
	bool is_shown = true;
	file_people(fixture, 0, 12, false);
	assert_int_equal(office_event_is_shown(fixture->office, fixture->event, &is_shown), ERR_OK);
	assert_false(is_shown);
	assert_int_equal(office_event_is_shown(fixture->office, fixture->practice, &is_shown), ERR_OK);
	assert_false(is_shown);
	assert_int_equal(office_event_is_shown(fixture->office, "ZZZZZ9", &is_shown), ERR_NOT_FOUND);
	finish(fixture, begin(fixture)); /* holds everything but the release */
	uint64_t running = begin(fixture);
	assert_int_equal(fixture_release(fixture), 12);
	assert_int_equal(fixture_number(fixture, "SELECT release_backup FROM event WHERE release = 1"), running + 1);
	expect_shown(fixture, false);
	finish(fixture, running); /* may have read its picture before the release */
	expect_shown(fixture, false);
	uint64_t broken = begin(fixture);
	assert_int_equal(broken, running + 1);
	expect_shown(fixture, false);
	uint64_t next = begin(fixture); /* the same command again */
	expect_shown(fixture, false);
	finish(fixture, next);
	expect_shown(fixture, true);
	assert_int_equal(office_backup_gone(fixture->office, next), ERR_OK); /* after 35 days */
	expect_shown(fixture, true);
}

static void each_release_waits_for_its_own_backup(void **state)
{
	struct fixture *fixture = *state;
	file_people(fixture, 0, 12, false);
	fixture_release(fixture);
	fixture_backup(fixture);
	expect_shown(fixture, true);
	file_people(fixture, 12, 5, false);
	expect_shown(fixture, true);
	assert_int_equal(fixture_release(fixture), 5);
	expect_shown(fixture, false);
	fixture_backup(fixture);
	expect_shown(fixture, true);
}

static void counts_come_in_bands(void **state)
{
	struct fixture *fixture = *state;
	static const struct {
		unsigned count;
		const char *band;
	} rows[] = {{0, "none"},      {1, "1 to 4"},    {4, "1 to 4"},       {5, "5 to 9"},
		    {9, "5 to 9"},    {10, "10 to 19"}, {19, "10 to 19"},    {20, "20 to 49"},
		    {50, "50 to 99"}, {99, "50 to 99"}, {100, "100 or more"}};
	unsigned filed = 0;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *band = NULL;
		for (; filed < rows[i].count; filed++)
			fixture_file(fixture, (struct fixture_letter){.person = filed});
		assert_int_equal(office_event_band(fixture->office, fixture->event, &band), ERR_OK);
		assert_string_equal(band, rows[i].band);
	}
	const char *band = NULL;
	assert_int_equal(office_event_band(fixture->office, "ZZZZZ9", &band), ERR_NOT_FOUND);
}

#define EACH(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(release_destroys_every_link),
		EACH(release_has_its_states),
		EACH(rows_leave_only_after_release_and_from_ten_on),
		EACH(released_rows_hold_texts_and_no_face),
		EACH(practice_gives_two_lists_at_once),
		EACH(every_export_is_shuffled),
		EACH(nothing_is_shown_before_a_backup_holds_it),
		EACH(each_release_waits_for_its_own_backup),
		EACH(counts_come_in_bands),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
