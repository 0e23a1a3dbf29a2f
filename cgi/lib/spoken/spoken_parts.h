/* SPDX-License-Identifier: MIT */
/* spoken_parts.h: what the files spoken*.c share. */
#ifndef SOUNDINGS_SPOKEN_SPOKEN_PARTS_H
#define SOUNDINGS_SPOKEN_SPOKEN_PARTS_H

#include "lib/spoken/spoken.h"

enum { SPOKEN_PARTS_MAX = 512 };

/* Texts that are read out behind one another, as they are gathered. What does not fit is left out. */
struct spoken_run {
	uint32_t parts[SPOKEN_PARTS_MAX];
	size_t count;
};

/* One face on its way into the list. */
struct spoken_reader {
	struct spoken *spoken;
	struct face face;
	const struct organisation *organisation;
	const char *base;       /* of the form's language */
	const char *words_base; /* of the page's strings, which may lack that language */
	struct spoken_run *run; /* gathers what is added; NULL: nothing does */
};

/* Adds a text, or, where holes are left in it, the pieces around them. LANGUAGE is a base tag. NULL or nothing to say adds nothing. */
void spoken_put(struct spoken_reader *reader, const char *language, const char *text, enum spoken_source source,
		const char *path);

/* The same with what a voice is given instead. */
void spoken_put_say(struct spoken_reader *reader, const char *language, const char *text, const char *say);

/* A page string, by its key. */
void spoken_put_word(struct spoken_reader *reader, enum word key);

/* A text of the form under its path. */
void spoken_put_text(struct spoken_reader *reader, const struct text *text, const char *path, ...)
	__attribute__((format(printf, 3, 4)));

/* Makes one text of those that RUN has gathered: 1 + where it stands; 0: nothing was gathered, or no memory. */
uint32_t spoken_put_run(struct spoken_reader *reader, const struct spoken_run *run);

/* All questions, with their mistakes (spoken_questions.c); the page's strings and what stands together (spoken_words.c). */
void spoken_read_questions(struct spoken_reader *reader);
void spoken_read_words(struct spoken_reader *reader);

#endif
