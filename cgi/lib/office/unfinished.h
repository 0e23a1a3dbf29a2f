/* SPDX-License-Identifier: MIT */
/* unfinished.h: forms that an event would show before they are finished. A form that is not finished is used outside practice only for a
 * reason, which the audit keeps (office_form_because); both the command line and the organisers' pages ask for it, by these. */
#ifndef SOUNDINGS_OFFICE_UNFINISHED_H
#define SOUNDINGS_OFFICE_UNFINISHED_H

#include "lib/office/office.h"

/* True when something of WHAT (advice_warnings: "draft-translation cy, unreachable-question") concerns an event that offers these languages,
 * or when it does not say all. */
bool office_unfinished_concerns(const char *what, const struct catalogue_event *event);

struct office_unfinished {
	const char *form;
	uint32_t version;
	const char *what; /* as above */
};

/* The forms of an event that would be shown to people and are not finished, and for which nobody has given a reason yet. None for practice.
 * Borrows form names from EVENT; the rest is in ARENA. */
enum err office_event_unfinished(struct office *office, const struct catalogue_event *event, struct arena *arena,
				 struct office_unfinished **out, size_t *count) MUST_CHECK;

/* True when BECAUSE can be kept as a reason: UTF-8, not blank, one line, at most OFFICE_WORDS_MAX characters. */
bool office_because_is_fine(const char *because);

#endif
