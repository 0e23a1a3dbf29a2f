/* SPDX-License-Identifier: MIT */
/* spoken.h: every text that a face of a form can show or say, so that a sound can be made of each when the form is published.
 *
 * A text is found again by its key, whoever asks: publishing lays a sound over it, intake looks for that sound when it shows the text. So
 * there is one list of what a page can say, and it stands here. What organisers type themselves (titles, places, notes) and what people
 * answer is in no list: a sentence with such a hole is listed in the pieces around it. Pure. */
#ifndef SOUNDINGS_SPOKEN_SPOKEN_H
#define SOUNDINGS_SPOKEN_SPOKEN_H

#include "lib/base/arena.h"
#include "lib/base/err.h"
#include "lib/form/face.h"
#include "lib/form/form.h"
#include "lib/form/organisation.h"
#include "lib/form/words.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	SPOKEN_KEY_BYTES = 16,
	SPOKEN_NAME_BYTES = 10,                      /* of a sound's name: so many bytes of its content's hash */
	SPOKEN_NAME_TEXT = 2 * SPOKEN_NAME_BYTES + 1 /* in hexadecimal, with a NUL */
};

/* TEXT as it is compared and spoken: every run of white space one blank, none at the ends, no marks of direction. NULL without memory. */
const char *spoken_plain(const char *text, struct arena *arena);

/* The key of a text: BLAKE2b-128 of "soundings/sound/1", a NUL, LANGUAGE (a base tag: "en" also of Easy Read), a NUL, and the plain text. */
void spoken_key(const char *language, const char *plain, uint8_t out[SPOKEN_KEY_BYTES]);

/* What a file is called by what it holds: BLAKE2b of LENGTH bytes, in hexadecimal. */
void spoken_name(const void *bytes, size_t length, char out[SPOKEN_NAME_TEXT]);

/* Whose recording of it is looked for, and under which name: a path of the form's translation files, of organisation.yaml's, or a key of
 * forms/strings. */
enum spoken_source { SPOKEN_FORM, SPOKEN_ORGANISATION, SPOKEN_WORDS, SPOKEN_DERIVED };

struct spoken_text {
	uint8_t key[SPOKEN_KEY_BYTES];
	const char *language; /* base tag of its words: whose voice it wants */
	const char *tag;      /* of the face that it was first met in: "en-x-easy" */
	const char *text;     /* plain */
	const char *say; /* what a voice is given, where that is not the text: a number sign by sign; NULL: the text */
	enum spoken_source source;
	const char *path;      /* "overall.label"; of SPOKEN_DERIVED NULL: it is made of others' words */
	const uint32_t *parts; /* a text of several, one behind the other: where they stand in the list */
	size_t parts_count;    /* 0: not of several */
	bool is_sign;          /* one sign of a receipt: a page must not take it for a word */
};

/* What a page reads out in one go where it has no script: the texts that stand together. */
enum spoken_block {
	SPOKEN_WELCOME,   /* the form's title, how long it takes */
	SPOKEN_ANONYMOUS, /* this is anonymous */
	SPOKEN_CRIME,     /* this is not for reporting a crime, and who helps */
	SPOKEN_PRACTICE,
	SPOKEN_EXIT, /* how to leave quickly */
	SPOKEN_ERRORS,
	SPOKEN_NOT_SAVED,
	SPOKEN_SEND,
	SPOKEN_THANKS,
	SPOKEN_RECEIPT,
	SPOKEN_CAREFUL, /* the receipt on forms with the exit button */
	SPOKEN_NEXT,
	SPOKEN_STORED,
	SPOKEN_HELP,
	SPOKEN_KIOSK_ANONYMOUS, /* the same on a kiosk */
	SPOKEN_KIOSK_CRIME,
	SPOKEN_KIOSK_THANKS,
	SPOKEN_KIOSK_RECEIPT,
	SPOKEN_KIOSK_HELP,
	SPOKEN_KIOSK_ANONYMOUS_PRACTICE, /* the same in a practice */
	SPOKEN_KIOSK_THANKS_PRACTICE,
	SPOKEN_BLOCK_COUNT
};

struct spoken_question {
	const struct question *question;
	uint32_t at; /* its text in the list */
};

struct spoken {
	struct arena *arena;
	struct spoken_text *list;
	size_t count, room;
	uint32_t *slots; /* by key: 1 + where it stands */
	size_t slots_count;
	uint32_t blocks
		[2]
		[SPOKEN_BLOCK_COUNT]; /* of the face added last, outside Wales and in it: 1 + where it stands; 0: none */
	struct spoken_question *questions; /* of the face added last */
	size_t questions_count;
};

/* An empty list. */
void spoken_init(struct spoken *spoken, struct arena *arena);

/* Adds all that FORM can show or say in LANGUAGE (an index), with the strings and the organisation that go with it. ERR_NOMEM. */
enum err spoken_add(struct spoken *spoken, const struct form *form, int language, const struct words_set *words,
		    const struct organisation *organisation) MUST_CHECK;

/* Where the text with that key stands; NULL: it is not in the list. */
const struct spoken_text *spoken_find(const struct spoken *spoken, const uint8_t key[SPOKEN_KEY_BYTES]);

/* What QUESTION says as a whole in the face added last; NULL: it is not asked there. */
const struct spoken_text *spoken_question(const struct spoken *spoken, const struct question *question);

/* What BLOCK says there; NULL: nothing. */
const struct spoken_text *spoken_block(const struct spoken *spoken, enum spoken_block block, bool is_wales);

#endif
