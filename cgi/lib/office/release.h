/* SPDX-License-Identifier: MIT */
/* release.h: when a release may be shown, for the statements that ask; nobody outside this folder includes it. */
#ifndef SOUNDINGS_OFFICE_RELEASE_H
#define SOUNDINGS_OFFICE_RELEASE_H

/* True of row E of table event once a backup that holds its newest release has finished. Restoring an older one would
 * otherwise put back together what was shown as cut apart. */
#define RELEASE_IS_SHOWN                                                                                               \
	"(e.release > 0 AND (e.release_backup IS NULL OR EXISTS "                                                      \
	"(SELECT 1 FROM backup b WHERE b.is_finished = 1 AND b.number >= e.release_backup)))"

#endif
