/* SPDX-License-Identifier: MIT */
/* unfinished.h: forms that an event would show before they are finished. A form that is not finished is used outside practice only for a
 * reason, which the audit keeps with the languages that it was given for; both the command line and the organisers' pages ask for it, by these. */
#ifndef SOUNDINGS_OFFICE_UNFINISHED_H
#define SOUNDINGS_OFFICE_UNFINISHED_H

#include "lib/office/office.h"

/* True when something of WHAT (advice_warnings: "draft-translation cy, unreachable-question") concerns an event that offers these languages,
 * or when it does not say all. */
bool office_unfinished_concerns(const char *what, const struct catalogue_event *event);

struct office_unfinished {
	const char *form;
	uint32_t version;
	const char *what; /* as above, but only what concerns the event and has no reason yet */
};

/* The forms of an event that would be shown to people and are not finished, and for which nobody has given a reason yet, in each of the event's
 * languages: a reason for one language is none for others. None for practice. Borrows form names from EVENT; the rest is in ARENA. */
enum err office_event_unfinished(struct office *office, const struct catalogue_event *event, struct arena *arena,
				 struct office_unfinished **out, size_t *count) MUST_CHECK;

/* Keeps BECAUSE as the reason for COUNT forms of office_event_unfinished, for the languages of EVENT: all of it, or nothing. */
enum err office_unfinished_because(struct office *office, const struct catalogue_event *event,
				   const struct office_unfinished *list, size_t count, const char *because) MUST_CHECK;

/* As office_event_add, and as office_event_set_state, with the reason for it: both happen, or neither. COUNT 0: none is needed. */
enum err office_event_add_because(struct office *office, const struct office_event *event,
				  const struct office_unfinished *list, size_t count, const char *because,
				  struct arena *arena, char **code) MUST_CHECK;
enum err office_event_open_because(struct office *office, const struct catalogue_event *event,
				   const struct office_unfinished *list, size_t count, const char *because,
				   int64_t now_s) MUST_CHECK;

/* True when BECAUSE can be kept as a reason: UTF-8, not blank, one line, at most OFFICE_WORDS_MAX characters. */
bool office_because_is_fine(const char *because);

#endif
