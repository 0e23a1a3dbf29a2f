/* SPDX-License-Identifier: MIT */
/* date.c: calendar dates (ISO 8601, proleptic Gregorian), never times of day.
 *
 * Results outside 1900-01-01 to 9999-12-31 are cut to that range: a date always has four digits. */
#include "lib/base/date.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>

enum {
	DATE_YEAR_MIN = 1900,
	DATE_YEAR_MAX = 9999,
	DATE_MONTHS = 12,
	DATE_CYCLE_YEARS = 400,   /* after which the calendar repeats */
	DATE_CYCLE_DAYS = 146097, /* in such a cycle */
	DATE_EPOCH_DAYS = 719162, /* from 0001-01-01 to 1970-01-01 */
	DATE_SECONDS_A_DAY = 86400
};

static const struct date date_first = {DATE_YEAR_MIN, 1, 1};
static const struct date date_last = {DATE_YEAR_MAX, 12, 31};

static bool date_is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int date_month_length(int year, int month)
{
	static const int lengths[DATE_MONTHS] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	assert(month >= 1 && month <= DATE_MONTHS);
	return month == 2 && date_is_leap(year) ? 29 : lengths[month - 1];
}

/* Reads COUNT digits; -1 when one is not. */
static int date_digits(const char *text, size_t count)
{
	int number = 0;
	for (size_t i = 0; i < count; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		number = number * 10 + (text[i] - '0');
	}
	return number;
}

enum err date_parse(const char *text, struct date *out)
{
	if (strlen(text) != DATE_TEXT - 1 || text[4] != '-' || text[7] != '-')
		return ERR_INVALID;
	struct date date = {date_digits(text, 4), date_digits(text + 5, 2), date_digits(text + 8, 2)};
	if (date.year < DATE_YEAR_MIN || date.month < 1 || date.month > DATE_MONTHS || date.day < 1 ||
	    date.day > date_month_length(date.year, date.month))
		return ERR_INVALID;
	*out = date;
	return ERR_OK;
}

static void date_put(char *out, int number, int count)
{
	for (int i = count - 1; i >= 0; i--) {
		out[i] = (char) ('0' + number % 10);
		number /= 10;
	}
}

void date_format(struct date date, char out[DATE_TEXT])
{
	assert(date.year >= 0 && date.year <= DATE_YEAR_MAX);
	assert(date.month >= 1 && date.month <= DATE_MONTHS && date.day >= 1 && date.day <= 31);
	date_put(out, date.year, 4);
	out[4] = '-';
	date_put(out + 5, date.month, 2);
	out[7] = '-';
	date_put(out + 8, date.day, 2);
	out[10] = '\0';
}

struct date date_add_months(struct date date, int months)
{
	int64_t month = (int64_t) date.year * DATE_MONTHS + (date.month - 1) + months;
	if (month < (int64_t) DATE_YEAR_MIN * DATE_MONTHS)
		return date_first;
	if (month >= (int64_t) (DATE_YEAR_MAX + 1) * DATE_MONTHS)
		return date_last;
	struct date later = {(int) (month / DATE_MONTHS), (int) (month % DATE_MONTHS) + 1, date.day};
	int length = date_month_length(later.year, later.month);
	if (later.day > length)
		later.day = length;
	return later;
}

/* Days from 0001-01-01 to the first of January of YEAR. */
static int64_t date_year_start(int64_t year)
{
	int64_t past = year - 1;
	return past * 365 + past / 4 - past / 100 + past / 400;
}

int64_t date_days(struct date date)
{
	int64_t days = date_year_start(date.year) - DATE_EPOCH_DAYS;
	for (int month = 1; month < date.month; month++)
		days += date_month_length(date.year, month);
	return days + date.day - 1;
}

struct date date_from_days(int64_t days)
{
	if (days <= date_days(date_first))
		return date_first;
	if (days >= date_days(date_last))
		return date_last;
	int64_t since_year_1 = days + DATE_EPOCH_DAYS;
	/* The mean length of a year gives the year or one beside it; two steps put that right. */
	int64_t year = since_year_1 * DATE_CYCLE_YEARS / DATE_CYCLE_DAYS + 1;
	while (date_year_start(year) > since_year_1)
		year--;
	while (date_year_start(year + 1) <= since_year_1)
		year++;
	struct date date = {(int) year, 1, 1};
	int rest = (int) (since_year_1 - date_year_start(year));
	for (int length; rest >= (length = date_month_length(date.year, date.month)); date.month++)
		rest -= length;
	date.day = rest + 1;
	return date;
}

struct date date_today(void)
{
	int64_t now_s = (int64_t) time(NULL);
	return date_from_days(now_s / DATE_SECONDS_A_DAY);
}
