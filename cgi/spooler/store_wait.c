/* SPDX-License-Identifier: MIT */
/* store_wait.c: envelopes of a period are given out in company, or after a day: architecture.md, step 7. A day is measured with
 * CLOCK_BOOTTIME; the file holds only a calendar day, so after a restart two of them must lie between. */
#include "spooler/store_wait.h"

#include "spooler/store_sql.h"

enum {
	STORE_WAIT_DAYS = 2, /* calendar days apart: surely 24 hours between them */
	STORE_WAIT_MS = 24 * 60 * 60 * 1000
};

void store_wait_starts(struct held_period *period, struct store_now now)
{
	period->day = now.day;
	period->since_ms = now.boottime_ms;
	period->is_carried = false;
}

bool store_wait_is_over(const struct held_period *period, struct store_now now)
{
	int64_t days = now.day > period->day ? now.day - period->day : period->day - now.day;
	return now.boottime_ms - period->since_ms >= STORE_WAIT_MS || (period->is_carried && days >= STORE_WAIT_DAYS);
}

enum err store_wait_put(struct store *store, const uint8_t period[SPOOL_PERIOD_BYTES], int64_t day)
{
	store_sql_bind_bytes(store->sql[STORE_WAITING_PUT], 1, period, SPOOL_PERIOD_BYTES);
	sqlite3_bind_int64(store->sql[STORE_WAITING_PUT], 2, day);
	return store_sql_run(store, STORE_WAITING_PUT);
}

enum err store_wait_remove(struct store *store, const uint8_t period[SPOOL_PERIOD_BYTES])
{
	store_sql_bind_bytes(store->sql[STORE_WAITING_REMOVE], 1, period, SPOOL_PERIOD_BYTES);
	return store_sql_run(store, STORE_WAITING_REMOVE);
}
