/* SPDX-License-Identifier: MIT */
/* release.h: what a release does to an event's rows, and when it may be shown; nobody outside this folder includes it. */
#ifndef SOUNDINGS_OFFICE_RELEASE_H
#define SOUNDINGS_OFFICE_RELEASE_H

#include "lib/office/query.h"

/* True of row E of table event once a backup that holds its newest release has finished. Restoring an older one would
 * otherwise put back together what was shown as cut apart. */
#define RELEASE_IS_SHOWN                                                                                               \
	"(e.release > 0 AND (e.release_backup IS NULL OR EXISTS "                                                      \
	"(SELECT 1 FROM backup b WHERE b.is_finished = 1 AND b.number >= e.release_backup)))"

/* Inside a transaction: the event of CODE is released; its responses without a release number get RELEASE (*RESPONSES of
 * them), their links and whatever waited for the event go, and the next backup is noted. No audit line. */
enum err release_unlink(struct office *office, const char *code, uint32_t release, size_t *responses) MUST_CHECK;

#endif
