/* SPDX-License-Identifier: MIT */
/* keeping_day.c: whether the machine's clock can be believed, by what the office itself remembers of days.
 *
 * A clock that jumps ten years ahead for an hour must not have everything deleted whose time would be over then; one that falls back must not
 * make what is kept from now on look old. Nothing here asks the clock: the day comes from the caller. */
#include "lib/office/keeping.h"
#include "lib/office/query.h"

enum sql { SQL_RUN, SQL_FIRST, SQL_BACKUPS, SQL_COUNT };

static const char *const statements[SQL_COUNT] = {
	[SQL_RUN] = "SELECT day, backup FROM expire_run ORDER BY number DESC LIMIT 1",
	[SQL_FIRST] = "SELECT begun_on, 0 FROM period WHERE begun_on IS NOT NULL ORDER BY begun_on LIMIT 1",
	/* In the order in which they were begun, whatever day the clock said then. */
	[SQL_BACKUPS] = "SELECT day FROM backup WHERE is_finished = 1 AND number > ?1 ORDER BY number",
};

static bool day_follows(struct date last, struct date day)
{
	int64_t later = date_days(day) - date_days(last);
	return later >= -OFFICE_DAY_BEHIND && later <= OFFICE_DAY_AHEAD;
}

/* The day of the newest run of expire, which is never one that was not likely or said to be right; of the first key period
 * where there was none. *AFTER: backups with a higher number came later. */
static enum err day_begin(struct office *office, struct date *last, int64_t *after)
{
	const enum sql sources[] = {SQL_RUN, SQL_FIRST};
	enum err error = ERR_NOT_FOUND;
	for (size_t i = 0; error == ERR_NOT_FOUND && i < sizeof(sources) / sizeof(sources[0]); i++) {
		CLEANUP_QUERY struct query query = query_new(office, statements[sources[i]]);
		error = query_one(&query);
		if (error != ERR_OK)
			continue;
		*last = query_date(&query, 0);
		*after = query_int(&query, 1);
		error = query_done(&query);
	}
	return error;
}

enum err office_day_last(struct office *office, struct date *last)
{
	int64_t after = 0;
	bool has_row;
	enum err error = day_begin(office, last, &after);
	if (error != ERR_OK)
		return error;
	CLEANUP_QUERY struct query query = query_new(office, statements[SQL_BACKUPS]);
	query_bind_int(&query, 1, after);
	while ((error = query_row(&query, &has_row)) == ERR_OK && has_row) {
		struct date day = query_date(&query, 0);
		if (day_follows(*last, day) && date_days(day) > date_days(*last))
			*last = day;
	}
	return error;
}

enum err office_day_is_likely(struct office *office, struct date today, bool *is_likely)
{
	struct date last;
	enum err error = office_day_last(office, &last);
	*is_likely = error == ERR_NOT_FOUND || (error == ERR_OK && day_follows(last, today));
	return error == ERR_NOT_FOUND ? ERR_OK : error;
}
