/* SPDX-License-Identifier: MIT */
/* event_find_test.c: lists of events: what is found, in which order, and how SQLite goes about it with 2,000 of them. */
#include "unit/lib/office/keeping_fixture.h"

#include "lib/office/events.h"

#include <time.h>

/* 2,000 events in 14 Areas; every tenth is for practice; event N was held on day N of 400, over and over. */
static void fill(struct fixture *fixture)
{
	keeping_run(
		fixture,
		"BEGIN; DELETE FROM event_language; DELETE FROM event_form; DELETE FROM event; "
		"WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 1999) "
		"INSERT INTO event (code, title, place, held_on, area, programme, is_practice, is_wales, "
		"wants_tickets, "
		"state) SELECT 'A' || substr('23456789', i / 1000 + 1, 1) || substr('23456789AB', i / 100 % 10 + 1, 1) "
		"|| "
		"substr('23456789AB', i / 10 % 10 + 1, 1) || substr('23456789AB', i % 10 + 1, 1) || 'Z', "
		"CASE WHEN i = 7 THEN 'Sgwrs ŴYTHNOSOL y Dŵr' ELSE 'Conversation ' || i END, 'Hall ' || (i % 50), "
		"date('2026-01-01', '+' || (i % 400) || ' days'), 'area-' || (i % 14), "
		"CASE i % 3 WHEN 0 THEN 'community' ELSE 'placement' END, i % 10 = 0, 0, 0, "
		"CASE i % 2 WHEN 0 THEN 'open' ELSE 'closed' END FROM n; "
		"INSERT INTO event_language SELECT code, 0, 'en' FROM event; "
		"INSERT INTO event_language SELECT code, 1, 'cy' FROM event; "
		"INSERT INTO event_form SELECT code, 0, 'conversation', NULL FROM event; "
		"INSERT INTO event_detail (event, version, mark, partner, expected) SELECT code, 1, 1, "
		"'Partner ' || title, 30 FROM event; "
		"WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 59) "
		"INSERT INTO response (row, event, form, version, answers) SELECT e.rank * 100 + n.i + 1, e.code, "
		"'conversation', 1, '{}' FROM (SELECT code, row_number() OVER (ORDER BY code) AS rank FROM event) e, n "
		"WHERE n.i < e.rank % 61; "
		"INSERT INTO action (id, area, event, status, many, owner, aim, partner, evidence, changed_on, "
		"is_public, "
		"is_removed, version, mark) SELECT 1, area, code, 'heard', 'few', '', '', '', '', '2026-01-01', 0, 0, "
		"1, 1 "
		"FROM event WHERE title = 'Conversation 1'; "
		"INSERT INTO action (id, area, event, status, many, owner, aim, partner, evidence, changed_on, "
		"is_public, "
		"is_removed, version, mark) SELECT 2, area, code, 'heard', 'few', '', '', '', '', '2026-01-01', 0, 1, "
		"1, 1 "
		"FROM event WHERE title = 'Conversation 1'; COMMIT");
}

static struct office_event_line *find(struct fixture *fixture, struct office_event_search search, size_t *count,
				      size_t *total)
{
	struct office_event_line *lines = NULL;
	assert_int_equal(office_event_find(fixture->office, &search, &fixture->arena, &lines, count, total), ERR_OK);
	return lines;
}

