/* SPDX-License-Identifier: MIT */
/* date_test.c: what is a date, months that are shorter than the day, and the ends of the calendar. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/base/date.h"

#include <limits.h>
#include <string.h>

static void test_parse(void **state)
{
	(void) state;
	static const struct {
		const char *name, *text;
		enum err error;
	} rows[] = {
		{"a day", "2026-11-21", ERR_OK},
		{"leap day", "2024-02-29", ERR_OK},
		{"leap day of a fourth century", "2000-02-29", ERR_OK},
		{"first", "1900-01-01", ERR_OK},
		{"last", "9999-12-31", ERR_OK},
		{"no leap year", "2026-02-29", ERR_INVALID},
		{"no leap century", "2100-02-29", ERR_INVALID},
		{"31 April", "2026-04-31", ERR_INVALID},
		{"day 0", "2026-04-00", ERR_INVALID},
		{"month 0", "2026-00-10", ERR_INVALID},
		{"month 13", "2026-13-10", ERR_INVALID},
		{"before 1900", "1899-12-31", ERR_INVALID},
		{"short", "2026-1-1", ERR_INVALID},
		{"long", "2026-11-211", ERR_INVALID},
		{"another order", "21-11-2026", ERR_INVALID},
		{"slashes", "2026/11/21", ERR_INVALID},
		{"a sign", "+026-11-21", ERR_INVALID},
		{"a blank", " 026-11-21", ERR_INVALID},
		{"a time", "2026-11-21T10:00", ERR_INVALID},
		{"empty", "", ERR_INVALID},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct date date;
		enum err error = date_parse(rows[i].text, &date);
		if (error != rows[i].error)
			fail_msg("%s: %s", rows[i].name, err_name(error));
		if (error != ERR_OK)
			continue;
		char text[DATE_TEXT];
		date_format(date, text);
		assert_string_equal(text, rows[i].text);
	}
}

static void test_add_months(void **state)
{
	(void) state;
	static const struct {
		const char *name, *from;
		int months;
		const char *to;
	} rows[] = {
		{"nothing", "2026-11-21", 0, "2026-11-21"},
		{"over the year", "2026-11-21", 2, "2027-01-21"},
		{"24 months", "2026-11-21", 24, "2028-11-21"},
		{"31 January", "2026-01-31", 1, "2026-02-28"},
		{"31 January of a leap year", "2028-01-31", 1, "2028-02-29"},
		{"leap day, a year on", "2028-02-29", 12, "2029-02-28"},
		{"leap day, four years on", "2028-02-29", 48, "2032-02-29"},
		{"31 to 30", "2026-08-31", 1, "2026-09-30"},
		{"December", "2026-12-31", 12, "2027-12-31"},
		{"back", "2026-03-31", -1, "2026-02-28"},
		{"back over the year", "2026-01-15", -1, "2025-12-15"},
		{"past the end", "9999-12-01", 1, "9999-12-31"},
		{"far past the end", "2026-11-21", INT_MAX, "9999-12-31"},
		{"before the beginning", "1900-01-31", -1, "1900-01-01"},
		{"far before the beginning", "2026-11-21", INT_MIN, "1900-01-01"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct date from;
		char text[DATE_TEXT];
		assert_int_equal(date_parse(rows[i].from, &from), ERR_OK);
		date_format(date_add_months(from, rows[i].months), text);
		if (strcmp(text, rows[i].to) != 0)
			fail_msg("%s: %s", rows[i].name, text);
	}
}

static void test_days(void **state)
{
	(void) state;
	static const struct {
		const char *date;
		int64_t days;
	} rows[] = {
		{"1970-01-01", 0},     {"1969-12-31", -1},    {"1900-01-01", -25567},
		{"2000-02-29", 11016}, {"2026-11-21", 20778}, {"9999-12-31", 2932896},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct date date;
		assert_int_equal(date_parse(rows[i].date, &date), ERR_OK);
		assert_int_equal(date_days(date), rows[i].days);
	}
	/* Every day there is, one after another. */
	struct date last = date_from_days(-25567);
	for (int64_t days = -25566; days <= 2932896; days++) {
		struct date date = date_from_days(days);
		int is_next_day = date.year == last.year && date.month == last.month && date.day == last.day + 1;
		int is_next_month = date.day == 1 && last.day >= 28 &&
				    (date.month == last.month + 1 || (date.month == 1 && date.year == last.year + 1));
		if (!(is_next_day || is_next_month) || date_days(date) != days)
			fail_msg("%d-%d-%d", date.year, date.month, date.day);
		last = date;
	}
	char text[DATE_TEXT];
	date_format(date_from_days(INT64_MAX), text);
	assert_string_equal(text, "9999-12-31");
	date_format(date_from_days(INT64_MIN), text);
	assert_string_equal(text, "1900-01-01");
}

static void test_today(void **state)
{
	(void) state;
	struct date today = date_today();
	assert_true(today.year >= 2026 && today.year < 2200);
	assert_int_equal(date_days(date_from_days(date_days(today))), date_days(today));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_parse), cmocka_unit_test(test_add_months),
					   cmocka_unit_test(test_days), cmocka_unit_test(test_today)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
