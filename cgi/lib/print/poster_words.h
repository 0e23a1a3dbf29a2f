/* SPDX-License-Identifier: MIT */
/* poster_words.h: what somebody typed, made ready to be set. Pure. */
#ifndef SOUNDINGS_PRINT_POSTER_WORDS_H
#define SOUNDINGS_PRINT_POSTER_WORDS_H

#include "lib/base/arena.h"

#include <stdbool.h>

/* A copy of TEXT in ARENA that cannot turn round what stands beside it: embeddings and overrides (U+202A to U+202E) and isolates without
 * their partner (U+2066 to U+2069) are left out; what is left keeps its signs and order. Tabs become spaces, other line ends LF. In text
 * that IS_RTL each telephone number gets an isolate of its own, since its groups would change places (UAX #9, rule N1). NULL without
 * memory. */
char *poster_words(struct arena *arena, const char *text, bool is_rtl);

/* PARTS (ended by NULL; empty ones are left out) in one line with a dot between them, each in an isolate (FSI, PDI) of its own. */
char *poster_words_join(struct arena *arena, const char *const *parts);

#endif
