/* SPDX-License-Identifier: MIT */
/* event_state.c: the states of an event by name, as schemas, pages and the command line spell them.
 *
 * Must not decide which step follows which: that is the office's (lib/office/). */
#include "lib/catalogue/catalogue.h"

#include <assert.h>
#include <string.h>

static const char *const event_states[EVENT_STATE_COUNT] = {
	[EVENT_PLANNED] = "planned", [EVENT_OPEN] = "open",         [EVENT_GRACE] = "grace",
	[EVENT_CLOSED] = "closed",   [EVENT_RELEASED] = "released",
};

const char *event_state_name(enum event_state state)
{
	assert(state >= 0 && state < EVENT_STATE_COUNT);
	return event_states[state];
}

enum err event_state_parse(const char *name, enum event_state *out)
{
	for (size_t i = 0; i < EVENT_STATE_COUNT; i++) {
		if (strcmp(name, event_states[i]) == 0) {
			*out = (enum event_state) i;
			return ERR_OK;
		}
	}
	return ERR_INVALID;
}
