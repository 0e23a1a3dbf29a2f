/* SPDX-License-Identifier: MIT */
/* words_parts.h: what the files words*.c share. */
#ifndef SOUNDINGS_FORM_WORDS_PARTS_H
#define SOUNDINGS_FORM_WORDS_PARTS_H

#include "lib/form/form_value.h"
#include "lib/form/words.h"

#include <stddef.h>

/* The strings whose tag is the first LENGTH bytes of TAG (any case), or NULL. */
const struct words *words_find(const struct words_set *set, const char *tag, size_t length);

/* Fills what a language leaves out from its base language, and from English. Bases stand before their variants. */
void words_fill_gaps(struct words_set *set);

/* What English lacks in SET, a document of an older hub or office, is filled from the strings that were built in: in English, and in each language
 * of SET that has it. Where English is there and a translation is not, nothing is filled: the English may be the office's own. ERR_NOMEM. */
enum err words_add_built_in(struct words_set *set, struct arena *arena) MUST_CHECK;

/* The next {hole} at or after AT: a pointer to its brace, and the LENGTH of its name; NULL. */
const char *words_next_hole(const char *at, size_t *length);

/* What a file says of itself: its language, which TAG says as well; name, status, direction. Problems go to SOURCE's report. */
void words_read_head(const struct form_source *source, const char *tag, struct words *words);

/* Reports each hole of TEXT that ENGLISH does not have: it would be shown as it is written. */
void words_check_holes(const struct form_source *source, const struct yaml_node *node, const char *text,
		       const char *english);

#endif
