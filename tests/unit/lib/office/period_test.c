/* SPDX-License-Identifier: MIT */
/* period_test.c: when a key period begins and retires, when it is over, and what goes with it. */
#include "unit/lib/office/keeping_fixture.h"

enum { ORDINARY, ORDINARY_NEXT, PRACTICE, NAMES };

static const uint8_t ids[NAMES][KEYS_ID_BYTES] = {"ordinary", "ordinar2", "practice"};

/* A key set with the periods named; which of the two ordinary ones is current. */
static struct keyset keyset_of(size_t ordinary, bool has_first)
{
	struct keyset keyset = {.serial = 1};
	for (size_t i = has_first ? ORDINARY : ORDINARY_NEXT; i < NAMES; i++) {
		struct period *period = &keyset.periods[keyset.periods_count++];
		memcpy(period->id, ids[i], KEYS_ID_BYTES);
		period->is_practice = i == PRACTICE;
		period->is_current = i == PRACTICE || i == ordinary;
	}
	return keyset;
}

static void note(struct fixture *fixture, size_t ordinary, bool has_first, const char *day)
{
	struct keyset keyset = keyset_of(ordinary, has_first);
	assert_int_equal(office_periods_note(fixture->office, &keyset, keeping_day(day)), ERR_OK);
}

static const char *lives(struct fixture *fixture, char out[256])
{
	return keeping_text(
		fixture,
		"SELECT group_concat(id || ' ' || coalesce(begun_on, '-') || ' ' || "
		"coalesce(retired_on, '-') || ' ' || coalesce(destroyed_on, '-'), '; ') FROM "
		"(SELECT CAST(id AS TEXT) AS id, begun_on, retired_on, destroyed_on FROM period ORDER BY id)",
		out);
}

static size_t over(struct fixture *fixture, const char *day, struct office_period **list)
{
	size_t count = 99;
	assert_int_equal(office_periods_over(fixture->office, keeping_day(day), &fixture->arena, list, &count), ERR_OK);
	return count;
}

static void the_key_set_gives_a_period_its_days(void **state)
{
	struct fixture *fixture = *state;
	char text[256];
	fixture_file(fixture, (struct fixture_letter){.person = 1}); /* makes a row without a day */
	assert_string_equal(lives(fixture, text), "ordinary - - -");
	note(fixture, ORDINARY, true, "2026-11-21");
	assert_string_equal(lives(fixture, text),
			    "ordinar2 - 2026-11-21 -; ordinary 2026-11-21 - -; practice 2026-11-21 - -");
	keeping_run(fixture, "DELETE FROM period WHERE CAST(id AS TEXT) = 'ordinar2'");
	note(fixture, ORDINARY_NEXT, true, "2027-06-01");
	for (int again = 0; again < 2; again++) {
		assert_string_equal(
			lives(fixture, text),
			"ordinar2 2027-06-01 - -; ordinary 2026-11-21 2027-06-01 -; practice 2026-11-21 - -");
		note(fixture, ORDINARY_NEXT, true, "2027-07-01");
	}
	note(fixture, ORDINARY_NEXT, false, "2030-01-01");
	assert_string_equal(lives(fixture, text),
			    "ordinar2 2027-06-01 - -; ordinary 2026-11-21 2027-06-01 -; practice 2026-11-21 - -");
	struct office_period *list = NULL;
	size_t count = 0;
	assert_int_equal(office_periods(fixture->office, &fixture->arena, &list, &count), ERR_OK);
	assert_int_equal(count, 3);
	assert_memory_equal(list[0].id, ids[ORDINARY], KEYS_ID_BYTES);
	assert_true(list[0].has_begun && list[0].is_retired && !list[0].is_destroyed && !list[0].is_practice);
	assert_int_equal(date_days(list[0].retired_on), date_days(keeping_day("2027-06-01")));
	assert_memory_equal(list[1].id, ids[ORDINARY_NEXT], KEYS_ID_BYTES);
	assert_true(list[1].has_begun && !list[1].is_retired);
	assert_true(list[2].is_practice);
}

static void one_that_left_the_key_set_is_retired(void **state)
{
	struct fixture *fixture = *state;
	char text[256];
	note(fixture, ORDINARY, true, "2026-11-21");
	keeping_run(fixture, "DELETE FROM period WHERE CAST(id AS TEXT) = 'ordinar2'");
	note(fixture, ORDINARY_NEXT, false, "2027-06-01");
	assert_string_equal(lives(fixture, text),
			    "ordinar2 2027-06-01 - -; ordinary 2026-11-21 2027-06-01 -; practice 2026-11-21 - -");
}

