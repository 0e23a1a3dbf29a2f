/* SPDX-License-Identifier: MIT */
/* flags.h: the flags that the browser is started with, from their file. */
#ifndef SOUNDINGS_KIOSK_SESSION_FLAGS_H
#define SOUNDINGS_KIOSK_SESSION_FLAGS_H

#include "lib/base/arena.h"
#include "lib/base/err.h"

#include <stddef.h>

enum { FLAGS_MAX = 64, FLAGS_FILE_MAX_BYTES = 16384 };

struct flags {
	const char *list[FLAGS_MAX]; /* borrowed from the arena */
	size_t count;
};

/* Reads TEXT, which ends in a NUL that LENGTH does not count: a flag a line, "#" and what follows it in lines that begin so is a
 * comment. ERR_INVALID with *LINE: not a flag. ERR_DENIED with *LINE: a flag that would open what the policies and the browser's
 * sandbox keep shut. ERR_TOO_BIG, ERR_NOMEM. */
enum err flags_parse(const char *text, size_t length, struct arena *arena, struct flags *flags,
		     size_t *line) MUST_CHECK;

#endif
