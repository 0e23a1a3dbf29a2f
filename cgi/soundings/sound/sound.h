/* SPDX-License-Identifier: MIT */
/* sound.h: what of a form can be heard: made when it is published, and what lacks a voice named. */
#ifndef SOUNDINGS_SOUNDINGS_SOUND_H
#define SOUNDINGS_SOUNDINGS_SOUND_H

#include "soundings/instance.h"

#include "lib/form/form.h"

#include <stdbool.h>
#include <stddef.h>

struct sound_gap {
	const char *tag;  /* of the face: "so" */
	const char *file; /* where a recording of it would be looked for, without its ending */
	const char *text;
	const char *by; /* who says it: "recording", "voice"; NULL: nobody */
};

struct sound_report {
	size_t texts, made, recorded; /* found in the form; made just now; of somebody's recording */
	uint64_t bytes, ms;           /* of all that this form can say, in both formats */
	const char *voiceless;        /* "so, sw": languages without a voice; "": none */
	const struct sound_gap *all;  /* every text, in the order of the form */
	size_t all_count;
	const struct sound_gap *gaps;
	size_t gaps_count;
	const char *const *strays; /* recordings that are of no text, by their paths */
	size_t strays_count;
	bool is_changed;   /* the list of sounds is another one now: it wants publishing */
	bool has_no_voice; /* espeak-ng's data is not installed */
};

/* Makes the sounds that FORM lacks and keeps the list of them in the office. FOLDER is the form's, FORMS the folder around it, with strings/ and
 * organisation.yaml. Nothing is made twice. A code of sysexits.h. */
int sound_make(struct instance *instance, const struct form *form, const char *folder, const char *forms,
	       struct sound_report *report);

/* What FORM would lack, without making anything; needs no instance. */
int sound_check(struct arena *arena, const struct form *form, const char *folder, const char *forms,
		struct sound_report *report);

/* Every text with where its recording goes and who says it now, tab between them: for whoever records. */
void sound_print_list(const struct sound_report *report);

/* Says what there is to say of a report: how much there is, what lacks a voice and where recordings would go. ALL: every gap. */
void sound_print(const struct sound_report *report, const char *folder, bool all);

#endif
