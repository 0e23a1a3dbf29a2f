/* SPDX-License-Identifier: MIT */
/* financial.h: quarters of the financial year, which begins in April (R31). Pure. */
#ifndef SOUNDINGS_ORGANISER_FINANCIAL_H
#define SOUNDINGS_ORGANISER_FINANCIAL_H

#include "lib/base/date.h"

#include <stdbool.h>

enum { FINANCIAL_QUARTERS = 4 };

struct financial_quarter {
	int year;    /* in whose April its year begins */
	int quarter; /* 1 to 4 */
};

struct financial_quarter financial_of(struct date day);

/* COUNT quarters later; negative: earlier. */
struct financial_quarter financial_later(struct financial_quarter quarter, int count);

/* The calendar year in which it lies: the fourth lies in the next. */
int financial_calendar_year(struct financial_quarter quarter);

/* "2026-3", and back. False for any other form, and for years that are not 1900 to 9998. */
enum { FINANCIAL_TEXT = 16 };
void financial_format(struct financial_quarter quarter, char out[FINANCIAL_TEXT]);
bool financial_parse(const char *text, struct financial_quarter *out);

#endif
