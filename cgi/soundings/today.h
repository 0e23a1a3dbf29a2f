/* SPDX-License-Identifier: MIT */
/* today.h: today's date for what must not happen on a wrong day. */
#ifndef SOUNDINGS_SOUNDINGS_TODAY_H
#define SOUNDINGS_SOUNDINGS_TODAY_H

#include "lib/base/date.h"
#include "lib/office/office.h"

#include <stdbool.h>

/* Today by the machine's clock, if the office finds it likely (office_day_is_likely) or CONFIRMED (the value of --yes-it-is; NULL: not given)
 * says the same. Otherwise says so, with WHAT was not done and the VERB ("expire") that takes --yes-it-is, and gives EX_TEMPFAIL; EX_USAGE where
 * CONFIRMED is no date or another day than the clock's. */
int today_check(struct office *office, const char *confirmed, const char *what, const char *verb, struct date *today);

/* For the supervisor, which asks all the time: no word, and true when the office cannot be asked. */
bool today_is_likely(struct office *office);

#endif
