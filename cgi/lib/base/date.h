/* SPDX-License-Identifier: MIT */
/* date.h: calendar dates (ISO 8601, proleptic Gregorian), never times of day. */
#ifndef SOUNDINGS_BASE_DATE_H
#define SOUNDINGS_BASE_DATE_H

#include "lib/base/err.h"

#include <stdint.h>

struct date {
	int year;  /* 1900 to 9999 */
	int month; /* 1 to 12 */
	int day;   /* 1 to 31 */
};

enum { DATE_TEXT = 11 }; /* "2026-11-21" and a NUL */

/* Reads exactly YYYY-MM-DD. ERR_INVALID for any other form and for days that do not exist. */
enum err date_parse(const char *text, struct date *out) MUST_CHECK;

/* Writes YYYY-MM-DD. */
void date_format(struct date date, char out[DATE_TEXT]);

/* The date MONTHS later; the day is cut to the length of that month (31 January + 1 month = 28 or 29 February). */
struct date date_add_months(struct date date, int months);

/* Days since 1970-01-01, and back. */
int64_t date_days(struct date date);
struct date date_from_days(int64_t days);

/* Today in UTC, by the machine's clock. Only the hub's programs ask; front machines trust no clock. */
struct date date_today(void);

#endif
