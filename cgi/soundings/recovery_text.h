/* SPDX-License-Identifier: MIT */
/* recovery_text.h: what is wrong with the lines that somebody typed from a recovery file or share, before they are read as one. */
#ifndef SOUNDINGS_SOUNDINGS_RECOVERY_TEXT_H
#define SOUNDINGS_SOUNDINGS_RECOVERY_TEXT_H

#include <stdbool.h>

enum recovery_text { RECOVERY_TEXT_KEY, RECOVERY_TEXT_SHARE, RECOVERY_TEXT_COUNT };

/* True when the first mark of such a block stands in TEXT, in either case. */
bool recovery_text_has(enum recovery_text kind, const char *text);

/* Looks at the first such block in TEXT, which NAME (a file) held: marks, number of lines, each line's number and check
 * sign. *REST (may be NULL) is what stands behind the block. Says on standard error what is wrong, with the line; EX_OK or
 * EX_DATAERR. */
int recovery_text_check(enum recovery_text kind, const char *text, const char *name, const char **rest);

#endif
