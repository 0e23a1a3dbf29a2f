/* SPDX-License-Identifier: MIT */
/* events.h: a step of an event for those who take it inside a transaction of their own; nobody outside this folder
 * includes it. */
#ifndef SOUNDINGS_OFFICE_EVENTS_H
#define SOUNDINGS_OFFICE_EVENTS_H

#include "lib/office/query.h"

/* Inside a transaction: the event of CODE comes into STATE, with its audit line by ACTOR; closing raises the flush number.
 * Whether the step exists is the caller's to know. GRACE_UNTIL is 0 but for grace. ERR_CONFLICT when there is no such event,
 * or it is to open after everything of it was deleted. */
enum err event_step(struct office *office, const char *code, enum event_state state, int64_t grace_until,
		    const char *actor) MUST_CHECK;

#endif
