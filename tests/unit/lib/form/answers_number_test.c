/* SPDX-License-Identifier: MIT */
/* answers_number_test.c: numbers as people type them, in several scripts, with signs between the groups. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/form/answers_number.h"
#include "lib/form/form_typed.h"
#include "unit/seeded.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

struct row {
	const char *name;
	const char *typed;
	const char *text; /* NULL: no number */
	bool has_mark;
	size_t fraction;
};

static const struct row rows[] = {
	{"one digit", "5", "5", false, 0},
	{"zero", "0", "0", false, 0},
	{"zeros", "000", "0", false, 0},
	{"leading zeros", "007", "7", false, 0},
	{"a year", "2026", "2026", false, 0},
	{"minus", "-3", "-3", false, 0},
	{"minus of typography", "\u22123", "-3", false, 0},
	{"plus", "+3", "3", false, 0},
	{"minus nothing", "-0", "0", false, 0},
	{"minus nothing, with a point", "-0.00", "0", true, 0},
	{"a point", "2.5", "2.5", true, 1},
	{"zeros behind", "2.500", "2.5", true, 1},
	{"nothing but zeros behind", "2.00", "2", true, 0},
	{"zeros between", "10.05", "10.05", true, 2},
	{"nothing before the point", ".5", "0.5", true, 1},
	{"nothing before the comma", ",5", "0.5", true, 1},
	{"minus nothing before the point", "-.5", "-0.5", true, 1},
	{"nothing behind the point", "5.", NULL, false, 0},
	{"nothing behind the comma", "5,", NULL, false, 0},
	{"nothing but a point", ".", NULL, false, 0},
	{"nothing but a sign", "-", NULL, false, 0},
	{"nothing but a sign and a point", "+.", NULL, false, 0},
	{"two signs", "--5", NULL, false, 0},
	{"two kinds of sign", "+-5", NULL, false, 0},
	{"a sign behind", "5-", NULL, false, 0},
	{"a sign and a blank", "- 5", NULL, false, 0},
	{"two points", "1.2.3", NULL, false, 0},
	{"two points together", "1..2", NULL, false, 0},
	{"empty", "", NULL, false, 0},
	{"white space", " \t", NULL, false, 0},

	{"blanks around", "  16 ", "16", false, 0},
	{"all kinds of white space around", "\n\t\u00A0\u202F\u300016\u2003\r\n", "16", false, 0},
	{"a line between", "1\n6", NULL, false, 0},
	{"a tab between groups", "1\t000", NULL, false, 0},
	{"a zero-width space", "1\u200B6", NULL, false, 0},
	{"letters behind", "16 years", NULL, false, 0},
	{"letters before", "about 16", NULL, false, 0},
	{"in words", "sixteen", NULL, false, 0},
	{"with an exponent", "1e3", NULL, false, 0},
	{"hexadecimal", "0x10", NULL, false, 0},
	{"infinity", "inf", NULL, false, 0},
	{"not a number, by name", "nan", NULL, false, 0},
	{"pounds", "\u00A35", NULL, false, 0},
	{"percent", "50%", NULL, false, 0},
	{"a fraction", "\u00BD", NULL, false, 0},
	{"a formula", "=1+1", NULL, false, 0},
	{"a sum", "1+1", NULL, false, 0},
	{"brackets for minus", "(5)", NULL, false, 0},

	{"groups by comma", "1,234", "1234", false, 0},
	{"many groups by comma", "1,234,567", "1234567", false, 0},
	{"groups by comma, and a point", "1,234.5", "1234.5", true, 1},
	{"minus and groups", "-12,345", "-12345", false, 0},
	{"a first group of three", "123,456", "123456", false, 0},
	{"a first group of four", "1234,567", "1234.567", true, 3},
	{"a last group of two", "1,23", "1.23", true, 2},
	{"a last group of four", "1,2345", "1.2345", true, 4},
	{"a second group of two", "1,234,56", NULL, false, 0},
	{"a second group of four", "1,234,5678", NULL, false, 0},
	{"a first group of zero", "0,123", "0.123", true, 3},
	{"a first group that begins with zero", "012,345", "12.345", true, 3},
	{"a group of zeros", "1,000,000", "1000000", false, 0},
	{"the comma between groups is no mark", "1,234,5", NULL, false, 0},
	{"two commas together", "1,,234", NULL, false, 0},
	{"points between groups", "1.234.567", NULL, false, 0},
	{"a point between groups is a mark", "1.234", "1.234", true, 3},
	{"groups by point, and a comma", "1.234,5", NULL, false, 0},
	{"a group behind the point", "1.234,567", NULL, false, 0},
	{"groups by blank", "1 234 567", "1234567", false, 0},
	{"groups by blank, and a comma", "1 234,5", "1234.5", true, 1},
	{"groups by blank, and a comma with three", "1 234,567", "1234.567", true, 3},
	{"groups by no-break space", "1\u00A0234\u00A0567", "1234567", false, 0},
	{"groups by narrow no-break space", "1\u202F234,5", "1234.5", true, 1},
	{"blanks of several kinds", "1\u202F234 567", "1234567", false, 0},
	{"two blanks together", "1  234", NULL, false, 0},
	{"a blank before two digits", "1 23", NULL, false, 0},
	{"a blank before four digits", "1 2345", NULL, false, 0},
	{"a blank behind the mark", "1,234. 5", NULL, false, 0},
	{"two numbers", "16 17", NULL, false, 0},
	{"groups by apostrophe", "1'234'567", "1234567", false, 0},
	{"groups by apostrophe, and a point", "1'234.5", "1234.5", true, 1},
	{"groups by a turned apostrophe", "1\u2019234", "1234", false, 0},
	{"groups by two kinds of sign", "1,234 567", NULL, false, 0},
	{"groups by two kinds of sign, other way", "1 234'567", NULL, false, 0},
	{"lakhs are no groups of three", "1,23,456", NULL, false, 0},
	{"a sign before the first group", ",234,567", NULL, false, 0},
	{"a blank behind the sign of a group", "1, 234", NULL, false, 0},

	{"Arabic-Indic", "\u0661\u0666", "16", false, 0},
	{"Arabic-Indic, all ten", "\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669\u0660", "1234567890", false,
	 0},
	{"Arabic-Indic with its mark", "\u0662\u066B\u0665", "2.5", true, 1},
	{"Arabic-Indic with its groups and mark", "\u0661\u066C\u0662\u0663\u0664\u066B\u0665", "1234.5", true, 1},
	{"Arabic-Indic with a comma as groups", "\u0661,\u0662\u0663\u0664", "1234", false, 0},
	{"Arabic-Indic with a comma as mark", "\u0661,\u0665", "1.5", true, 1},
	{"the Arabic comma is neither", "\u0661\u060C\u0665", NULL, false, 0},
	{"Arabic minus with its mark of direction", "\u061C-\u0663", "-3", false, 0},
	{"Persian minus with its mark of direction", "\u200E\u2212\u06F3", "-3", false, 0},
	{"a mark of direction behind", "16\u200F", "16", false, 0},
	{"marks of direction, and blanks", "\u200F 16 \u200F ", "16", false, 0},
	{"marks of direction between", "1\u200E,\u200F234", "1234", false, 0},
	{"nothing but a mark of direction", "\u200F", NULL, false, 0},
	{"an embedding is none of these", "\u202B16\u202C", NULL, false, 0},
	{"Persian and Urdu", "\u06F1\u06F9\u06F8\u06F4", "1984", false, 0},
	{"Persian, all ten", "\u06F1\u06F2\u06F3\u06F4\u06F5\u06F6\u06F7\u06F8\u06F9\u06F0", "1234567890", false, 0},
	{"Devanagari", "\u0967\u096C", "16", false, 0},
	{"Devanagari, all ten", "\u0967\u0968\u0969\u096A\u096B\u096C\u096D\u096E\u096F\u0966", "1234567890", false, 0},
	{"Devanagari with a point", "\u0968.\u096B", "2.5", true, 1},
	{"Bengali", "\u09E7\u09EC", "16", false, 0},
	{"Bengali, all ten", "\u09E7\u09E8\u09E9\u09EA\u09EB\u09EC\u09ED\u09EE\u09EF\u09E6", "1234567890", false, 0},
	{"Bengali with groups", "\u09E7,\u09E8\u09E9\u09EA", "1234", false, 0},
	{"Gurmukhi", "\u0A67\u0A6C", "16", false, 0},
	{"Gurmukhi, all ten", "\u0A67\u0A68\u0A69\u0A6A\u0A6B\u0A6C\u0A6D\u0A6E\u0A6F\u0A66", "1234567890", false, 0},
	{"zeros of another script", "\u0660\u0660\u0667", "7", false, 0},
	{"a first group of another script's zero", "\u0660,\u0661\u0662\u0663", "0.123", true, 3},
	{"digits of two scripts", "1\u0666", "16", false, 0},
	{"the sign before the first digit", "\u065F", NULL, false, 0},
	{"the sign behind the last digit", "\u066A", NULL, false, 0},
	{"full-width digits are not read", "\uFF11\uFF16", NULL, false, 0},
	{"Thai digits are not read", "\u0E51", NULL, false, 0},
	{"a small two above", "\u00B2", NULL, false, 0},

	{"fifteen digits", "123456789012345", "123456789012345", false, 0},
	{"sixteen digits", "1234567890123456", "", false, 0},
	{"fifteen digits behind zeros", "0000123456789012345", "123456789012345", false, 0},
	{"fifteen digits, some behind the point", "123456789.012345", "123456789.012345", true, 6},
	{"sixteen digits, some behind the point", "1234567890.123456", "", true, 6},
	{"fifteen digits and zeros at the end", "123456789.01234500000", "123456789.012345", true, 6},
	{"the zero before the point is a digit", "0.12345678901234", "0.12345678901234", true, 14},
	{"one more", "0.123456789012345", "", true, 15},
	{"very many behind the point", "0.33333333333333333333333333333333", "", true, 32},
	{"a longest one", "-12345678901234.5", "-12345678901234.5", true, 1},
};

