/* SPDX-License-Identifier: MIT */
/* expire_test.c: on its day, and not before, what was promised to go is gone: from the tables and from the bytes. */
#include "unit/lib/office/keeping_fixture.h"

static struct office_expired expire(struct fixture *fixture, const char *day)
{
	struct office_expired expired;
	assert_int_equal(office_expire(fixture->office, keeping_day(day), &expired), ERR_OK);
	return expired;
}

static void a_response_goes_on_the_day_it_was_told(void **state)
{
	static const struct {
		const char *name;
		const char *held_on;
		const char *form; /* conversation keeps 24 months, other 12 */
		const char *stays;
		const char *goes;
	} rows[] = {
		{"two years", "2026-11-21", "conversation", "2028-11-20", "2028-11-21"},
		{"one year", "2026-11-21", "other", "2027-11-20", "2027-11-21"},
		{"a leap day plus a year", "2028-02-29", "other", "2029-02-27", "2029-02-28"},
		{"a leap day plus two", "2028-02-29", "conversation", "2030-02-27", "2030-02-28"},
		{"into a leap year", "2027-02-28", "other", "2028-02-27", "2028-02-28"},
		{"the last of a year", "2026-12-31", "other", "2027-12-30", "2027-12-31"},
		{"long past", "2026-11-21", "other", "2027-11-20", "2036-01-01"},
	};
	(void) state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		void *fresh;
		char sql[128];
		print_message("# %s\n", rows[i].name);
		keeping_set_up(&fresh);
		struct fixture *fixture = fresh;
		snprintf(sql, sizeof(sql), "UPDATE event SET held_on = '%s'", rows[i].held_on);
		keeping_run(fixture, sql);
		fixture_file(fixture, (struct fixture_letter){.person = 1, .form = rows[i].form, .text = "a text"});
		struct office_expired before = expire(fixture, rows[i].stays);
		assert_int_equal(before.responses + before.apart + before.texts, 0);
		assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM link"), 1);
		struct office_expired after = expire(fixture, rows[i].goes);
		assert_int_equal(after.responses, 1);
		assert_int_equal(after.apart, 1);
		assert_int_equal(after.texts, 1);
		assert_int_equal(fixture_number(fixture, "SELECT (SELECT count(*) FROM response) + "
							 "(SELECT count(*) FROM apart) + (SELECT count(*) FROM link) + "
							 "(SELECT count(*) FROM free_text)"),
				 0);
		assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM seen"), 1);
		fixture_tear_down(&fresh);
	}
}

static void each_version_keeps_its_own_days(void **state)
{
	struct fixture *fixture = *state;
	fixture_file(fixture, (struct fixture_letter){.person = 1});
	fixture_file(fixture, (struct fixture_letter){.person = 2, .form = "other"});
	fixture_file(fixture, (struct fixture_letter){.person = 3, .is_practice = true});
	struct office_expired first = expire(fixture, "2027-11-21");
	assert_int_equal(first.responses, 1);
	assert_int_equal(first.events_closed, 0); /* conversation is still served */
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM response WHERE form = 'other'"), 0);
	/* Its id was seen: neither a replay nor a later edit brings it back. */
	assert_int_equal(fixture_file(fixture, (struct fixture_letter){.person = 2, .form = "other", .edit = 7}),
			 OFFICE_FILED_SEEN);
	struct office_expired second = expire(fixture, "2028-11-21");
	assert_int_equal(second.responses, 2);
	assert_int_equal(second.events_closed, 2);
	assert_int_equal(expire(fixture, "2028-11-22").responses, 0);
}

