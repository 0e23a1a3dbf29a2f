/* SPDX-License-Identifier: MIT */
/* form_typed.c: canonical numbers and dates: are they, and what do they mean?
 *
 * At most 15 digits, so that every number is a double exactly, or the quotient of two that are: the same here and in
 * the page's script, without a locale (IEEE 754, ECMA-262 Number). Reading what a person typed is answers.c's. */
#include "lib/form/form_typed.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

static const char digits[] = "0123456789";

bool form_number_is_canonical(const char *text)
{
	bool is_negative = text[0] == '-';
	const char *whole = text + is_negative;
	size_t before = strspn(whole, digits);
	if (before == 0 || (before > 1 && whole[0] == '0'))
		return false;
	if (whole[before] == '\0')
		return before <= FORM_DIGITS_MAX && !(is_negative && whole[0] == '0');
	const char *fraction = whole + before + 1;
	size_t behind = strspn(fraction, digits);
	if (whole[before] != '.' || behind == 0 || fraction[behind] != '\0' || fraction[behind - 1] == '0')
		return false;
	return before + behind <= FORM_DIGITS_MAX;
}

unsigned form_number_decimals(const char *text)
{
	const char *point = strchr(text, '.');
	return point == NULL ? 0 : (unsigned) strlen(point + 1);
}

double form_number_value(const char *text)
{
	if (!form_number_is_canonical(text))
		return (double) NAN;
	uint64_t value = 0, scale = 1;
	bool has_point = false;
	for (const char *at = text; *at != '\0'; at++) {
		if (*at == '.')
			has_point = true;
		if (*at < '0' || *at > '9')
			continue;
		value = value * 10 + (uint64_t) (*at - '0');
		scale *= has_point ? 10 : 1;
	}
	double number = (double) value / (double) scale;
	return text[0] == '-' ? -number : number;
}

static unsigned part(const char *text, size_t length)
{
	unsigned value = 0;
	for (size_t i = 0; i < length; i++)
		value = value * 10 + (unsigned) (text[i] - '0');
	return value;
}

bool form_date_is_canonical(const char *text)
{
	static const unsigned days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool is_shaped = strspn(text, digits) == 4 && text[4] == '-' && strspn(text + 5, digits) == 2 &&
			 text[7] == '-' && strspn(text + 8, digits) == 2 && text[10] == '\0';
	if (!is_shaped)
		return false;
	unsigned year = part(text, 4), month = part(text + 5, 2), day = part(text + 8, 2);
	bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	if (year < 1000 || month < 1 || month > 12 || day < 1)
		return false;
	return day <= days[month - 1] || (month == 2 && day == 29 && is_leap);
}

int form_typed_compare(enum question_type type, const char *a, const char *b)
{
	if (type == QUESTION_DATE)
		return strcmp(a, b);
	double left = form_number_value(a), right = form_number_value(b);
	return (left > right) - (left < right);
}
