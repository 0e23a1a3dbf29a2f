/* SPDX-License-Identifier: MIT */
/* pages.h: reads a spool file that nobody can trust any more, page by page and without SQLite: every envelope whose own pages
 * are whole is found, whatever else of the file is not. Changes nothing. */
#ifndef SOUNDINGS_SPOOL_PAGES_H
#define SOUNDINGS_SPOOL_PAGES_H

#include "lib/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pages_report {
	uint64_t envelopes;  /* that look whole; in doubt one is counted, and given, more than once: see below */
	uint64_t broken;     /* begun, but their other pages are not what they should be */
	uint64_t unreadable; /* pages with a place that the disk does not give any more */
	bool has_serials;    /* the row that remembers them was found */
	uint64_t catalogue, keyset;
};

/* Takes one envelope: bytes that look like one from outside. A failure ends the reading, and is passed on. */
typedef enum err pages_take(void *context, const uint8_t *envelope, size_t length);

/* One that the journal also has may be given twice. What looks like an envelope and is none may be given too, for only opening it
 * tells, and a page's own word about its rows is not believed.
 *
 * Reads PATH and, when there is one, PATH-journal: a change that was under way moves envelopes, so one of them may lie only in
 * what the journal would put back. TAKE may be NULL. ERR_NOT_FOUND, ERR_DENIED (also for what is no plain file), ERR_IO (not
 * even its size is known), ERR_NOMEM, or what TAKE gave. */
enum err pages_read(const char *path, pages_take *take, void *context, struct pages_report *report) MUST_CHECK;

#endif
