/* SPDX-License-Identifier: MIT */
/* showing.c: what a catalogue tells of events and Areas: notes, where a printed code leads, and you said, we did.
 *
 * Only what organisers marked as public is read, and of how many people said it only a word. What was said at an event is shown when the
 * event is over, never while its forms are open: it would tell the next person what to say. */
#include "lib/office/showing.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "lib/catalogue/shown.h"
#include "lib/office/organising.h"

enum sql { SQL_CAREFUL, SQL_DETAILS, SQL_ACTIONS, SQL_TEXTS, SQL_COUNT };

/* The documents are canonical JSON: within a text the quotes would stand escaped, so this is the member and nothing else. Whatever newer
 * version there is: pages of an older one may be open, and their events know whose they are. */
static const char *const statements[SQL_COUNT] = {
	[SQL_CAREFUL] = "SELECT DISTINCT form FROM form_version WHERE instr(document, '\"safety\":\"exit-page\"') > 0 ORDER BY form",
	[SQL_DETAILS] = "SELECT event, note, is_refuge, next_on, points_to FROM event_detail ORDER BY event",
	[SQL_ACTIONS] = "SELECT id, area, event, status, many, said_on, done_on, changed_on FROM action "
			"WHERE is_public = 1 AND is_removed = 0 ORDER BY changed_on DESC, id",
	[SQL_TEXTS] = "SELECT tag, theme, said, did FROM action_text WHERE action = ?1 ORDER BY place",
};

struct showing_detail {
	const char *event, *note, *points_to;
	bool is_refuge;
	struct date next_on;
};

struct showing_action {
	const char *area;
	const char *event; /* "" : of the Area */
	struct shown_action shown;
};
