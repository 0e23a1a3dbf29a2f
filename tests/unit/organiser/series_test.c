/* SPDX-License-Identifier: MIT */
/* series_test.c: days of the week, and the days of a series over weekends, months and a leap day. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "organiser/series.h"

#include <string.h>

static void test_weekday(void **state)
{
	(void) state;
	static const struct {
		struct date day;
		int weekday;
	} rows[] = {
		{{1970, 1, 1}, 3},   {{1969, 12, 31}, 2}, {{1900, 1, 1}, 0},   {{2026, 11, 21}, 5},
		{{2026, 11, 22}, 6}, {{2028, 2, 29}, 1},  {{9999, 12, 31}, 4},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_int_equal(series_weekday(rows[i].day), rows[i].weekday);
}

static void test_days(void **state)
{
	(void) state;
	static const struct {
		const char *name, *first;
		size_t count;
		bool with_weekends;
		const char *days;
	} rows[] = {
		{"a week from Monday", "2026-11-23", 5, false,
		 "2026-11-23 2026-11-24 2026-11-25 2026-11-26 2026-11-27"},
		{"from Thursday", "2026-11-26", 5, false, "2026-11-26 2026-11-27 2026-11-30 2026-12-01 2026-12-02"},
		{"from Friday", "2026-11-27", 2, false, "2026-11-27 2026-11-30"},
		{"the first day is on a Saturday", "2026-11-28", 3, false, "2026-11-28 2026-11-30 2026-12-01"},
		{"the first day is on a Sunday", "2026-11-29", 2, false, "2026-11-29 2026-11-30"},
		{"with weekends", "2026-11-27", 4, true, "2026-11-27 2026-11-28 2026-11-29 2026-11-30"},
		{"over a leap day", "2028-02-28", 3, false, "2028-02-28 2028-02-29 2028-03-01"},
		{"over a year's end", "2026-12-31", 2, false, "2026-12-31 2027-01-01"},
		{"one", "2026-11-23", 1, false, "2026-11-23"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct date first, days[SERIES_DAYS_MAX];
		char text[SERIES_DAYS_MAX * DATE_TEXT + 1] = "";
		assert_int_equal(date_parse(rows[i].first, &first), ERR_OK);
		series_days(first, rows[i].count, rows[i].with_weekends, days);
		for (size_t day = 0; day < rows[i].count; day++) {
			date_format(days[day], text + day * DATE_TEXT);
			text[(day + 1) * DATE_TEXT - 1] = day + 1 < rows[i].count ? ' ' : '\0';
		}
		if (strcmp(text, rows[i].days) != 0)
			fail_msg("%s: %s", rows[i].name, text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_weekday),
		cmocka_unit_test(test_days),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
