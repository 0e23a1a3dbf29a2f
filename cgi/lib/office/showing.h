/* SPDX-License-Identifier: MIT */
/* showing.h: what publishing tells of an event beside the event itself: nobody outside this folder includes it. */
#ifndef SOUNDINGS_OFFICE_SHOWING_H
#define SOUNDINGS_OFFICE_SHOWING_H

#include "lib/office/query.h"

#include "lib/catalogue/shown.h"

/* Read once for a whole publication, inside its transaction. */
struct showing {
	const char **careful; /* names of forms that have, or had in some version, the exit button */
	size_t careful_count;
	const struct showing_detail *details; /* in order of code */
	size_t details_count;
	const struct showing_action *actions; /* that everybody may see, newest change first */
	size_t actions_count;
};
enum err showing_load(struct office *office, struct arena *arena, struct showing *out) MUST_CHECK;

/* Fills what OUT tells of EVENT: whether it is careful, its note, where its code leads, and what it shows once it is closed. */
enum err showing_event(const struct showing *showing, const struct office_event *event, struct arena *arena,
		       struct catalogue_event *out) MUST_CHECK;

/* Fills the Areas of CONTENT. EVENTS are what it publishes, in order of code: an Area's page names those that are over, no practice, and not
 * careful, and tells nothing of practice. */
enum err showing_areas(const struct showing *showing, const struct catalogue_event *events, size_t events_count,
		       struct arena *arena, struct catalogue_content *content) MUST_CHECK;

#endif
