/* SPDX-License-Identifier: MIT */
/* source.h: one template's text, and the way to refuse it: file, line, column, what is wrong, how to mend it. */
#ifndef SOUNDINGS_TMPLC_SOURCE_H
#define SOUNDINGS_TMPLC_SOURCE_H

#include "lib/base/arena.h"
#include "lib/base/err.h"

#include <stddef.h>
#include <stdio.h>

struct source {
	const char *file; /* as the caller named it: this is what #line and messages say */
	const char *text; /* valid UTF-8, NUL-ended */
	size_t length;
	struct arena *arena; /* everything made from the template lives here */
	FILE *complaints;
};

/* A place in the template, from 1; columns count characters. */
struct place {
	unsigned line, column;
};

/* Moves PLACE past LENGTH bytes of TEXT. */
void source_advance(struct place *place, const char *text, size_t length);

/* Prints "FILE:LINE:COLUMN: MESSAGE" and gives ERR_INVALID, so that it can be returned at once. */
enum err source_refuse(const struct source *source, struct place place, const char *format, ...)
	__attribute__((format(printf, 3, 4))) MUST_CHECK;

#endif
