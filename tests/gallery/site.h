/* SPDX-License-Identifier: MIT */
/* site.h: what the gallery's pages are about: a catalogue with every form and an event in every state. */
#ifndef SOUNDINGS_GALLERY_SITE_H
#define SOUNDINGS_GALLERY_SITE_H

#include "intake/app.h"

#include "lib/form/form.h"

#include <stdbool.h>

/* The shipped ones, then those of tests/forms: the one with every kind of question, and the one with every limit. */
enum {
	SITE_FORM_CONVERSATION,
	SITE_FORM_BEFORE,
	SITE_FORM_DAY,
	SITE_FORM_END,
	SITE_FORM_EVERYTHING,
	SITE_FORM_LIMITS,
	SITE_FORMS
};

/* The events of a form, by the last four signs of their code. */
enum site_event { SITE_OPEN, SITE_PRACTICE, SITE_WALES, SITE_PLANNED, SITE_CLOSED, SITE_RELEASED, SITE_EVENT_COUNT };

struct site {
	struct arena arena;
	struct app app;
	const struct words_set *words;
	struct form *forms[SITE_FORMS];
	const char *codes[SITE_FORMS][SITE_EVENT_COUNT];
	const char *several; /* the code of an event with more than one form */
	struct catalogue_event events[SITE_FORMS * SITE_EVENT_COUNT + 1];
};

/* Reads forms/ and tests/forms of the working folder and publishes them into FOLDER, which becomes the working folder. Ends the
 * program when that fails. */
void site_make(struct site *site, const char *folder);

/* How the spooler of this program answers from now on: there is none to talk to (spooler.c). */
void site_spooler_sleeps(bool sleeps);

#endif
