/* SPDX-License-Identifier: MIT */
/* answers_date_test.c: dates as people type them, in three parts and several scripts, months by name; each day of each kind of year. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/form/answers_date.h"
#include "lib/form/form_typed.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

struct row {
	const char *name;
	const char *day, *month, *year;
	enum answers_date_fault fault;
	int part;
	const char *text;
};

#define FINE(text) ANSWERS_DATE_FINE, 0, text
#define WRONG(part) ANSWERS_DATE_WRONG, part, ""
#define MISSING(part) ANSWERS_DATE_MISSING, part, ""

static const struct row rows[] = {
	{"a day", "21", "11", "2026", FINE("2026-11-21")},
	{"one digit each", "3", "4", "1984", FINE("1984-04-03")},
	{"leading zeros", "03", "04", "1984", FINE("1984-04-03")},
	{"the first that can be said", "1", "1", "1000", FINE("1000-01-01")},
	{"the last that can be said", "31", "12", "9999", FINE("9999-12-31")},
	{"29 February of a leap year", "29", "2", "2024", FINE("2024-02-29")},
	{"29 February of no leap year", "29", "2", "2026", WRONG(ANSWER_DAY)},
	{"29 February 2000", "29", "2", "2000", FINE("2000-02-29")},
	{"29 February 1900", "29", "2", "1900", WRONG(ANSWER_DAY)},
	{"30 February", "30", "2", "2024", WRONG(ANSWER_DAY)},
	{"31 April", "31", "4", "2026", WRONG(ANSWER_DAY)},
	{"31 March", "31", "3", "2026", FINE("2026-03-31")},
	{"day 0", "0", "4", "2026", WRONG(ANSWER_DAY)},
	{"day 00", "00", "4", "2026", WRONG(ANSWER_DAY)},
	{"day 32", "32", "1", "2026", WRONG(ANSWER_DAY)},
	{"a day of three digits", "001", "1", "2026", WRONG(ANSWER_DAY)},
	{"a day below nothing", "-1", "1", "2026", WRONG(ANSWER_DAY)},
	{"a day with a sign", "+1", "1", "2026", WRONG(ANSWER_DAY)},
	{"a day and a half", "1.5", "1", "2026", WRONG(ANSWER_DAY)},
	{"a day in letters", "first", "1", "2026", WRONG(ANSWER_DAY)},
	{"a day with its ending", "1st", "1", "2026", WRONG(ANSWER_DAY)},
	{"two days", "1 2", "1", "2026", WRONG(ANSWER_DAY)},
	{"month 0", "1", "0", "2026", WRONG(ANSWER_MONTH)},
	{"month 13", "1", "13", "2026", WRONG(ANSWER_MONTH)},
	{"a year of two digits", "1", "1", "26", WRONG(ANSWER_YEAR)},
	{"a year of three digits", "1", "1", "999", WRONG(ANSWER_YEAR)},
	{"a year of five digits", "1", "1", "12026", WRONG(ANSWER_YEAR)},
	{"a year with a zero before it", "1", "1", "02026", WRONG(ANSWER_YEAR)},
	{"a year below 1000 with a zero before it", "1", "1", "0999", WRONG(ANSWER_YEAR)},
	{"a year in letters", "1", "1", "last", WRONG(ANSWER_YEAR)},
	{"a year that would overflow", "1", "1", "99999999999999999999", WRONG(ANSWER_YEAR)},
	{"all wrong: the first", "x", "y", "z", WRONG(ANSWER_DAY)},
	{"month and year wrong: the first", "1", "y", "z", WRONG(ANSWER_MONTH)},
	{"the day is no day of any month, and the year wrong", "31", "2", "26", WRONG(ANSWER_YEAR)},
	{"month first, as in America", "11", "21", "2026", WRONG(ANSWER_MONTH)},
	{"all in the day", "21/11/2026", "11", "2026", WRONG(ANSWER_DAY)},

	{"nothing came", NULL, NULL, NULL, ANSWERS_DATE_EMPTY, 0, ""},
	{"all empty", "", "", "", ANSWERS_DATE_EMPTY, 0, ""},
	{"white space in all", " ", "\u00A0", "\t", ANSWERS_DATE_EMPTY, 0, ""},
	{"no day", "", "11", "2026", MISSING(ANSWER_DAY)},
	{"no month", "21", "", "2026", MISSING(ANSWER_MONTH)},
	{"no year", "21", "11", "", MISSING(ANSWER_YEAR)},
	{"no day that came", NULL, "11", "2026", MISSING(ANSWER_DAY)},
	{"a blank year", "21", "11", " ", MISSING(ANSWER_YEAR)},
	{"only a day: the first that is missing", "21", "", "", MISSING(ANSWER_MONTH)},
	{"only a year", "", "", "2026", MISSING(ANSWER_DAY)},
	{"only a month", NULL, "11", NULL, MISSING(ANSWER_DAY)},
	{"missing before wrong", "x", "11", "", MISSING(ANSWER_YEAR)},

	{"blanks around", " 21", "11 ", "\t2026\u00A0", FINE("2026-11-21")},
	{"marks of direction", "\u200F21", "\u061C11\u200E", "20\u200F26", FINE("2026-11-21")},
	{"a mark of direction alone", "\u200F", "11", "2026", WRONG(ANSWER_DAY)},
	{"a blank between digits", "2 1", "11", "2026", WRONG(ANSWER_DAY)},
	{"a group in the year", "21", "11", "2,026", WRONG(ANSWER_YEAR)},
	{"Arabic-Indic", "\u0662\u0661", "\u0661\u0661", "\u0662\u0660\u0662\u0666", FINE("2026-11-21")},
	{"Persian and Urdu", "\u06F3", "\u06F1\u06F2", "\u06F1\u06F9\u06F8\u06F4", FINE("1984-12-03")},
	{"Devanagari", "\u0966\u0969", "\u096A", "\u0967\u096F\u096E\u096A", FINE("1984-04-03")},
	{"Bengali", "\u09E9", "\u09EA", "\u09E7\u09EF\u09EE\u09EA", FINE("1984-04-03")},
	{"Gurmukhi", "\u0A69", "\u0A6A", "\u0A67\u0A6F\u0A6E\u0A6A", FINE("1984-04-03")},
	{"each part in another script", "\u0A69", "4", "\u0661\u0669\u0668\u0664", FINE("1984-04-03")},
	{"another script's day that is none", "\u0663\u0662", "1", "2026", WRONG(ANSWER_DAY)},
	{"full-width digits are not read", "\uFF11", "1", "2026", WRONG(ANSWER_DAY)},
};

static const char *const english[] = {"January", "February", "March",     "April",   "May",      "June",
				      "July",    "August",   "September", "October", "November", "December"};
static const char *const welsh[] = {"Ionawr",     "Chwefror", "Mawrth", "Ebrill", "Mai",      "Mehefin",
				    "Gorffennaf", "Awst",     "Medi",   "Hydref", "Tachwedd", "Rhagfyr"};
static const char *const arabic[] = {"يناير", "فبراير", "مارس",   "أبريل",  "مايو",   "يونيو",
				     "يوليو", "أغسطس",  "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"};
static const char *const odd[] = {"Moon One", "Moon Two", "Mo", "Fourth.", "Fif", "Fifteen",
				  "7",        "8",        "9",  "10",      "11",  "12"};

static const struct named {
	const char *name;
	const char *const *months;
	const char *typed;
	int month; /* 0: none */
} named[] = {
	{"in full", english, "March", 3},
	{"in small letters", english, "march", 3},
	{"in capitals", english, "MARCH", 3},
	{"May is whole", english, "May", 5},
	{"three letters", english, "mar", 3},
	{"three letters and a point", english, "Mar.", 3},
	{"four", english, "Sept", 9},
	{"June and July begin alike", english, "ju", 0},
	{"but not for long", english, "jul", 7},
	{"too short", english, "ma", 0},
	{"more than the name", english, "Marching", 0},
	{"two points", english, "Mar..", 0},
	{"a point before", english, ".Mar", 0},
	{"with what stands around it", english, "\u200F \tOctober\u00A0", 10},
	{"a mark of direction within", english, "Oct\u200Eober", 10},
	{"a blank within", english, "Octo ber", 0},
	{"no letters", english, "...", 0},
	{"nothing", english, "", 0},
	{"a number is no name", english, "3", 0},
	{"another language's", english, "Mawrth", 0},
	{"longer than any name", english,
	 "Marchmarchmarchmarchmarchmarchmarchmarchmarchmarchmarchmarchmarchmarchmarchmarchmarch", 0},
	{"no names are known", NULL, "March", 0},
	{"in Welsh", welsh, "mawrth", 3},
	{"Welsh: May", welsh, "mai", 5},
	{"Welsh: cut", welsh, "Gorff.", 7},
	{"Welsh: English is not", welsh, "July", 0},
	{"in Arabic", arabic, "مارس", 3},
	{"Arabic: with its hamza", arabic, "أبريل", 4},
	{"Arabic: without", arabic, "ابريل", 4},
	{"Arabic: in another place", arabic, "إبريل", 4},
	{"Arabic: June and July", arabic, "يون", 6},
	{"Arabic: two letters", arabic, "يو", 0},
	{"a name of two words", odd, "moon  one", 0},
	{"the same with one blank", odd, "moon one", 1},
	{"two begin with it", odd, "moon", 0},
	{"a name too short to be typed", odd, "mo", 0},
	{"a name with a point", odd, "fourth", 4},
	{"a whole name that another begins with", odd, "fif", 5},
	{"and that other", odd, "fift", 6},
};

