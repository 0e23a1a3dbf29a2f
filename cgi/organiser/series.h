/* SPDX-License-Identifier: MIT */
/* series.h: the days of a series of events, such as a placement of five days. Pure. */
#ifndef SOUNDINGS_ORGANISER_SERIES_H
#define SOUNDINGS_ORGANISER_SERIES_H

#include "lib/base/date.h"

#include <stdbool.h>
#include <stddef.h>

enum { SERIES_DAYS_MIN = 2, SERIES_DAYS_MAX = 20, SERIES_DAYS_USUAL = 5 };

/* 0 Monday to 6 Sunday. */
int series_weekday(struct date day);

/* COUNT days (at most SERIES_DAYS_MAX), the first of them FIRST, whatever day of the week that is; the others follow it, without Saturdays and
 * Sundays unless WITH_WEEKENDS. */
void series_days(struct date first, size_t count, bool with_weekends, struct date out[SERIES_DAYS_MAX]);

#endif
