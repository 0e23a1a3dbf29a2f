/* SPDX-License-Identifier: MIT */
/* financial.c: quarters of the financial year, which begins in April. */
#include "financial.h"

#include <stdio.h>
#include <string.h>

enum { APRIL = 4, MONTHS = 12, QUARTER_MONTHS = 3, YEAR_MIN = 1900, YEAR_MAX = 9998 };

struct financial_quarter financial_of(struct date day)
{
	int since = (day.month - APRIL + MONTHS) % MONTHS;
	return (struct financial_quarter){day.month < APRIL ? day.year - 1 : day.year, since / QUARTER_MONTHS + 1};
}

struct financial_quarter financial_later(struct financial_quarter quarter, int count)
{
	int all = quarter.year * FINANCIAL_QUARTERS + quarter.quarter - 1 + count;
	return (struct financial_quarter){all / FINANCIAL_QUARTERS, all % FINANCIAL_QUARTERS + 1};
}

int financial_calendar_year(struct financial_quarter quarter)
{
	return quarter.year + (quarter.quarter == FINANCIAL_QUARTERS);
}

void financial_format(struct financial_quarter quarter, char out[FINANCIAL_TEXT])
{
	snprintf(out, FINANCIAL_TEXT, "%d-%d", quarter.year, quarter.quarter);
}

bool financial_parse(const char *text, struct financial_quarter *out)
{
	if (strlen(text) != 6 || strspn(text, "0123456789") != 4 || text[4] != '-' || text[5] < '1' || text[5] > '4')
		return false;
	int year = 0;
	for (int i = 0; i < 4; i++)
		year = 10 * year + (text[i] - '0');
	*out = (struct financial_quarter){year, text[5] - '0'};
	return year >= YEAR_MIN && year <= YEAR_MAX;
}
