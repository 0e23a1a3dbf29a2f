/* SPDX-License-Identifier: MIT */
/* keep.h: how long each published form version promised to keep a response; nobody outside this folder includes it. */
#ifndef SOUNDINGS_OFFICE_KEEP_H
#define SOUNDINGS_OFFICE_KEEP_H

#include "lib/office/query.h"

struct keep_version {
	const char *form;
	uint32_t version;
	unsigned months; /* 0: its document cannot be read */
};

struct keep {
	struct keep_version *versions;
	size_t count;
};

/* Reads every published version. An unreadable one is no failure here: it is one for whoever needs it. */
enum err keep_load(struct office *office, struct arena *arena, struct keep *out) MUST_CHECK;

/* The day on which a response to that version goes, for an event held on HELD_ON: the day that its thank-you named.
 * ERR_CORRUPT when the version cannot be read; its name and number are logged. */
enum err keep_until(const struct keep *keep, const char *form, uint32_t version, struct date held_on,
		    struct date *until) MUST_CHECK;

/* The most that any version keeps, at least LEAST. ERR_CORRUPT as above. */
enum err keep_longest(const struct keep *keep, unsigned least, unsigned *months) MUST_CHECK;

#endif