static void test_named(void **state)
{
	const struct named *row = *state;
	const char *const parts[ANSWER_DATE_PARTS] = {"7", row->typed, "2026"};
	char text[ANSWERS_DATE_TEXT], wanted[48];
	int part, number = row->month;
	assert_int_equal(answers_date_named_month(row->typed, row->months), row->month);
	if (strcmp(row->typed, "3") == 0)
		number = 3;
	snprintf(wanted, sizeof wanted, "2026-%02d-07", number);
	enum answers_date_fault fault = answers_date_read(parts, row->months, text, &part);
	if (row->typed[0] == '\0')
		assert_int_equal(fault, ANSWERS_DATE_MISSING);
	else
		assert_int_equal(fault, number ? ANSWERS_DATE_FINE : ANSWERS_DATE_WRONG);
	assert_int_equal(part, number ? ANSWER_DAY : ANSWER_MONTH);
	assert_string_equal(text, number ? wanted : "");
}

static void test_read(void **state)
{
	const struct row *row = *state;
	const char *const parts[ANSWER_DATE_PARTS] = {row->day, row->month, row->year};
	char text[ANSWERS_DATE_TEXT] = "untouched";
	int part = 99;
	assert_int_equal(answers_date_read(parts, NULL, text, &part), row->fault);
	assert_string_equal(text, row->text);
	/* Names change nothing of it. */
	assert_int_equal(answers_date_read(parts, english, text, &part), row->fault);
	assert_string_equal(text, row->text);
	assert_int_equal(part, row->part);
	assert_int_equal(form_date_is_canonical(text), row->fault == ANSWERS_DATE_FINE);
}

