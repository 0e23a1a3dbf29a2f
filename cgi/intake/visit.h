/* SPDX-License-Identifier: MIT */
/* visit.h: what one request is about: the event, the form version and the face it is shown in. */
#ifndef SOUNDINGS_INTAKE_VISIT_H
#define SOUNDINGS_INTAKE_VISIT_H

#include "app.h"
#include "routes.h"

#include "lib/form/face.h"
#include "lib/form/form.h"
#include "lib/http/http.h"
#include "lib/spoken/spoken.h"
#include "lib/view/pages.h"

/* One language that this event's form can be answered in. */
struct offered {
	const char *tag;
	int language; /* index in the form: of an event in Wales the face that has the words of Wales */
};

/* All that a visit's page may say, listed when it is asked for (sound_page.c). */
struct visit_spoken {
	const struct form *form; /* NULL: not listed yet */
	int language;
	struct spoken list;
};

struct visit {
	struct app *app;
	struct arena *arena;
	const struct http_request *request;
	struct route route;
	const struct words *words;     /* of the page */
	const char *tag;               /* language of the page: "en", "cy", "en-x-easy" */
	struct catalogue_event *event; /* NULL outside events */
	const struct form *form;       /* NULL until chosen */
	int language;                  /* index in the form */
	struct offered offered[FORM_LANGUAGES_MAX];
	size_t offered_count;
	struct words_fill pipes[5]; /* {event} {place} {date} {organisation} {name} */
	size_t pipes_count;
	struct visit_spoken *spoken; /* NULL on plain pages */
	struct page_view view;       /* of a kiosk, or with sound: how the person wants it */
	bool is_look;                /* there: a POST that asks for a page, and sends nothing (view_fields.h) */
};

/* Chooses the page's language before any event is known: from the address, else Accept-Language, else English. */
void visit_init(struct visit *visit, struct app *app, const struct http_request *request, struct arena *arena);

/* Takes up an event, so that its title, place and date can be filled into page strings. */
void visit_take_event(struct visit *visit, struct catalogue_event *event);

/* Takes up a form version: which languages are offered, and the language of the page: TAG (may be NULL), else
 * Accept-Language, else the event's first; a kiosk's browser asks for nobody, so there it is the event's first. False when TAG is not offered. */
bool visit_take_form(struct visit *visit, const struct form *form, const char *tag);

/* The same without a form, of an event that asks nothing any more: the event's languages that the page's strings have. */
void visit_take_languages(struct visit *visit, const char *tag);

/* Puts the page into the language of this offered index. */
void visit_set_language(struct visit *visit, size_t offered);

/* The form and the page's strings as they are put in this visit. */
struct face visit_face(const struct visit *visit);

/* TEXT with {event}, {place}, {date}, {organisation} and {name} filled in. NULL stays NULL. */
const char *visit_pipe(const struct visit *visit, const char *text);

/* A page string with the same holes filled. Never NULL. */
const char *visit_words(const struct visit *visit, enum word key);

/* TEXT with every {name} of FILLS made its value (NULL: nothing); anything else in braces stays. NULL stays NULL. */
const char *visit_fill(const struct visit *visit, const char *text, const struct words_fill *fills, size_t count);

/* A page string with holes of its own. Never NULL. */
const char *visit_words_fill(const struct visit *visit, enum word key, const struct words_fill *fills, size_t count);
const char *visit_words_with(const struct visit *visit, enum word key, const char *name, const char *value);

/* True where nobody may see over a shoulder what a page is about: forms with the exit button, events that the catalogue calls careful
 * (the safety profile, or such a form, which may be gone by now), and the page for receipts. Such a page has the exit button and names no
 * event. */
bool visit_is_careful(const struct visit *visit);

/* "8 March 2028" in the page's language. */
const char *visit_date(const struct visit *visit, struct date date);

/* The same of a canonical date of an answer or a limit, "2028-03-08"; anything else stays as it is. */
const char *visit_date_text(const struct visit *visit, const char *date);

/* The names of the months in the page's language, January first. */
const char *const *visit_months(const struct visit *visit);

/* A form's text in the page's language, or what it falls back to; *LANG becomes NULL or the language it is in instead. */
const char *visit_text(const struct visit *visit, const struct text *text, const char **lang);

/* What a field of several is called within its question: a half of a pair, a statement; *LANG as above. NULL for an only one. */
const char *visit_part(const struct visit *visit, const struct field *field, const char **lang);

#endif
