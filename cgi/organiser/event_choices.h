/* SPDX-License-Identifier: MIT */
/* event_choices.h: what an organiser can choose for an event: Areas that they may use, published forms, and the languages that these have; and
 * which of them are the usual ones. */
#ifndef SOUNDINGS_ORGANISER_EVENT_CHOICES_H
#define SOUNDINGS_ORGANISER_EVENT_CHOICES_H

#include "visit.h"

struct event_choice_form {
	const char *name;
	const char *title; /* in the page's language */
	const struct form *form;
	bool is_chosen;
};
struct event_choice_language {
	const char *tag;
	bool is_draft; /* in some form */
	bool is_chosen;
};
struct event_choices {
	struct event_choice_form *forms; /* the newest version of each */
	size_t forms_count;
	struct event_choice_language languages[FORM_LANGUAGES_MAX]; /* of all these forms */
	size_t languages_count;
};

enum err event_choices_load(struct visit *visit, struct event_choices *out) MUST_CHECK;

/* The title of a published form in the page's language; its name when it cannot be read. */
const char *event_form_title(const struct visit *visit, const char *name);

/* Chooses the forms that name PROGRAMME; where none does, those that name no programme; where there is only one form, that. False: none. */
bool event_choices_usual_forms(struct event_choices *choices, const char *programme);

/* Chooses the languages that people are offered where nobody has said more: English and its Easy Read; in Wales Welsh first. Of those that
 * a chosen form has. */
void event_choices_usual_languages(struct event_choices *choices, bool is_wales);

/* Puts what is chosen into EVENT: languages that some chosen form has, Welsh first in Wales, else in the order of the forms'. False: no form is
 * left, or no language. */
bool event_choices_take(const struct event_choices *choices, struct arena *arena, struct catalogue_event *event);

/* The Areas where the account may write events, in the organisation's order; *COUNT of them. */
const struct organisation_area **event_areas(const struct visit *visit, enum act act, size_t *count);

/* The Area of that name where the account may ACT; NULL: there is none such. */
const struct organisation_area *event_area(const struct visit *visit, enum act act, const char *name);

/* Options of a list of Areas, CHOSEN selected, after one of FIRST (a word; -1: none) with the value "". */
struct control_option *event_area_options(const struct visit *visit, enum act act, const char *chosen, int first,
					  size_t *count);

#endif
