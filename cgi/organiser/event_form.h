/* SPDX-License-Identifier: MIT */
/* event_form.h: the page on which an event is made, copied or changed: what was typed, what it means, and showing it again. */
#ifndef SOUNDINGS_ORGANISER_EVENT_FORM_H
#define SOUNDINGS_ORGANISER_EVENT_FORM_H

#include "event_choices.h"
#include "visit.h"

#include "lib/view/organiser_events.h"

enum event_form_kind { EVENT_FORM_NEW, EVENT_FORM_COPY, EVENT_FORM_EDIT };

struct event_form {
	enum event_form_kind kind;
	const struct office_event *was; /* what the fields begin with; NULL: with nothing */
	const struct office_event_detail *was_detail;
	struct event_choices choices;
	bool is_practice;
	bool is_fixed; /* people have been asked: the forms stay as they are */
	/* What was read. */
	struct office_event event;
	struct office_event_detail detail;
	/* What has to be asked besides. */
	const char *unfinished;          /* NULL: nothing */
	const struct office_event *twin; /* NULL: none */
	struct page_differences both;
};

/* Loads what there is to choose from. WAS and DETAIL are of a copy or change, and borrowed. */
enum err event_form_begin(struct visit *visit, enum event_form_kind kind, const struct office_event *was,
			  const struct office_event_detail *detail, struct event_form *out) MUST_CHECK;

/* Reads the POST into form->event and form->detail. False: mistakes were noted. */
bool event_form_read(struct visit *visit, struct event_form *form);

/* Whether the page that was sent is of another version than was_detail. */
bool event_form_is_stale(const struct event_form *form);

/* What is wrong but for what was typed: forms that are not finished and shown at once without a reason, an event like it. A reason that was
 * given is kept in the audit. False: mistakes were noted. An ERROR is a failure. */
bool event_form_check(struct visit *visit, struct event_form *form, enum err *error);

/* Somebody saved NOW and DETAIL in between: notes where they differ from what was read, and lets the next save count as one made with them in
 * sight. */
void event_form_compare(struct visit *visit, struct event_form *form, const struct office_event *now,
			const struct office_event_detail *detail);

void event_form_show(struct visit *visit, const struct event_form *form, int status);

/* A hidden "version"; 0 when it is none. */
uint32_t event_version_field(const struct visit *visit);

#endif
