/* SPDX-License-Identifier: MIT */
/* action_form.h: the page on which an action is written and changed: what was typed, what it means, and showing it again. */
#ifndef SOUNDINGS_ORGANISER_ACTION_FORM_H
#define SOUNDINGS_ORGANISER_ACTION_FORM_H

#include "visit.h"

#include "lib/catalogue/catalogue.h"
#include "lib/view/organiser_loop.h"

struct action_form {
	const struct office_action *was;  /* NULL: a new one */
	const struct office_event *event; /* that it is about to begin with, of the query or of WAS; NULL: none */
	struct office_event_line *events; /* to choose from */
	size_t events_count;
	const char *tags[CATALOGUE_LANGUAGES_MAX]; /* of the page, the first being the one it is written in */
	size_t tags_count;
	/* What was read. */
	struct office_action read;
	struct office_action_text texts[CATALOGUE_LANGUAGES_MAX];
	uint32_t version; /* of the hidden field */
	struct page_differences both;
	bool removes; /* the box to tick was left empty */
};

/* Loads what there is to choose from. WAS is borrowed. */
enum err action_form_begin(struct visit *visit, const struct office_action *was, struct action_form *out) MUST_CHECK;

/* Reads the POST into form->read. False: mistakes were noted. */
bool action_form_read(struct visit *visit, struct action_form *form);

/* Somebody saved NOW in between: notes where it differs from what was read, and lets the next save count as one made with it in sight. */
void action_form_compare(struct visit *visit, struct action_form *form, const struct office_action *now);

void action_form_show(struct visit *visit, const struct action_form *form, int status);

/* "heading-cy": the name of a field of one language. */
const char *action_field(const struct visit *visit, const char *what, const char *tag);

/* The organisation's heading with that NAME, and the one that says TEXT in the language TAG; NULL: none. */
const struct organisation_named *action_theme(const struct visit *visit, const char *name);
const struct organisation_named *action_theme_saying(const struct visit *visit, const char *text, const char *tag);

#endif