static void what_is_asked_for_is_found(void **state)
{
	struct fixture *fixture = *state;
	static const char *const two[] = {"area-3", "area-5"};
	fill(fixture);
	const struct {
		const char *name;
		struct office_event_search search;
		size_t total;
	} rows[] = {
		{"all but practice", {.state = -1, .most = 5}, 1800},
		{"all", {.state = -1, .most = 5, .with_practice = true}, 2000},
		{"a programme", {.state = -1, .most = 5, .programme = "community", .with_practice = true}, 667},
		{"a state", {.state = EVENT_CLOSED, .most = 5, .with_practice = true}, 1000},
		{"one that none is in", {.state = EVENT_GRACE, .most = 5, .with_practice = true}, 0},
		{"two Areas", {.state = -1, .most = 5, .areas = two, .areas_count = 2, .with_practice = true}, 286},
		{"no Area", {.state = -1, .most = 5, .areas = two, .areas_count = 0, .with_practice = true}, 0},
		{"a day", {.state = -1, .most = 5, .from = {2026, 1, 1}, .to = {2026, 1, 1}, .with_practice = true}, 5},
		{"up to a day", {.state = -1, .most = 5, .to = {2026, 1, 2}, .with_practice = true}, 10},
		{"a word of the title, in other letters", {.state = -1, .most = 5, .words = "ŵythnosol"}, 1},
		{"and with accents in capitals", {.state = -1, .most = 5, .words = "DŴR"}, 1},
		{"two words of two fields",
		 {.state = -1, .most = 5, .words = " 1234 \t partner ", .with_practice = true},
		 1},
		{"two words of which one is nowhere", {.state = -1, .most = 5, .words = "1234 nowhere"}, 0},
		{"a code as typed", {.state = -1, .most = 5, .words = "a2233z", .with_practice = true}, 1},
		{"signs that mean something to SQL", {.state = -1, .most = 5, .words = "%_'\""}, 0},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		size_t count = 0, total = 0;
		print_message("# %s\n", rows[i].name);
		find(fixture, rows[i].search, &count, &total);
		assert_int_equal(total, rows[i].total);
		assert_int_equal(count, total < 5 ? total : 5);
	}
	struct office_event_line *lines;
	size_t count, total;
	struct office_event_search bad = {.state = -1, .most = 5, .words = "\xff"};
	assert_int_equal(office_event_find(fixture->office, &bad, &fixture->arena, &lines, &count, &total),
			 ERR_INVALID);
}

static void a_line_has_all_that_it_shows(void **state)
{
	struct fixture *fixture = *state;
	size_t count = 0, total = 0;
	fill(fixture);
	struct office_event_line *lines =
		find(fixture, (struct office_event_search){.state = -1, .most = 1, .words = "a2223z"}, &count, &total);
	assert_int_equal(count, 1);
	assert_string_equal(lines[0].event->shown.title, "Conversation 1");
	assert_string_equal(lines[0].event->shown.area, "area-1");
	assert_int_equal(lines[0].event->shown.languages_count, 2);
	assert_string_equal(lines[0].event->shown.languages[1], "cy");
	assert_int_equal(lines[0].event->shown.forms_count, 1);
	assert_string_equal(lines[0].event->shown.forms[0].form, "conversation");
	assert_string_equal(lines[0].band, "1 to 4");
	assert_int_equal(lines[0].expected, 30);
	assert_int_equal(lines[0].came, OFFICE_UNKNOWN);
	assert_int_equal(lines[0].opens_on.year, 0);
	assert_string_equal(lines[0].series, "");
	assert_int_equal(lines[0].actions, 1); /* the removed one does not count */
}

static void pages_follow_each_other_newest_first(void **state)
{
	struct fixture *fixture = *state;
	struct date last = {9999, 12, 31};
	size_t seen = 0, count = 0, total = 0;
	fill(fixture);
	do {
		struct office_event_line *lines = find(
			fixture,
			(struct office_event_search){.state = -1, .skip = seen, .most = 300, .with_practice = true},
			&count, &total);
		for (size_t i = 0; i < count; i++) {
			assert_true(date_days(lines[i].event->shown.held_on) <= date_days(last));
			last = lines[i].event->shown.held_on;
		}
		assert_int_equal(total, 2000);
		seen += count;
	} while (count > 0);
	assert_int_equal(seen, 2000);
}

/* 60 events from yesterday on, of which a page shows a few: what comes next is among them. */
static void the_soonest_of_many_is_tomorrow(void **state)
{
	struct fixture *fixture = *state;
	const struct date tomorrow = {2026, 3, 3};
	size_t count = 0, total = 0;
	keeping_run(fixture,
		    "BEGIN; DELETE FROM event_language; DELETE FROM event_form; DELETE FROM event; "
		    "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 59) "
		    "INSERT INTO event (code, title, place, held_on, area, programme, is_practice, is_wales, "
		    "wants_tickets, state) SELECT 'AAAA' || substr('23456789', i / 8 + 1, 1) || substr('23456789', i % "
		    "8 + 1, 1), 'Conversation ' || i, '', "
		    "date('2026-03-01', '+' || (i / 4) || ' days'), 'north', 'community', 0, 0, 0, 'planned' FROM n; "
		    "INSERT INTO event_language SELECT code, 0, 'en' FROM event; "
		    "INSERT INTO event_form SELECT code, 0, 'conversation', NULL FROM event; COMMIT");
	struct office_event_search search = {.state = -1, .from = tomorrow, .soonest_first = true, .most = 20};
	struct office_event_line *lines = find(fixture, search, &count, &total);
	assert_int_equal(count, 20);
	assert_int_equal(total, 52);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(date_days(lines[i].event->shown.held_on), date_days(tomorrow) + (int64_t) i / 4);
	search.skip = 20;
	lines = find(fixture, search, &count, &total);
	assert_int_equal(date_days(lines[0].event->shown.held_on), date_days(tomorrow) + 5);
}

