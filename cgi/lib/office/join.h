/* SPDX-License-Identifier: MIT */
/* join.h: a response's stored parts put together again; nobody outside this folder includes it. */
#ifndef SOUNDINGS_OFFICE_JOIN_H
#define SOUNDINGS_OFFICE_JOIN_H

#include "lib/office/query.h"

/* The canonical answers of a response row and of an apart row, their free texts back in; 0 leaves a half out. As
 * answers.h writes them: keys sorted, no white space. NUL-ended, in ARENA. ERR_CORRUPT when what is stored is no object. */
enum err join_answers(struct office *office, int64_t response, int64_t apart, struct arena *arena,
		      char **out) MUST_CHECK;

#endif
