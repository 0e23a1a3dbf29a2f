/* SPDX-License-Identifier: MIT */
/* series.c: the days of a series of events. The first day is the one that its organiser chose, so it is never moved; a weekend is left out
 * only between the others. */
#include "series.h"

#include <assert.h>

enum { WEEK = 7, SATURDAY = 5, EPOCH_WEEKDAY = 3 /* 1970-01-01 was a Thursday */ };

int series_weekday(struct date day)
{
	int64_t days = date_days(day) + EPOCH_WEEKDAY;
	return (int) (((days % WEEK) + WEEK) % WEEK);
}

void series_days(struct date first, size_t count, bool with_weekends, struct date out[SERIES_DAYS_MAX])
{
	assert(count <= SERIES_DAYS_MAX);
	struct date day = first;
	for (size_t i = 0; i < count; i++) {
		out[i] = day;
		do
			day = date_from_days(date_days(day) + 1);
		while (!with_weekends && series_weekday(day) >= SATURDAY);
	}
}
