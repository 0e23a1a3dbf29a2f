/* SPDX-License-Identifier: MIT */
/* calendar.h: an event as a calendar file (RFC 5545). Pure: nothing is looked up here, and no clock is read. */
#ifndef SOUNDINGS_ORGANISER_CALENDAR_H
#define SOUNDINGS_ORGANISER_CALENDAR_H

#include "lib/base/date.h"
#include "lib/base/strbuf.h"

#include <stdint.h>

struct calendar_entry {
	const char *code;    /* with HOST the UID, which stays the same for ever (RFC 5545, 3.8.4.7) */
	const char *host;    /* of the public address */
	const char *title;   /* as the organiser wrote it */
	const char *place;   /* "": none */
	const char *text;    /* description, in the language of who asks; "": none */
	const char *address; /* where people answer */
	struct date held_on; /* the whole day */
	struct date
		made_on; /* DTSTAMP, which must be a date and time: its midnight in UTC, so that no time of day is told */
	uint32_t version; /* SEQUENCE: calendars take the higher one */
};

/* A whole VCALENDAR of one all-day VEVENT, lines of at most 75 octets that end in CR LF. It names nobody. */
void calendar_put(struct strbuf *out, const struct calendar_entry *entry);

/* One content line, folded (3.1) where it is longer than 75 octets, never within a character. */
void calendar_put_line(struct strbuf *out, const char *line);

/* The value of a TEXT property (3.3.11): backslash, semicolon, comma and line ends escaped. Other control characters, which the grammar does
 * not have, are left out. */
void calendar_put_text(struct strbuf *out, const char *text);

#endif