/* Each of 800 years has the days that the C library gives it, and no other. */
static void test_all_days(void **state)
{
	(void) state;
	for (int year = 1600; year < 2400; year++) {
		for (int month = 1; month <= 12; month++) {
			for (int day = 1; day <= 31; day++) {
				char typed[3][16], text[ANSWERS_DATE_TEXT], wanted[48];
				struct tm tm = {
					.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day, .tm_hour = 12};
				timegm(&tm);
				snprintf(typed[0], sizeof typed[0], "%d", day);
				snprintf(typed[1], sizeof typed[1], "%d", month);
				snprintf(typed[2], sizeof typed[2], "%d", year);
				const char *const parts[ANSWER_DATE_PARTS] = {typed[0], typed[1], typed[2]};
				int part;
				bool is_day = tm.tm_mon == month - 1;
				assert_int_equal(answers_date_read(parts, english, text, &part),
						 is_day ? ANSWERS_DATE_FINE : ANSWERS_DATE_WRONG);
				snprintf(wanted, sizeof wanted, "%d-%02d-%02d", year, month, day);
				assert_string_equal(text, is_day ? wanted : "");
				assert_int_equal(part, ANSWER_DAY);
				assert_int_equal(form_date_is_canonical(wanted), is_day);
			}
		}
	}
}

int main(void)
{
	static struct CMUnitTest tests[COUNT_OF(rows)];
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		tests[i] = (struct CMUnitTest){rows[i].name, test_read, NULL, NULL, (void *) (uintptr_t) &rows[i]};
	static struct CMUnitTest names[COUNT_OF(named)];
	for (size_t i = 0; i < COUNT_OF(named); i++)
		names[i] = (struct CMUnitTest){named[i].name, test_named, NULL, NULL, (void *) (uintptr_t) &named[i]};
	const struct CMUnitTest others[] = {
		cmocka_unit_test(test_all_days),
	};
	return cmocka_run_group_tests_name("answers_date rows", tests, NULL, NULL) +
	       cmocka_run_group_tests_name("answers_date months", names, NULL, NULL) +
	       cmocka_run_group_tests_name("answers_date", others, NULL, NULL);
}
