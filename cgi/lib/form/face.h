/* SPDX-License-Identifier: MIT */
/* face.h: a form as it speaks in one language: its texts and the page's strings, holes filled, and dates in words.
 *
 * The page shows these (intake), and sound is made of them (lib/spoken): one place says what a text becomes. Pure. */
#ifndef SOUNDINGS_FORM_FACE_H
#define SOUNDINGS_FORM_FACE_H

#include "lib/base/arena.h"
#include "lib/base/date.h"
#include "lib/form/form.h"
#include "lib/form/words.h"

#include <stddef.h>

enum { FACE_PIPES = 5 };

struct face {
	const struct form *form; /* NULL: only the page's strings */
	int language;            /* index in the form */
	const struct words *words;
	struct words_fill
		pipes[FACE_PIPES]; /* {event} {place} {date} {organisation} {name}, as far as they are known */
	size_t pipes_count;
	struct arena *arena;
};

/* TEXT with every {name} of FILLS made its value (NULL: nothing); anything else in braces stays. NULL stays NULL. */
const char *face_fill(const struct face *face, const char *text, const struct words_fill *fills, size_t count);

/* TEXT with the pipes filled in. NULL stays NULL. */
const char *face_pipe(const struct face *face, const char *text);

/* A page string with the pipes filled in, and with holes of its own. Never NULL. */
const char *face_words(const struct face *face, enum word key);
const char *face_words_fill(const struct face *face, enum word key, const struct words_fill *fills, size_t count);
const char *face_words_with(const struct face *face, enum word key, const char *name, const char *value);

/* A form's text in the face's language, or what it falls back to; *LANG becomes NULL or the base language it is in instead. */
const char *face_text(const struct face *face, const struct text *text, const char **lang);

/* What a field of several is called within its question: a half of a pair, a statement; *LANG as above. NULL for an only one. */
const char *face_part(const struct face *face, const struct field *field, const char **lang);

/* "8 March 2028"; and the same of a canonical date of an answer or a limit, "2028-03-08": anything else stays as it is. */
const char *face_date(const struct face *face, struct date date);
const char *face_date_text(const struct face *face, const char *date);

#endif