static void an_event_that_is_over_is_closed_for_good(void **state)
{
	struct fixture *fixture = *state;
	char text[256];
	uint64_t wanted, done;
	fixture_file(fixture, (struct fixture_letter){.person = 1});
	assert_int_equal(expire(fixture, "2028-11-20").events_closed, 0);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM event WHERE state = 'open'"), 2);
	assert_int_equal(expire(fixture, "2028-11-21").events_closed, 2);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM event WHERE state = 'closed'"), 2);
	assert_string_equal(keeping_text(fixture, "SELECT min(expired_on) || max(expired_on) FROM event", text),
			    "2028-11-212028-11-21");
	assert_string_equal(keeping_text(fixture,
					 "SELECT count(*) || group_concat(DISTINCT actor) FROM audit "
					 "WHERE action = 'event.close'",
					 text),
			    "2timer");
	assert_int_equal(office_flush(fixture->office, &wanted, &done), ERR_OK);
	assert_true(wanted > done);
	/* However late: a replay, and what a forgotten kiosk brings; as an answer to what never was here, and to what was. */
	assert_int_equal(fixture_file(fixture, (struct fixture_letter){.person = 1, .edit = 3}), OFFICE_FILED_EXPIRED);
	assert_int_equal(fixture_file(fixture, (struct fixture_letter){.person = 9}), OFFICE_FILED_EXPIRED);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM response"), 0);
	assert_int_equal(office_event_set_state(fixture->office, fixture->event, EVENT_OPEN, 0), ERR_CONFLICT);
	assert_int_equal(expire(fixture, "2028-12-01").events_closed, 0);
	assert_string_equal(keeping_text(fixture, "SELECT min(expired_on) FROM event", text), "2028-11-21");
}

static void an_event_goes_on_while_a_form_of_it_keeps(void **state)
{
	struct fixture *fixture = *state;
	/* The practice event is served what is newest; the other one keeps what it has served. */
	keeping_run(fixture,
		    "UPDATE event_form SET version = 1 WHERE event = (SELECT code FROM event WHERE is_practice = 0)");
	fixture_publish(fixture, "conversation", keeping_document(fixture, "conversation", 36));
	assert_int_equal(expire(fixture, "2028-11-21").events_closed, 1);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM event WHERE is_practice = 1 AND state = 'open'"),
			 1);
	assert_int_equal(expire(fixture, "2029-11-20").events_closed, 0);
	assert_int_equal(expire(fixture, "2029-11-21").events_closed, 1);
	/* What was never opened promised nothing. */
	char *planned = fixture_add_event(fixture, false, EVENT_PLANNED);
	assert_int_equal(expire(fixture, "2049-11-21").events_closed, 0);
	assert_int_equal(office_event_set_state(fixture->office, planned, EVENT_OPEN, 0), ERR_OK);
}

static void loose_texts_go_with_the_first_of_their_form(void **state)
{
	struct fixture *fixture = *state;
	char sql[160];
	fixture_file(fixture, (struct fixture_letter){.person = 1, .text = "mark-text", .apart_text = "mark-belief"});
	fixture_release(fixture);
	assert_int_equal(expire(fixture, "2028-11-20").texts, 0);
	fixture_publish(fixture, "conversation", keeping_document(fixture, "conversation", 18));
	snprintf(sql, sizeof(sql), "INSERT INTO event_served VALUES ('%s', 'conversation', 2)", fixture->event);
	keeping_run(fixture, sql);
	assert_int_equal(expire(fixture, "2028-05-20").texts, 0);
	assert_true(keeping_holds_text(fixture, "mark-belief"));
	struct office_expired expired = expire(fixture, "2028-05-21");
	assert_int_equal(expired.texts, 1);
	assert_int_equal(expired.responses, 0);
	assert_false(keeping_holds_text(fixture, "mark-belief"));
	assert_true(keeping_holds_text(fixture, "mark-text"));
	assert_int_equal(expire(fixture, "2028-11-21").texts, 1);
}

