/* SPDX-License-Identifier: MIT */
/* shown.h: what a closed event's address and an Area's page show: you said, we did. soundings-catalogue(5), What is shown.
 *
 * The office makes it of organisers' actions and puts it into the catalogue as canonical JSON; front machines read it back with suspicion.
 * Nothing in it is a number of people. */
#ifndef SOUNDINGS_CATALOGUE_SHOWN_H
#define SOUNDINGS_CATALOGUE_SHOWN_H

#include "lib/catalogue/catalogue.h"

enum {
	SHOWN_ID_BYTES = 16,       /* of an action, as lower-case hexadecimal digits */
	SHOWN_ACTIONS_MAX = 40,    /* in one document: the first of them count most */
	SHOWN_TEXT_MAX = 8192,     /* bytes of one text */
	SHOWN_MAX_BYTES = 1 << 20, /* of a document: room for one action in every language */
	SHOWN_NEXT_DAYS =
		90 /* after an event people hear what was done, where nobody said another day (domain.md 8.6) */
};

enum shown_status { SHOWN_HEARD, SHOWN_DOING, SHOWN_DONE, SHOWN_CANNOT, SHOWN_STATUS_COUNT };
enum shown_many { SHOWN_UNSAID, SHOWN_A_FEW, SHOWN_SEVERAL, SHOWN_MANY, SHOWN_MANY_COUNT };

struct shown_text {
	const char *tag; /* language, lower case */
	const char *theme;
	const char *said;
	const char *did; /* "" : nothing yet */
};

struct shown_action {
	const char *id;
	enum shown_status status;
	enum shown_many many;           /* how many people said it */
	const char *event;              /* title of the event where it was said; NULL: not told */
	struct date held_on;            /* of that event; year 0: not told */
	struct date updated;            /* the day of its newest change */
	const struct shown_text *texts; /* at least 1 */
	size_t texts_count;
};

struct shown {
	struct date next_on; /* of an event: until when people hear more; year 0: not told */
	const struct shown_action *actions;
	size_t actions_count;
};

/* SHOWN as a document in ARENA. Line ends become LF, and signs that neither HTML nor XML may hold become blanks. Where it would be longer than
 * SHOWN_MAX_BYTES, or hold more than SHOWN_ACTIONS_MAX, the last actions are left out. ERR_INVALID: an action without a text, an id or a day;
 * ERR_NOMEM. */
enum err shown_encode(const struct shown *shown, struct arena *arena, char **out) MUST_CHECK;

/* The document's meaning, in ARENA. ERR_CORRUPT: it is not one that shown_encode writes; ERR_NOMEM. */
enum err shown_decode(const char *document, struct arena *arena, struct shown **out) MUST_CHECK;

/* The text for a language tag: in itself, else in its base language, else in English, else the first. Never NULL. */
const struct shown_text *shown_text(const struct shown_action *action, const char *tag);

#endif
