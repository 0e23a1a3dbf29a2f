/* SPDX-License-Identifier: MIT */
/* poster_check.h: what a request for a poster may hold. */
#ifndef SOUNDINGS_PRINT_POSTER_CHECK_H
#define SOUNDINGS_PRINT_POSTER_CHECK_H

#include "lib/print/poster_request.h"

/* The text at KEY can be printed: not blank, not past POSTER_TEXT_MAX_BYTES, well-formed, no sign of control but line ends and
 * tabs, no noncharacter. ERR_INVALID or ERR_TOO_BIG with words in TROUBLE. */
enum err poster_check_text(const char *key, const char *text, struct poster_trouble *trouble) MUST_CHECK;

/* REQUEST holds together: the address, the one that is typed and the code are of one event, language tags are such, and a refuge
 * poster gives nothing away. ERR_INVALID with words in TROUBLE. */
enum err poster_check(const struct poster_request *request, struct poster_trouble *trouble) MUST_CHECK;

#endif
