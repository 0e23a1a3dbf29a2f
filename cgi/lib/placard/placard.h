/* SPDX-License-Identifier: MIT */
/* placard.h: what the poster of an event says: from the event, the organisation and the page's strings to a request for poster(1). The organisers' pages and
 * the command line ask here, so that both give the same poster. Pure. */
#ifndef SOUNDINGS_PLACARD_PLACARD_H
#define SOUNDINGS_PLACARD_PLACARD_H

#include "lib/catalogue/catalogue.h"
#include "lib/print/poster_request.h"

/* What it is about. Borrowed. */
struct placard_event {
	const struct catalogue_event *event;
	const struct form *form; /* its first: how long it takes; NULL: nobody knows */
	struct date closes_on;   /* year 0: not set */
	const char *base_url;
	const struct organisation *organisation;
	const struct words_set *words;
};

/* What somebody chose. */
struct placard_choice {
	enum poster_kind kind;
	enum poster_format format;
	bool is_laminated;
	unsigned distance_cm; /* 0: what is usual */
	bool is_refuge;       /* no organisation, no event, a neutral title, nobody to ask */
	const char *languages[POSTER_FACES_MAX];
	size_t languages_count; /* 0: the first that placard_languages gives */
};

/* The languages of the event that posters can be in, as many as MOST: those that the strings have, no variants but where there is nothing else;
 * in Wales Welsh first, elsewhere second. At least English. Gives their number. */
size_t placard_languages(const struct placard_event *about, const char **tags, size_t most);

/* The request, whose texts live in ARENA or are borrowed. ERR_INVALID: base_url has signs that a QR code cannot hold; ERR_NOMEM. Whether it can be
 * drawn is poster(1)'s to say. */
enum err placard_request(const struct placard_event *about, const struct placard_choice *choice, struct arena *arena,
			 struct poster_request *out) MUST_CHECK;

/* The formats that a kind is handed out in, best first; *COUNT of them. Static storage. */
const enum poster_format *placard_formats(enum poster_kind kind, size_t *count);

/* "poster-E4K7QX-a4.pdf", in ARENA; NULL without memory. */
const char *placard_file(const struct poster_request *request, struct arena *arena);

#endif
