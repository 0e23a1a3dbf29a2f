/* SPDX-License-Identifier: MIT */
/* sounds.h: which sound says which text, as the office keeps it between publications: the document "sound".
 *
 *   {"format":1,"sounds":{"KEY":["NAME",MS,"HASH","OF","OWNER","FORMS"], ...}}
 *
 * KEY, NAME and HASH are hexadecimal; OF says what the sound was made of, so that it is made anew when that changes, and only then: "r:" and more
 * is somebody's recording, "v:" a voice, "m:" several texts that a recording is among, "c:" several without one. OWNER is the form whose folder the
 * recording lies in; "": it lies with all forms, or there is none. FORMS are all that have ever said the text, a blank between two. */
#ifndef SOUNDINGS_CATALOGUE_SOUNDS_H
#define SOUNDINGS_CATALOGUE_SOUNDS_H

#include "lib/base/arena.h"
#include "lib/base/err.h"
#include "lib/catalogue/catalogue.h"

#include <stdbool.h>
#include <stddef.h>

enum { SOUNDS_OF_MAX = 40, SOUNDS_FORM_MAX = 32, SOUNDS_FORMS_MAX = 16384 };

struct sounds_note {
	const char *of, *owner, *forms;
};

struct sounds {
	struct catalogue_sound *list; /* by key */
	struct sounds_note *notes;    /* of each */
	size_t count;
};

/* ERR_CORRUPT, ERR_NOMEM. */
enum err sounds_decode(const char *json, struct arena *arena, struct sounds *out) MUST_CHECK;
enum err sounds_encode(const struct sounds *sounds, struct arena *arena, char **out) MUST_CHECK;

/* True where the sound that OLD is of stays when a form is published that says its text, and would have it made as FRESH (NULL: of nothing).
 * IS_OWN: the recording of OLD, if it is one, lay where this form looks for it. A recording beats a voice, a voice beats nothing, and nobody but its
 * own form takes a recording away. */
bool sounds_stays(const struct sounds_note *old, const struct sounds_note *fresh, bool is_own);

/* True when FORM is among FORMS. */
bool sounds_has_form(const char *forms, const char *form);

#endif