/* The newest are done with; those that wait are found behind them. */
static void what_waits_is_found_behind_what_does_not(void **state)
{
	struct fixture *fixture = *state;
	size_t count = 0, total = 0;
	fill(fixture);
	struct office_event_search search = {.state = -1, .waits_only = true, .most = 5};
	struct office_event_line *lines = find(fixture, search, &count, &total);
	assert_int_equal(total, 1799); /* all but practice, and but the closed one that has an action */
	search.with_practice = true;
	find(fixture, search, &count, &total);
	assert_int_equal(total, 1799);
	keeping_run(fixture, "UPDATE event SET state = CASE code WHEN 'A2223Z' THEN 'grace' WHEN 'A2224Z' THEN 'open' "
			     "WHEN 'A2225Z' THEN 'closed' ELSE 'planned' END, grace_until = CASE code WHEN 'A2223Z' "
			     "THEN 1767312000 END");
	lines = find(fixture, search, &count, &total);
	assert_int_equal(total, 3);
	assert_string_equal(lines[2].event->shown.code, "A2223Z"); /* it has an action, and people can still answer */
	keeping_run(fixture, "UPDATE event SET state = 'closed', grace_until = NULL WHERE code = 'A2223Z'");
	find(fixture, search, &count, &total);
	assert_int_equal(total, 2);
}

/* What SQLite says of how it goes about SQL, one step a line. */
static const char *plan_of(struct fixture *fixture, const char *sql)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *statement = NULL;
	const char *plan = "", *question = arena_printf(&fixture->arena, "EXPLAIN QUERY PLAN %s", sql);
	assert_int_equal(sqlite3_open_v2(fixture->path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	assert_int_equal(event_add_functions(db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, question, -1, &statement, NULL), SQLITE_OK);
	while (sqlite3_step(statement) == SQLITE_ROW)
		plan = arena_printf(&fixture->arena, "%s%s\n", plan, (const char *) sqlite3_column_text(statement, 3));
	sqlite3_finalize(statement);
	sqlite3_close(db);
	return plan;
}

/* No table is gone through for each row, nothing is sorted, and the page ends where it is full. */
static void no_row_costs_a_scan(void **state)
{
	struct fixture *fixture = *state;
	const char *const sql[] = {event_find_lines_sql, event_find_soonest_sql, event_find_total_sql};
	for (size_t i = 0; i < COUNT_OF(sql); i++) {
		const char *plan = plan_of(fixture, sql[i]);
		print_message("# %s", plan);
		assert_non_null(strstr(plan, "SEARCH e USING"));
		assert_null(strstr(plan, "TEMP B-TREE"));
		for (const char *scan = plan; (scan = strstr(scan, "SCAN ")) != NULL; scan++) {
			bool is_subquery = strncmp(scan, "SCAN (", 6) == 0;
			if (!is_subquery)
				fail_msg("%s", plan);
		}
	}
}

static double seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double) now.tv_sec + (double) now.tv_nsec / 1e9;
}

/* Far below what a person waits for, even where every step is checked; the bench measures what a page takes. */
static void a_search_is_quick(void **state)
{
	struct fixture *fixture = *state;
	size_t count = 0, total = 0;
	fill(fixture);
	double best = 1e9;
	for (int i = 0; i < 3; i++) {
		double began = seconds();
		find(fixture, (struct office_event_search){.state = -1, .most = 50, .words = "conversation partner"},
		     &count, &total);
		double took = seconds() - began;
		best = took < best ? took : best;
	}
	print_message("# %.1f ms\n", best * 1000);
	assert_int_equal(count, 50);
	assert_true(best < 0.5);
}

#define WITH_OFFICE(test) cmocka_unit_test_setup_teardown(test, keeping_set_up, fixture_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_OFFICE(what_is_asked_for_is_found),
		WITH_OFFICE(a_line_has_all_that_it_shows),
		WITH_OFFICE(pages_follow_each_other_newest_first),
		WITH_OFFICE(the_soonest_of_many_is_tomorrow),
		WITH_OFFICE(what_waits_is_found_behind_what_does_not),
		WITH_OFFICE(no_row_costs_a_scan),
		WITH_OFFICE(a_search_is_quick),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
