/* SPDX-License-Identifier: MIT */
/* keeping_day_test.c: which day the office finds likely, by what it remembers of runs of expire, backups and key periods. */
#include "unit/lib/office/keeping_fixture.h"

/* What the office remembers, the day that is then the last it knows, and what it finds likely around it. */
struct row {
	const char *name, *sql, *last;
	const char *likely[3], *unlikely[3];
};

#define BACKUP(number, day) "INSERT INTO backup (number, day, is_finished) VALUES (" #number ", '" day "', 1);"
#define BEGUN(number, day) "INSERT INTO backup (number, day, is_finished) VALUES (" #number ", '" day "', 0);"
#define RUN(number, day, backup)                                                                                       \
	BEGUN(backup, day) "INSERT INTO expire_run VALUES (" #number ", '" day "', " #backup ");"
#define PERIOD(id, day)                                                                                                \
	"INSERT INTO period (id, is_practice, begun_on) VALUES (x'" id id id id id id id id "', 0, '" day "');"

static struct date date_of(const char *text)
{
	struct date date;
	assert_int_equal(date_parse(text, &date), ERR_OK);
	return date;
}

static bool is_likely(struct fixture *fixture, const char *day)
{
	bool answer = false;
	assert_int_equal(office_day_is_likely(fixture->office, date_of(day), &answer), ERR_OK);
	return answer;
}

static void a_day_is_held_against_what_was(void **state)
{
	struct fixture *fixture = *state;
	static const struct row rows[] = {
		{"nothing known", "", NULL, {"1970-01-01", "2026-11-21", "9999-12-31"}, {NULL}},
		{"an instance that was just made",
		 PERIOD("11", "2026-11-21"),
		 "2026-11-21",
		 {"2026-11-20", "2026-11-21", "2027-01-20"},
		 {"2026-11-19", "2027-01-21", "2036-11-21"}},
		{"a newer period says nothing",
		 PERIOD("11", "2026-11-21") PERIOD("22", "2036-11-21"),
		 "2026-11-21",
		 {"2026-11-21"},
		 {"2036-11-21"}},
		{"a run, and a backup since",
		 RUN(1, "2026-11-21", 1) BACKUP(2, "2026-12-21"),
		 "2026-12-21",
		 {"2026-12-20", "2027-02-19"},
		 {"2026-11-21", "2027-02-20"}},
		{"backups day by day, without a run",
		 PERIOD("11", "2026-01-01") BACKUP(1, "2026-02-20") BACKUP(2, "2026-04-10") BACKUP(3, "2026-05-30"),
		 "2026-05-30",
		 {"2026-07-29"},
		 {"2026-07-30", "2026-05-28"}},
		{"a backup that a clock ahead has dated says nothing",
		 RUN(1, "2026-11-21", 1) BACKUP(2, "2036-11-21") BACKUP(3, "2026-11-22"),
		 "2026-11-22",
		 {"2026-11-22"},
		 {"2036-11-21", "2036-11-22"}},
		{"nor one of a clock that had fallen back",
		 RUN(1, "2026-11-21", 1) BACKUP(2, "2016-11-21"),
		 "2026-11-21",
		 {"2026-11-21"},
		 {"2016-11-21"}},
		{"one that never finished",
		 RUN(1, "2026-11-21", 1) BEGUN(2, "2026-12-21"),
		 "2026-11-21",
		 {"2027-01-20"},
		 {"2027-02-19"}},
		{"a run that was said to be right counts, though a backup before it was later",
		 RUN(1, "2036-11-21", 1) BACKUP(2, "2036-11-21") RUN(2, "2026-11-21", 3),
		 "2026-11-21",
		 {"2026-11-21"},
		 {"2036-11-21"}},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct date last;
		char text[DATE_TEXT] = "none";
		print_message("# %s\n", rows[i].name);
		keeping_run(fixture, "DELETE FROM expire_run; DELETE FROM backup; DELETE FROM period");
		if (*rows[i].sql)
			keeping_run(fixture, rows[i].sql);
		enum err error = office_day_last(fixture->office, &last);
		assert_int_equal(error, rows[i].last ? ERR_OK : ERR_NOT_FOUND);
		if (rows[i].last) {
			date_format(last, text);
			assert_string_equal(text, rows[i].last);
		}
		for (size_t j = 0; j < 3 && rows[i].likely[j]; j++)
			assert_true(is_likely(fixture, rows[i].likely[j]));
		for (size_t j = 0; j < 3 && rows[i].unlikely[j]; j++)
			assert_false(is_likely(fixture, rows[i].unlikely[j]));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_day_is_held_against_what_was, keeping_set_up, fixture_tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
