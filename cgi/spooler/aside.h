/* SPDX-License-Identifier: MIT */
/* aside.h: a spool file that must not be trusted again is set aside, for soundings spool salvage, and a new one takes its place.
 *
 * After a failed write or fsync(2) the system may show bytes as written that no disk has (wiki.postgresql.org/wiki/Fsync_Errors),
 * so the file that failed is not opened again, not even by the next process. All paths are relative to the instance. */
#ifndef SOUNDINGS_SPOOLER_ASIDE_H
#define SOUNDINGS_SPOOLER_ASIDE_H

#include "lib/base/err.h"

#include <stdbool.h>
#include <stdint.h>

/* The highest serials that the old file remembers, for the new one must not know less. */
struct aside_serials {
	bool is_known;
	uint64_t catalogue, keyset;
};

/* Notes, durably, that the file is not to be trusted: from then on no spooler opens it. SERIALS, when known, are those that
 * this process had from the file. Fine when it is noted already. Any failure means that it may not be noted. */
enum err aside_mark(struct aside_serials serials) MUST_CHECK;

/* Those of the catalogue that is published now: the second best. Before the process gives up its right to read it. */
struct aside_serials aside_published(void);

/* Finishes what a mark asks for, as often as it is called: renames file and journal, read-only. *IS_ASIDE: there is a mark, and
 * spool.db is free for a new file, which must be given SERIALS before aside_end: those of the mark, else of the old file, else
 * PUBLISHED. Logs one line, also when it refuses: ERR_FULL when FOLDER_DAMAGED_MAX files lie there already, ERR_IO. */
enum err aside_begin(struct aside_serials published, bool *is_aside, struct aside_serials *serials) MUST_CHECK;

/* The new file is there, and durable: the mark goes. */
enum err aside_end(void) MUST_CHECK;

#endif
