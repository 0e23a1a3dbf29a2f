/* SPDX-License-Identifier: MIT */
/* form_typed_test.c: which spellings of numbers and dates are canonical, and what they mean. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/form/form_typed.h"

#include <math.h>
#include <stdlib.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static void test_numbers(void **state)
{
	(void) state;
	static const struct {
		const char *text;
		bool is_canonical;
		unsigned decimals;
	} rows[] = {
		{"0", true, 0},
		{"16", true, 0},
		{"-3", true, 0},
		{"2.5", true, 1},
		{"-0.5", true, 1},
		{"0.000001", true, 6},
		{"10", true, 0},
		{"100.01", true, 2},
		{"999999999999999", true, 0},
		{"-999999999999999", true, 0},
		{"12345678.1234567", true, 7},
		{"1000000000000000", false, 0},
		{"12345678.12345678", false, 0},
		{"", false, 0},
		{"-", false, 0},
		{"-0", false, 0},
		{"-0.0", false, 0},
		{"00", false, 0},
		{"07", false, 0},
		{"2.50", false, 0},
		{"2.0", false, 0},
		{"2.", false, 0},
		{".5", false, 0},
		{"-.5", false, 0},
		{"+1", false, 0},
		{" 1", false, 0},
		{"1 ", false, 0},
		{"1,5", false, 0},
		{"1.5.5", false, 0},
		{"1e3", false, 0},
		{"0x10", false, 0},
		{"inf", false, 0},
		{"--1", false, 0},
		{"1-", false, 0},
		{"\xD9\xA1", false, 0},
		{"prefer_not", false, 0},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		if (form_number_is_canonical(rows[i].text) != rows[i].is_canonical)
			fail_msg("\"%s\"", rows[i].text);
		double value = form_number_value(rows[i].text);
		if (!rows[i].is_canonical) {
			assert_true(isnan(value));
			continue;
		}
		assert_int_equal(form_number_decimals(rows[i].text), rows[i].decimals);
		/* The nearest double, as strtod finds it. */
		assert_true(value == strtod(rows[i].text, NULL));
	}
}

static void test_dates(void **state)
{
	(void) state;
	static const struct {
		const char *text;
		bool is_canonical;
	} rows[] = {
		{"2026-11-21", true},   {"2024-02-29", true},
		{"2000-02-29", true},   {"1000-01-01", true},
		{"9999-12-31", true},   {"2026-04-30", true},
		{"2025-02-29", false},  {"1900-02-29", false},
		{"2026-04-31", false},  {"2026-00-10", false},
		{"2026-13-10", false},  {"2026-10-00", false},
		{"2026-10-32", false},  {"0999-12-31", false},
		{"2026-1-01", false},   {"2026-01-1", false},
		{"26-01-01", false},    {"02026-01-01", false},
		{"2026/01/01", false},  {"2026-01-01 ", false},
		{"2026-01-01T", false}, {"", false},
		{"2026", false},        {"2026-", false},
		{"2026-01", false},     {"2026-01-", false},
		{"01-01-2026", false},  {"\xD9\xA2-01-01", false},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		if (form_date_is_canonical(rows[i].text) != rows[i].is_canonical)
			fail_msg("\"%s\"", rows[i].text);
	}
}

static void test_compare(void **state)
{
	(void) state;
	assert_true(form_typed_compare(QUESTION_INTEGER, "9", "10") < 0);
	assert_true(form_typed_compare(QUESTION_INTEGER, "-9", "-10") > 0);
	assert_true(form_typed_compare(QUESTION_DECIMAL, "2.5", "2.5") == 0);
	assert_true(form_typed_compare(QUESTION_DECIMAL, "2.49", "2.5") < 0);
	assert_true(form_typed_compare(QUESTION_INTEGER, "999999999999999", "999999999999998") > 0);
	assert_true(form_typed_compare(QUESTION_DATE, "2009-12-31", "2010-01-01") < 0);
	assert_true(form_typed_compare(QUESTION_DATE, "2010-01-01", "2010-01-01") == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_compare),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