static void what_has_gone_is_nowhere_in_the_file(void **state)
{
	static const char *const marks[] = {"mark-answers", "mark-apart", "mark-text", "mark-belief", "mark-envelope"};
	enum { PEOPLE = 40 };
	(void) state;
	for (int is_released = 0; is_released <= 1; is_released++) {
		void *fresh;
		keeping_set_up(&fresh);
		struct fixture *fixture = fresh;
		for (unsigned i = 0; i < PEOPLE; i++)
			fixture_file(fixture, (struct fixture_letter){
						      .person = i,
						      .answers = "{\"overall\":\"mark-answers\"}",
						      .apart = "{\"age_band\":\"mark-apart\"}",
						      .text = "mark-text",
						      .apart_text = "mark-belief",
					      });
		assert_int_equal(office_begin(fixture->office), ERR_OK);
		assert_int_equal(office_file_quarantine(fixture->office, "forged", "mark-envelope", 13), ERR_OK);
		assert_int_equal(office_commit(fixture->office), ERR_OK);
		assert_true(keeping_holds_key(fixture, 7, 'w'));
		if (is_released)
			fixture_release(fixture);
		expire(fixture, "2028-11-20");
		for (size_t i = 0; i < COUNT_OF(marks) - 1; i++)
			assert_true(keeping_holds_text(fixture, marks[i]));
		assert_true(is_released || keeping_holds_key(fixture, 7, 'w'));
		struct office_expired expired = expire(fixture, "2040-01-01");
		assert_int_equal(expired.responses, PEOPLE);
		assert_int_equal(expired.texts, 2 * PEOPLE);
		for (size_t i = 0; i < COUNT_OF(marks); i++)
			assert_false(keeping_holds_text(fixture, marks[i]));
		for (unsigned i = 0; i < PEOPLE; i++) {
			assert_false(keeping_holds_key(fixture, i, 'w'));
			assert_true(keeping_holds_key(fixture, i, 'i'));
		}
		fixture_tear_down(&fresh);
	}
}

static void quarantine_and_audit_have_their_months(void **state)
{
	static const struct {
		const char *name;
		const char *day;
		const char *today;
		int64_t quarantine;
		int64_t audit;
	} rows[] = {
		{"the day before twelve months", "2026-02-15", "2027-02-14", 1, 1},
		{"twelve months", "2026-02-15", "2027-02-15", 0, 1},
		{"the day before 72 months", "2026-02-15", "2032-02-14", 0, 1},
		{"72 months", "2026-02-15", "2032-02-15", 0, 0},
		{"a leap day", "2028-02-29", "2029-02-28", 0, 1},
		{"a leap day, six years on", "2028-02-29", "2034-02-28", 0, 0},
	};
	(void) state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		void *fresh;
		char sql[256], text[256];
		print_message("# %s\n", rows[i].name);
		keeping_set_up(&fresh);
		struct fixture *fixture = fresh;
		assert_int_equal(office_begin(fixture->office), ERR_OK);
		assert_int_equal(office_file_quarantine(fixture->office, "forged", "mark-envelope", 13), ERR_OK);
		assert_int_equal(office_commit(fixture->office), ERR_OK);
		snprintf(sql, sizeof(sql),
			 "UPDATE quarantine SET day = '%s'; DELETE FROM audit; DELETE FROM event_language; "
			 "DELETE FROM event_form; DELETE FROM event; "
			 "INSERT INTO audit (number, day, actor, action, subject) VALUES (1, '%s', 'cli', "
			 "'mark.action', 'x')",
			 rows[i].day, rows[i].day);
		keeping_run(fixture, sql);
		struct office_expired expired = expire(fixture, rows[i].today);
		assert_int_equal(expired.quarantined, 1 - rows[i].quarantine);
		assert_int_equal(expired.audit, 1 - rows[i].audit);
		assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM quarantine"), rows[i].quarantine);
		assert_int_equal(keeping_holds_text(fixture, "mark-envelope"), rows[i].quarantine != 0);
		assert_int_equal(keeping_holds_text(fixture, "mark.action"), rows[i].audit != 0);
		snprintf(sql, sizeof(sql), "%s%s", rows[i].quarantine == 0 ? "expire.quarantine 1," : "",
			 rows[i].audit == 0 ? "expire.audit 1," : "");
		assert_string_equal(keeping_text(fixture,
						 "SELECT group_concat(action || ' ' || subject || ',', '') FROM "
						 "(SELECT * FROM audit WHERE action LIKE 'expire.%' ORDER BY number)",
						 text),
				    sql);
		fixture_tear_down(&fresh);
	}
}

