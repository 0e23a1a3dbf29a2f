/* SPDX-License-Identifier: MIT */
/* form_gate.h: a form that is not finished is used outside practice only for a reason, which the audit keeps. */
#ifndef SOUNDINGS_SOUNDINGS_FORM_GATE_H
#define SOUNDINGS_SOUNDINGS_FORM_GATE_H

#include "instance.h"

#include "lib/office/unfinished.h"

/* EX_OK when BECAUSE can be kept: not blank, one line, at most 500 characters; else EX_USAGE after saying so. NULL is fine. */
int form_gate_reason(const char *because);

/* How many events that are planned, and not for practice, would use the next version of FORM, of which UNFINISHED is not done.
 * A code of sysexits.h. */
int form_gate_planned(struct instance *instance, const char *form, const char *unfinished, size_t *count);

/* What an event outside practice needs a reason for, none or BECAUSE. */
struct form_gate {
	struct office_unfinished *list;
	size_t count;
	const char *because; /* "" when there is nothing to give a reason for */
};

/* Before an event outside practice shows its forms: EX_OK when they are finished in its languages, or a reason was given for
 * these, or BECAUSE (may be NULL) is one; it is not kept yet: that is for office_event_add_because and
 * office_event_open_because. Else says what to do, and EX_DATAERR. ACT is what was asked for: "event open E4K7QX". */
int form_gate_event(struct instance *instance, const struct catalogue_event *event, const char *because,
		    const char *act, struct form_gate *out);

#endif
