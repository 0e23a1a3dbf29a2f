/* SPDX-License-Identifier: MIT */
/* store_wait.h: since when envelopes of a period wait, in memory and in the file. For the store's own files only. */
#ifndef SOUNDINGS_SPOOLER_STORE_WAIT_H
#define SOUNDINGS_SPOOLER_STORE_WAIT_H

#include "spooler/store.h"

#include "lib/base/err.h"

#include <stdbool.h>
#include <stdint.h>

/* The wait of a period begins now, in memory. */
void store_wait_starts(struct held_period *period, struct store_now now);

/* True when what waits of a period has waited a day: by the clock that runs in sleep and that nobody sets; or, when the
 * wait began before this process did, by the calendar, which may be wrong either way. */
bool store_wait_is_over(const struct held_period *period, struct store_now now);

/* The same in the file, in the open transaction: it began on DAY, or nothing waits any more. */
enum err store_wait_put(struct store *store, const uint8_t period[SPOOL_PERIOD_BYTES], int64_t day) MUST_CHECK;
enum err store_wait_remove(struct store *store, const uint8_t period[SPOOL_PERIOD_BYTES]) MUST_CHECK;

#endif
