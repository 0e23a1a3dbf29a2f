/* SPDX-License-Identifier: MIT */
/* answers_date.c: dates as people type them, in three parts (GOV.UK Design System, date input).
 *
 * Not lib/base/date.h's: that is about days on which something happened here, and knows none before 1900. */
#include "lib/form/answers_date.h"

#include "lib/base/utf8.h"
#include "lib/form/answers_number.h"
#include "lib/form/form_typed.h"

#include <stdio.h>
#include <string.h>

enum { YEAR_MIN = 1000, YEAR_DIGITS = 4, DAY_DIGITS = 2, DAYS = 31, MONTHS = 12 };
enum { NAME_POINTS = 64, NAME_LEAST = 3 }; /* longer is no month's name; shorter is the beginning of several */

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

/* What counts of a name: not its capitals, nor the hamza that few people type. */
static uint32_t name_fold(uint32_t point)
{
	if (point >= 'A' && point <= 'Z')
		return point + ('a' - 'A');
	return point == 0x0622 || point == 0x0623 || point == 0x0625 ? 0x0627 : point;
}

/* The characters of TEXT that count, without what stands around them. How many; 0 when they are too many. */
static size_t name_read(const char *text, uint32_t out[NAME_POINTS])
{
	size_t count = 0, end = 0;
	while (*text != '\0') {
		uint32_t point = utf8_next(&text);
		if (answers_is_direction(point) || (end == 0 && utf8_is_space(point)))
			continue;
		if (count == NAME_POINTS)
			return 0;
		out[count++] = name_fold(point);
		if (!utf8_is_space(point))
			end = count;
	}
	return end;
}

int answers_date_named_month(const char *part, const char *const *months)
{
	uint32_t typed[NAME_POINTS], name[NAME_POINTS];
	size_t length = name_read(part, typed);
	int found = 0;
	if (length > 0 && typed[length - 1] == '.')
		length--;
	if (months == NULL || length < NAME_LEAST)
		return 0;
	for (int i = 0; i < MONTHS; i++) {
		size_t whole = name_read(months[i], name);
		if (whole < length || memcmp(typed, name, length * sizeof typed[0]) != 0)
			continue;
		if (whole == length)
			return i + 1;
		found = found == 0 ? i + 1 : -1; /* two begin with it */
	}
	return found > 0 ? found : 0;
}

/* The first part that cannot be, whatever the others say; ANSWER_DATE_PARTS when there is none. */
static int first_wrong(const char *const *parts, const char *const *months, int *day, int *month, int *year)
{
	size_t count, year_count;
	*day = part_read(parts[ANSWER_DAY], DAY_DIGITS, &count);
	*month = part_read(parts[ANSWER_MONTH], DAY_DIGITS, &count);
	if (*month < 0)
		*month = answers_date_named_month(parts[ANSWER_MONTH], months);
	*year = part_read(parts[ANSWER_YEAR], YEAR_DIGITS, &year_count);
	if (*day < 1 || *day > DAYS)
		return ANSWER_DAY;
	if (*month < 1 || *month > MONTHS)
		return ANSWER_MONTH;
	return *year < YEAR_MIN || year_count != YEAR_DIGITS ? ANSWER_YEAR : ANSWER_DATE_PARTS;
}

enum answers_date_fault answers_date_read(const char *const *parts, const char *const *months,
					  char out[ANSWERS_DATE_TEXT], int *part)
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
	*part = first_wrong(parts, months, &day, &month, &year);
	if (*part < ANSWER_DATE_PARTS)
		return ANSWERS_DATE_WRONG;
	*part = ANSWER_DAY;
	snprintf(out, ANSWERS_DATE_TEXT, "%04u-%02u-%02u", (unsigned) year % 10000, (unsigned) month % 100,
		 (unsigned) day % 100);
	if (form_date_is_canonical(out))
		return ANSWERS_DATE_FINE;
	out[0] = '\0'; /* the 31st of a shorter month */
	return ANSWERS_DATE_WRONG;
}
