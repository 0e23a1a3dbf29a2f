/* SPDX-License-Identifier: MIT */
/* form_gate.h: a form that is not finished is used outside practice only for a reason, which the audit keeps. */
#ifndef SOUNDINGS_SOUNDINGS_FORM_GATE_H
#define SOUNDINGS_SOUNDINGS_FORM_GATE_H

#include "instance.h"

#include <stdbool.h>

/* EX_OK when BECAUSE can be kept: not blank, one line, at most 500 characters; else EX_USAGE after saying so. NULL is fine. */
int form_gate_reason(const char *because);

/* True when something of UNFINISHED (advice_warnings) concerns an event that offers these languages, or when it does not say all. */
bool form_gate_concerns(const char *unfinished, const struct catalogue_event *event);

/* How many events that are planned, and not for practice, would use the next version of FORM, of which UNFINISHED is not done.
 * A code of sysexits.h. */
int form_gate_planned(struct instance *instance, const char *form, const char *unfinished, size_t *count);

/* Before an event outside practice shows its forms: EX_OK when they are finished, or a reason was given, or BECAUSE (may be NULL) is
 * one, which is then kept. Else says what to do, and EX_DATAERR. ACT is what was asked for: "event open E4K7QX". */
int form_gate_event(struct instance *instance, const struct catalogue_event *event, const char *because,
		    const char *act);

#endif
