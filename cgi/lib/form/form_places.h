/* SPDX-License-Identifier: MIT */
/* form_places.h: where each text and name of a loaded form stands in its files.
 *
 * A form knows no files. Who has something to say about a text of it (lib/advice) asks here with the very pointer that
 * the form holds: every value that the loader reads is a copy of its own, so the pointer names the place. */
#ifndef SOUNDINGS_FORM_FORM_PLACES_H
#define SOUNDINGS_FORM_FORM_PLACES_H

#include "lib/base/arena.h"

#include <stdbool.h>
#include <stddef.h>

struct form_place {
	const char *file; /* as the person named it */
	unsigned line;    /* of the value's start, from 1 */
	unsigned column;  /* in characters, from 1 */
};

struct form_places_row;

struct form_places {
	struct arena *arena; /* holds the table */
	struct form_places_row *rows;
	size_t count;
	size_t capacity;
	bool has_no_memory; /* some place was not kept */
};

/* An empty table in the caller's storage. */
void form_places_init(struct form_places *places, struct arena *arena);

/* Notes where VALUE came from. The strings are borrowed. */
void form_places_add(struct form_places *places, const char *value, struct form_place place);

/* Where the value at this address stands; line 0 and no file when it was read from no file. PLACES and VALUE may be NULL. */
struct form_place form_places_find(const struct form_places *places, const char *value);

#endif
