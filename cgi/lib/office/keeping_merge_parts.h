/* SPDX-License-Identifier: MIT */
/* keeping_merge_parts.h: what the files of the merge share; nobody outside this folder includes it. */
#ifndef SOUNDINGS_OFFICE_KEEPING_MERGE_PARTS_H
#define SOUNDINGS_OFFICE_KEEPING_MERGE_PARTS_H

#include "lib/office/keeping.h"
#include "lib/office/query.h"

struct merge {
	struct office *here;
	struct office *there;
	size_t changed; /* rows, of those that lie in the order in which they were written */
	struct office_merged *out;
};

/* A step that copies: FROM is asked there, INTO takes each row's columns here and keeps what it must of what is here. */
struct merge_copy {
	const char *from;
	const char *into;
};

/* *COUNT (may be NULL) of rows that INTO wrote, changed or not. */
enum err merge_run(struct merge *merge, const struct merge_copy *copy, size_t *count) MUST_CHECK;

/* keeping_merge_organisers.c: what organisers keep of events, with their languages and forms, when every event is here; accounts,
 * placements, targets, actions. */
enum err merge_event_details(struct merge *merge) MUST_CHECK;
enum err merge_organisers(struct merge *merge) MUST_CHECK;

/* keeping_merge_audit.c: lines whose numbers are not here, chained as they were. */
enum err merge_audit(struct merge *merge) MUST_CHECK;

#endif
