/* SPDX-License-Identifier: MIT */
/* answers_date.c: dates as people type them, in three parts (GOV.UK Design System, date input), and as they are kept.
 *
 * Not lib/base/date.h's: that is about days on which something happened here, and knows none before 1900. */
#include "lib/form/answers_date.h"

#include "lib/base/utf8.h"
#include "lib/form/answers_number.h"

#include <stdio.h>
#include <string.h>

enum { YEAR_MIN = 1000, YEAR_DIGITS = 4, DAY_DIGITS = 2, MONTHS = 12 };

static bool is_left_out(const char *part)
{
	return part == NULL || utf8_is_blank(part);
}

/* The number that PART is, of at most MOST digits, and how many there are in *COUNT; -1 for anything else. */
static int part_read(const char *part, size_t most, size_t *count)
{
	int number = 0;
	bool is_behind = false;
	*count = 0;
	while (*part != '\0') {
		uint32_t point = utf8_next(&part);
		int digit = answers_digit(point);
		if (answers_is_direction(point))
			continue;
		if (digit >= 0 && (is_behind || ++*count > most))
			return -1;
		if (digit >= 0)
			number = 10 * number + digit;
		else if (!utf8_is_space(point))
			return -1;
		is_behind = digit < 0 && *count > 0;
	}
	return number;
}

static int month_length(int year, int month)
{
	static const int lengths[MONTHS] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return month == 2 && is_leap ? 29 : lengths[month - 1];
}

/* The first part that cannot be; ANSWER_DATE_PARTS when all is well. */
static int first_wrong(const char *const *parts, int *day, int *month, int *year)
{
	size_t count, year_count;
	*day = part_read(parts[ANSWER_DAY], DAY_DIGITS, &count);
	*month = part_read(parts[ANSWER_MONTH], DAY_DIGITS, &count);
	*year = part_read(parts[ANSWER_YEAR], YEAR_DIGITS, &year_count);
	if (*day < 1 || *day > 31)
		return ANSWER_DAY;
	if (*month < 1 || *month > MONTHS)
		return ANSWER_MONTH;
	if (*year < YEAR_MIN || year_count != YEAR_DIGITS)
		return ANSWER_YEAR;
	return *day > month_length(*year, *month) ? ANSWER_DAY : ANSWER_DATE_PARTS;
}

enum answers_date_fault answers_date_read(const char *const *parts, char out[ANSWERS_DATE_TEXT], int *part)
{
	int missing = 0, day, month, year;
	out[0] = '\0';
	*part = 0;
	for (int i = ANSWER_DATE_PARTS - 1; i >= 0; i--) {
		if (!is_left_out(parts[i]))
			continue;
		*part = i;
		missing++;
	}
	if (missing > 0)
		return missing == ANSWER_DATE_PARTS ? ANSWERS_DATE_EMPTY : ANSWERS_DATE_MISSING;
	*part = first_wrong(parts, &day, &month, &year);
	if (*part < ANSWER_DATE_PARTS)
		return ANSWERS_DATE_WRONG;
	*part = 0;
	snprintf(out, ANSWERS_DATE_TEXT, "%04u-%02u-%02u", (unsigned) year % 10000, (unsigned) month % 100,
		 (unsigned) day % 100);
	return ANSWERS_DATE_FINE;
}

bool answers_date_is_canonical(const char *text)
{
	char day[3] = "", month[3] = "", year[5] = "", again[ANSWERS_DATE_TEXT];
	int part;
	if (strlen(text) != ANSWERS_DATE_TEXT - 1 || strspn(text, "0123456789-") != ANSWERS_DATE_TEXT - 1)
		return false;
	memcpy(year, text, 4);
	memcpy(month, text + 5, 2);
	memcpy(day, text + 8, 2);
	const char *const parts[ANSWER_DATE_PARTS] = {day, month, year};
	return answers_date_read(parts, again, &part) == ANSWERS_DATE_FINE && strcmp(again, text) == 0;
}