static void a_run_notes_its_counts_and_takes_a_number(void **state)
{
	struct fixture *fixture = *state;
	struct date day;
	uint64_t next;
	char text[256];
	assert_int_equal(office_expire_last(fixture->office, &day), ERR_NOT_FOUND);
	for (unsigned i = 0; i < 3; i++)
		fixture_file(fixture, (struct fixture_letter){.person = i, .text = "t", .apart_text = "a"});
	fixture_backup(fixture);
	expire(fixture, "2028-11-20");
	expire(fixture, "2028-11-21");
	assert_int_equal(office_backup_next(fixture->office, &next), ERR_OK);
	assert_int_equal(next, 4);
	assert_string_equal(
		keeping_text(fixture,
			     "SELECT group_concat(r.number || ':' || r.day || ':' || b.number || ':' || b.day || "
			     "':' || b.is_finished) FROM expire_run r JOIN backup b ON b.number = r.backup",
			     text),
		"1:2028-11-20:2:2028-11-20:0,2:2028-11-21:3:2028-11-21:0");
	assert_int_equal(office_expire_last(fixture->office, &day), ERR_OK);
	assert_int_equal(date_days(day), date_days(keeping_day("2028-11-21")));
	assert_string_equal(keeping_text(fixture,
					 "SELECT group_concat(actor || ' ' || action || ' ' || subject) FROM "
					 "(SELECT * FROM audit WHERE action LIKE 'expire.%' ORDER BY number)",
					 text),
			    "cli expire.responses 3,cli expire.texts 6");
	assert_int_equal(fixture_number(fixture, "SELECT unordered FROM meta"), 0);
}

static void withdrawals_are_not_its_business(void **state)
{
	struct fixture *fixture = *state;
	fixture_file(fixture, (struct fixture_letter){.person = 1});
	fixture_withdraw(fixture, 1, false); /* matched */
	fixture_withdraw(fixture, 2, false); /* waits for its response */
	expire(fixture, "2028-11-21");
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM tombstone"), 2);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM tombstone_waits"), 1);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM seen"), 1);
}

static void an_unreadable_form_stops_only_who_needs_it(void **state)
{
	struct fixture *fixture = *state;
	struct office_expired expired;
	struct date day;
	fixture_file(fixture, (struct fixture_letter){.person = 1});
	keeping_run(fixture, "UPDATE form_version SET document = '{}' WHERE form = 'other'");
	assert_int_equal(expire(fixture, "2028-11-20").responses, 0);
	keeping_run(fixture, "UPDATE form_version SET document = '{}' WHERE form = 'conversation'");
	assert_int_equal(office_expire(fixture->office, keeping_day("2028-11-21"), &expired), ERR_CORRUPT);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM response"), 1);
	assert_int_equal(office_expire_last(fixture->office, &day), ERR_OK);
	assert_int_equal(date_days(day), date_days(keeping_day("2028-11-20")));
}

int main(void)
{
#define WITH_OFFICE(test) cmocka_unit_test_setup_teardown(test, keeping_set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_response_goes_on_the_day_it_was_told),
		WITH_OFFICE(each_version_keeps_its_own_days),
		WITH_OFFICE(an_event_that_is_over_is_closed_for_good),
		WITH_OFFICE(an_event_goes_on_while_a_form_of_it_keeps),
		WITH_OFFICE(loose_texts_go_with_the_first_of_their_form),
		cmocka_unit_test(what_has_gone_is_nowhere_in_the_file),
		cmocka_unit_test(quarantine_and_audit_have_their_months),
		WITH_OFFICE(a_run_notes_its_counts_and_takes_a_number),
		WITH_OFFICE(withdrawals_are_not_its_business),
		WITH_OFFICE(an_unreadable_form_stops_only_who_needs_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
