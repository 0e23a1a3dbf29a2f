/* SPDX-License-Identifier: MIT */
/* problem.h: what is wrong with something a person wrote: which file, which line, what, and how to mend it.
 *
 * Loaders collect problems instead of stopping at the first, so that a person mends a file once. */
#ifndef SOUNDINGS_BASE_PROBLEM_H
#define SOUNDINGS_BASE_PROBLEM_H

#include "lib/base/arena.h"

#include <stddef.h>
#include <stdio.h>

struct problem {
	const char *file;    /* as the person named it; NULL when there is none */
	unsigned line;       /* from 1; 0 when it concerns the whole file */
	unsigned column;     /* from 1, in characters; 0 when unknown */
	const char *rule;    /* short fixed name, e.g. "unknown-key" */
	const char *message; /* a sentence: what is wrong and how to mend it */
};

struct problems {
	struct arena *arena; /* holds the list and its texts */
	struct problem *list;
	size_t count;
	size_t capacity;
	size_t dropped; /* problems past the limit, only counted */
};

/* Past PROBLEMS_MAX only the first of each rule in each file is kept, so that no file is crowded out by another; past
 * PROBLEMS_KINDS_MAX nothing is. */
enum { PROBLEMS_MAX = 100, PROBLEMS_KINDS_MAX = 500 };

/* An empty list whose texts will live in ARENA. */
void problems_init(struct problems *problems, struct arena *arena);

/* Adds one. FILE and RULE are borrowed and must outlive the list; the message is copied into the arena. */
void problems_add(struct problems *problems, const char *file, unsigned line, unsigned column, const char *rule,
		  const char *format, ...) __attribute__((format(printf, 6, 7)));

/* Prints each as "FILE:LINE:COLUMN: MESSAGE [RULE]" on its own line. */
void problems_print(const struct problems *problems, FILE *out);

/* Of COUNT names, the one nearest to WORD by edit distance (Levenshtein, transposition counts one), or NULL when
 * none is within a third of its length (at least 2 edits). Static or caller's storage: one of NAMES itself. */
const char *problem_nearest(const char *word, const char *const *names, size_t count);

#endif