static void a_period_is_over_after_the_longest_keep_and_the_backups(void **state)
{
	static const struct {
		const char *name;
		unsigned months; /* of another form; 0: none */
		const char *retired_on;
		const char *not_yet;
		const char *over;
	} rows[] = {
		{"two years and 35 days", 0, "2027-06-01", "2029-07-05", "2029-07-06"},
		{"a shorter form shortens nothing", 3, "2027-06-01", "2029-07-05", "2029-07-06"},
		{"a longer form lengthens", 36, "2027-06-01", "2030-07-05", "2030-07-06"},
		{"ten years", 120, "2027-06-01", "2037-07-05", "2037-07-06"},
		{"a leap day", 12, "2028-02-29", "2030-04-03", "2030-04-04"},
		{"through a leap February", 0, "2026-01-31", "2028-03-05", "2028-03-06"},
	};
	(void) state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		void *fresh;
		struct office_period *list = NULL;
		print_message("# %s\n", rows[i].name);
		keeping_set_up(&fresh);
		struct fixture *fixture = fresh;
		if (rows[i].months > 0)
			fixture_publish(fixture, "third", keeping_document(fixture, "third", rows[i].months));
		note(fixture, ORDINARY, true, "2026-01-01");
		assert_int_equal(over(fixture, "2026-02-01", &list), 0);
		keeping_run(fixture, "DELETE FROM period WHERE CAST(id AS TEXT) = 'ordinar2'");
		note(fixture, ORDINARY_NEXT, true, rows[i].retired_on);
		assert_int_equal(over(fixture, rows[i].not_yet, &list), 0);
		assert_int_equal(over(fixture, rows[i].over, &list), 1);
		assert_memory_equal(list[0].id, ids[ORDINARY], KEYS_ID_BYTES);
		assert_int_equal(office_period_destroyed(fixture->office, ids[ORDINARY], keeping_day(rows[i].over)),
				 ERR_OK);
		assert_int_equal(over(fixture, "2099-01-01", &list), 0);
		fixture_tear_down(&fresh);
	}
}

static void one_with_a_link_left_stays(void **state)
{
	struct fixture *fixture = *state;
	struct office_period *list = NULL;
	struct office_expired expired;
	fixture_file(fixture, (struct fixture_letter){.person = 1});
	fixture_withdraw(fixture, 2, false);
	keeping_run(fixture, "UPDATE period SET retired_on = '2026-01-01'; UPDATE event SET held_on = '2035-01-01'");
	assert_int_equal(over(fixture, "2034-01-01", &list), 0);
	assert_int_equal(office_period_destroyed(fixture->office, fixture_period, keeping_day("2034-01-01")),
			 ERR_CONFLICT);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM period WHERE destroyed_on IS NULL"), 1);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM seen"), 1);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM tombstone_waits"), 1);
	assert_int_equal(office_expire(fixture->office, keeping_day("2037-01-01"), &expired), ERR_OK);
	assert_int_equal(over(fixture, "2037-01-01", &list), 1);
	assert_int_equal(office_period_destroyed(fixture->office, fixture_period, keeping_day("2037-01-01")), ERR_OK);
}

static void what_was_seen_under_it_goes_with_it(void **state)
{
	struct fixture *fixture = *state;
	struct office *collector = fixture_open_as(fixture, OFFICE_COLLECTOR);
	bool is_destroyed = true;
	char text[256];
	fixture_file(fixture, (struct fixture_letter){.person = 1});
	fixture_file(fixture, (struct fixture_letter){.person = 2, .is_practice = true});
	fixture_withdraw(fixture, 3, false);
	fixture_withdraw(fixture, 4, true);
	fixture_release(fixture);
	fixture_withdraw(fixture, 1, false); /* late: waits for nothing that is here */
	fixture_file(fixture,
		     (struct fixture_letter){.person = 5, .event = fixture_add_event(fixture, false, EVENT_OPEN)});
	fixture_withdraw(fixture, 5, false);
	assert_true(keeping_holds_key(fixture, 1, 'i'));
	assert_true(keeping_holds_key(fixture, 5, 'w'));
	assert_int_equal(office_period_destroyed(fixture->office, fixture_period, keeping_day("2029-07-06")),
			 ERR_CONFLICT); /* never retired */
	assert_int_equal(office_period_is_destroyed(collector, fixture_period, &is_destroyed), ERR_OK);
	assert_false(is_destroyed);
	keeping_run(fixture, "UPDATE period SET retired_on = '2027-06-01'");
	for (int again = 0; again < 2; again++)
		assert_int_equal(office_period_destroyed(fixture->office, fixture_period, keeping_day("2029-07-06")),
				 ERR_OK);
	assert_int_equal(office_period_destroyed(fixture->office, ids[ORDINARY_NEXT], keeping_day("2029-07-06")),
			 ERR_NOT_FOUND);
	for (unsigned person = 1; person <= 5; person += 4) {
		assert_false(keeping_holds_key(fixture, person, 'i'));
		assert_false(keeping_holds_key(fixture, person, 'w'));
	}
	assert_true(keeping_holds_key(fixture, 2, 'i')); /* practice has its own */
	assert_true(keeping_holds_key(fixture, 4, 'w'));
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM response"), 2);
	assert_string_equal(keeping_text(fixture,
					 "SELECT group_concat(actor || ' ' || subject) FROM audit "
					 "WHERE action = 'period.destroy'",
					 text),
			    "cli 6f7264696e617279");
	assert_int_equal(office_period_is_destroyed(collector, fixture_period, &is_destroyed), ERR_OK);
	assert_true(is_destroyed);
	assert_int_equal(office_period_is_destroyed(collector, ids[ORDINARY_NEXT], &is_destroyed), ERR_OK);
	assert_false(is_destroyed);
	office_close(collector);
}

int main(void)
{
#define WITH_OFFICE(test) cmocka_unit_test_setup_teardown(test, keeping_set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
		WITH_OFFICE(the_key_set_gives_a_period_its_days),
		WITH_OFFICE(one_that_left_the_key_set_is_retired),
		cmocka_unit_test(a_period_is_over_after_the_longest_keep_and_the_backups),
		WITH_OFFICE(one_with_a_link_left_stays),
		WITH_OFFICE(what_was_seen_under_it_goes_with_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