static void test_read(void **state)
{
	const struct row *row = *state;
	struct answers_number number = {.fraction = 99}, again;
	assert_int_equal(answers_number_read(row->typed, &number), row->text != NULL);
	if (row->text == NULL)
		return;
	assert_string_equal(number.text, row->text);
	assert_int_equal(number.has_mark, row->has_mark);
	assert_int_equal(number.fraction, row->fraction);
	if (row->text[0] == '\0')
		return;
	/* What is canonical stays so. */
	assert_true(answers_number_read(row->text, &again));
	assert_string_equal(again.text, row->text);
	assert_int_equal(again.has_mark, row->fraction > 0);
	assert_true(form_number_is_canonical(row->text));
	assert_int_equal(form_number_decimals(row->text), row->fraction);
	assert_int_equal(form_number_is_canonical(row->typed), strcmp(row->typed, row->text) == 0);
}

/* ---- properties ---- */

static const char *const digit_of[][10] = {
	{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"},
	{"\u0660", "\u0661", "\u0662", "\u0663", "\u0664", "\u0665", "\u0666", "\u0667", "\u0668", "\u0669"},
	{"\u06F0", "\u06F1", "\u06F2", "\u06F3", "\u06F4", "\u06F5", "\u06F6", "\u06F7", "\u06F8", "\u06F9"},
	{"\u0966", "\u0967", "\u0968", "\u0969", "\u096A", "\u096B", "\u096C", "\u096D", "\u096E", "\u096F"},
	{"\u09E6", "\u09E7", "\u09E8", "\u09E9", "\u09EA", "\u09EB", "\u09EC", "\u09ED", "\u09EE", "\u09EF"},
	{"\u0A66", "\u0A67", "\u0A68", "\u0A69", "\u0A6A", "\u0A6B", "\u0A6C", "\u0A6D", "\u0A6E", "\u0A6F"},
};

struct typed {
	char text[256];
	size_t length;
};

static void type(struct typed *typed, const char *piece)
{
	typed->length +=
		(size_t) snprintf(typed->text + typed->length, sizeof typed->text - typed->length, "%s", piece);
}

/* A number with at most 14 digits, typed in one of many ways, is read as what it is. */
static void test_random_numbers(void **state)
{
	(void) state;
	static const char *const between[] = {"", ",", " ", "\u00A0", "\u202F", "'", "\u2019", "\u066C"};
	seed = 11;
	for (unsigned i = 0; i < 20000; i++) {
		struct typed typed = {.length = 0};
		char wanted[32], whole[16];
		unsigned decimals = below(4), script = below(COUNT_OF(digit_of)), group = below(COUNT_OF(between));
		unsigned long long thousand = below(1000), number = below(1000000);
		number = below(2) == 0 ? number : number * thousand;
		bool is_negative = below(3) == 0;
		snprintf(whole, sizeof whole, "%llu", number);
		if (below(4) == 0)
			type(&typed, " \u200F");
		if (is_negative)
			type(&typed, below(2) == 0 ? "-" : "\u2212");
		for (size_t d = 0, count = strlen(whole); d < count; d++) {
			if (d > 0 && (count - d) % 3 == 0)
				type(&typed, between[group]);
			type(&typed, digit_of[script][whole[d] - '0']);
		}
		snprintf(wanted, sizeof wanted, "%s%s", is_negative ? "-" : "", whole);
		if (decimals > 0) {
			static const char *const marks[] = {".", "\u066B", ","};
			/* A comma would be taken for one between groups where these are or could be. */
			bool could_be_group = group == 1 || (strlen(whole) < 4 && decimals == 3 && number > 0);
			type(&typed, marks[below(could_be_group ? 2 : 3)]);
			size_t length = strlen(wanted);
			wanted[length++] = '.';
			for (unsigned d = 0; d < decimals; d++) {
				unsigned digit = below(10);
				wanted[length++] = (char) ('0' + digit);
				type(&typed, digit_of[script][digit]);
			}
			while (wanted[length - 1] == '0')
				length--;
			length -= wanted[length - 1] == '.';
			wanted[length] = '\0';
		}
		if (strcmp(wanted, "-0") == 0)
			snprintf(wanted, sizeof wanted, "0");
		struct answers_number read;
		if (!answers_number_read(typed.text, &read) || strcmp(read.text, wanted) != 0)
			fail_msg("%s: not %s", typed.text, wanted);
	}
}

/* Whatever is read is canonical, and no sum of its own. */
static void test_random_nonsense(void **state)
{
	(void) state;
	static const char *const pieces[] = {"0", "1",      "9", "00", "12",     "123",    "-",      "+",
					     ".", ",",      " ", "'",  "\u00A0", "\u066B", "\u066C", "\u200F",
					     "e", "\u0663", "x", "\t", "\u09E8", "\u2212"};
	seed = 12;
	unsigned read_count = 0;
	for (unsigned i = 0; i < 50000; i++) {
		struct typed typed = {.length = 0};
		struct answers_number read;
		for (unsigned count = 1 + below(8); count > 0; count--)
			type(&typed, pieces[below(COUNT_OF(pieces))]);
		if (!answers_number_read(typed.text, &read))
			continue;
		read_count++;
		assert_true(strspn(read.text, "-0123456789.") == strlen(read.text));
		if (read.text[0] != '\0')
			assert_true(form_number_is_canonical(read.text));
		assert_true(read.text[0] != '\0' || typed.length > FORM_DIGITS_MAX);
	}
	assert_in_range(read_count, 2000, 40000);
}

int main(void)
{
	static struct CMUnitTest tests[COUNT_OF(rows)];
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		tests[i] = (struct CMUnitTest){rows[i].name, test_read, NULL, NULL, (void *) (uintptr_t) &rows[i]};
	const struct CMUnitTest others[] = {
		cmocka_unit_test(test_random_numbers),
		cmocka_unit_test(test_random_nonsense),
	};
	return cmocka_run_group_tests_name("answers_number rows", tests, NULL, NULL) +
	       cmocka_run_group_tests_name("answers_number", others, NULL, NULL);
}
