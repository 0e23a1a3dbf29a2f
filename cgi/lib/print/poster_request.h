/* SPDX-License-Identifier: MIT */
/* poster_request.h: what a poster shall be: a struct that the organisers' pages and the command line fill in, the JSON that
 * poster(1) takes, and the way back.
 *
 * All texts are plain UTF-8 that somebody typed or that the strings of forms/ hold. They are drawn as they are; no part of them is
 * ever read as markup. */
#ifndef SOUNDINGS_PRINT_POSTER_REQUEST_H
#define SOUNDINGS_PRINT_POSTER_REQUEST_H

#include "lib/base/arena.h"
#include "lib/base/err.h"
#include "lib/base/strbuf.h"

#include <stdbool.h>
#include <stddef.h>

enum poster_kind {
	POSTER_A4,
	POSTER_A3,
	POSTER_TENT,  /* A4, folded: both sides, the upper one turned */
	POSTER_CARDS, /* A4, eight cards to tear off */
	POSTER_SLIDE, /* 1920 by 1080 */
	POSTER_QR,    /* the code alone */
	POSTER_KIND_COUNT
};
enum poster_format { POSTER_PDF, POSTER_PNG, POSTER_SVG, POSTER_FORMAT_COUNT };

enum {
	POSTER_FACES_MAX = 4,
	POSTER_TEXT_MAX_BYTES = 1000, /* each text */
	POSTER_ADDRESS_MAX_BYTES = 200,
	POSTER_CODE_MAX_BYTES = 12,
	POSTER_REQUEST_MAX_BYTES = 64 * 1024,
	POSTER_DISTANCE_MAX_CM = 1000,
	POSTER_WORDS_MAX = 512 /* of a refusal, with a NUL */
};

/* One language. What may be left out is NULL then. */
struct poster_face {
	const char *lang; /* BCP 47: "cy" */
	bool is_rtl;
	const char *title;      /* what it is about: "Community Conversation, Slough" */
	const char *lead;       /* what to do, largest: "Tell us what you think" */
	const char *what;       /* a sentence about it; may be left out */
	const char *minutes;    /* "About 3 minutes" */
	const char *anonymous;  /* "We do not ask your name" */
	const char *until;      /* "Open until Friday 4 December 2026"; may be left out */
	const char *type_it;    /* before the address: "Or type this into your browser:" */
	const char *code_label; /* before the code: "Code" */
	const char *paper;      /* "Ask for paper, large print or Easy Read" */
	const char *phone;      /* "Questions? 0300 123 4567"; may be left out */
	const char *alt; /* of the code, for those who hear the file: "QR code that opens feedback.example.org" */
};

/* What is the same in all languages; a NULL title: none of it. */
struct poster_event {
	const char *title, *place, *day; /* place and day may be left out */
};

struct poster_request {
	enum poster_kind kind;
	enum poster_format format;
	const char *address;       /* as the QR code holds it: "HTTPS://FEEDBACK.EXAMPLE.ORG/E4K7QX" (qr_address) */
	const char *shown_address; /* to be typed: "feedback.example.org" */
	const char *code;          /* "E4K7QX" */
	bool is_laminated;         /* shines: error correction Q */
	unsigned distance_cm;      /* it is read from; 0: what is usual for its kind. Means nothing for a slide */
	bool is_refuge;            /* names no organisation and no event */
	const char *organisation;  /* may be left out */
	struct poster_event event;
	struct poster_face faces[POSTER_FACES_MAX]; /* in the order in which they are to be read */
	size_t faces_count;                         /* 1 to POSTER_FACES_MAX */
};

/* Why there is no poster, in words for whoever asked for it: what, where, how to mend it. */
struct poster_trouble {
	char words[POSTER_WORDS_MAX];
};

/* Fills in TROUBLE, cut at a whole character, and gives ERROR back. */
enum err poster_refuse(struct poster_trouble *trouble, enum err error, const char *format, ...)
	__attribute__((format(printf, 3, 4))) MUST_CHECK;

/* Their names in requests: "a4", "pdf". Static storage. */
const char *poster_kind_name(enum poster_kind kind);
const char *poster_format_name(enum poster_format format);

/* The other way round. False when there is no such name. */
bool poster_kind_find(const char *name, enum poster_kind *kind);
bool poster_format_find(const char *name, enum poster_format *format);

/* REQUEST as canonical JSON (keys in order, no spaces) behind what OUT has. Of a refuge poster organisation and event are left out, whatever
 * REQUEST has. ERR_NOMEM, ERR_TOO_BIG, ERR_INVALID for what is no UTF-8. What poster_request_read would refuse is not looked for. */
enum err poster_request_write(const struct poster_request *request, struct strbuf *out) MUST_CHECK;

/* Reads and checks LENGTH bytes of JSON; everything in *REQUEST lives in ARENA. ERR_INVALID or ERR_TOO_BIG with words in TROUBLE that
 * name the key; ERR_NOMEM. */
enum err poster_request_read(const char *json, size_t length, struct arena *arena, struct poster_request *request,
			     struct poster_trouble *trouble) MUST_CHECK;

#endif
