/* SPDX-License-Identifier: MIT */
/* restore.h: an instance out of a backup: for the command restore, and for a drill of it. */
#ifndef SOUNDINGS_SOUNDINGS_RESTORE_H
#define SOUNDINGS_SOUNDINGS_RESTORE_H

#include "soundings/recovery.h"

#include "lib/base/arena.h"
#include "lib/base/date.h"
#include "lib/office/keeping.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct restore_request {
	const char *dir;  /* the instance that is to be: missing, with a spool only, or a whole one */
	const char *file; /* the backup */
	const struct recovery_source *source;
	const char *recovery_fallback; /* as recovery_read; NULL: a recovery file that is still in DIR */
	const char *confirmed_day;     /* --yes-it-is; NULL: not given */
	bool is_older;                 /* going back is meant; newer backups that lie with it are merged */
	bool is_old_key;               /* the file may be signed by a content key that was replaced */
	bool is_drill;                 /* into a scratch folder: newer ones do not count, no spooler is asked */
};

/* What was done. Texts live in the arena that restore_instance is given. */
struct restore_report {
	uint64_t number;
	struct date day;
	const char *name; /* of the instance when the backup was made */
	uint64_t responses, events;
	size_t periods_opened, periods_missing;
	bool is_found_merged;     /* an office was there */
	const char *damaged;      /* it was, but could not be read: where it is kept now */
	size_t newer, newer_left; /* backups that were merged too, and those that could not be read */
	struct office_merged merged;
	struct office_expired expired;
	bool is_spool_asked; /* what follows is known */
	bool is_spool_held;  /* envelopes lie there */
};

/* Makes DIR the instance that the backup holds: everything is prepared in DIR/restoring-XXXXXX, then keys are added to those that are
 * there, then the office takes its place by one rename, then the catalogue is published. Killed at any instant it leaves the office
 * that was there or the new one, and running it again ends it. Says on standard error what keeps it from going on, and how to mend
 * it; a code of sysexits.h. */
int restore_instance(const struct restore_request *request, struct arena *arena, struct restore_report *report);

/* How many, as far as it may be said of responses: "none", "1 to 4", ... "100 or more". Static storage. */
const char *restore_band(uint64_t count);

#endif
