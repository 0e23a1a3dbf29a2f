/* SPDX-License-Identifier: MIT */
/* financial_test.c: which quarter a day is in, and the quarters around it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "organiser/financial.h"

static void test_of(void **state)
{
	(void) state;
	static const struct {
		struct date day;
		int year, quarter, calendar_year;
	} rows[] = {
		{{2026, 3, 31}, 2025, 4, 2026},  {{2026, 4, 1}, 2026, 1, 2026},  {{2026, 6, 30}, 2026, 1, 2026},
		{{2026, 7, 1}, 2026, 2, 2026},   {{2026, 9, 30}, 2026, 2, 2026}, {{2026, 10, 1}, 2026, 3, 2026},
		{{2026, 12, 31}, 2026, 3, 2026}, {{2027, 1, 1}, 2026, 4, 2027},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct financial_quarter quarter = financial_of(rows[i].day);
		assert_int_equal(quarter.year, rows[i].year);
		assert_int_equal(quarter.quarter, rows[i].quarter);
		assert_int_equal(financial_calendar_year(quarter), rows[i].calendar_year);
	}
}

static void test_later(void **state)
{
	(void) state;
	static const struct {
		struct financial_quarter from;
		int count;
		struct financial_quarter to;
	} rows[] = {
		{{2026, 1}, 0, {2026, 1}},  {{2026, 1}, 3, {2026, 4}},  {{2026, 4}, 1, {2027, 1}},
		{{2026, 1}, -1, {2025, 4}}, {{2026, 2}, -9, {2024, 1}},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct financial_quarter to = financial_later(rows[i].from, rows[i].count);
		assert_int_equal(to.year, rows[i].to.year);
		assert_int_equal(to.quarter, rows[i].to.quarter);
	}
}

static void test_text(void **state)
{
	(void) state;
	static const struct {
		const char *name, *text;
		bool is_read;
	} rows[] = {
		{"a quarter", "2026-3", true}, {"none", "2026-0", false},
		{"a fifth", "2026-5", false},  {"short", "206-3", false},
		{"long", "2026-33", false},    {"a sign", "+206-3", false},
		{"empty", "", false},          {"before all years", "1899-1", false},
		{"a blank", "2026-3 ", false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct financial_quarter quarter;
		if (financial_parse(rows[i].text, &quarter) != rows[i].is_read)
			fail_msg("%s", rows[i].name);
		char text[FINANCIAL_TEXT];
		if (!rows[i].is_read)
			continue;
		financial_format(quarter, text);
		assert_string_equal(text, rows[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_of),
		cmocka_unit_test(test_later),
		cmocka_unit_test(test_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
