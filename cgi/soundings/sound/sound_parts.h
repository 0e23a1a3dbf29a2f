/* SPDX-License-Identifier: MIT */
/* sound_parts.h: what the files sound*.c share. */
#ifndef SOUNDINGS_SOUNDINGS_SOUND_PARTS_H
#define SOUNDINGS_SOUNDINGS_SOUND_PARTS_H

#include "sound.h"
#include "sound_files.h"

#include "lib/catalogue/sounds.h"
#include "lib/spoken/spoken.h"
#include "lib/voice/voice.h"

enum { SOUND_TEXT_MAX = 256 * 1024 };

/* One text: what its sound is made of, and the sound. */
struct sound_row {
	const char *recording; /* somebody's, by its path; NULL: none */
	const char *of;        /* what it is made of (sounds.h); NULL: of nothing, a gap */
	const char *owner;     /* of its recording (sounds.h); "": none, or all forms' */
	const char *name;      /* of its files; NULL: there are none yet */
	uint32_t ms;
	uint8_t hash[CATALOGUE_SOUND_HASH]; /* of its files */
	bool is_kept; /* of what the list has, whatever OF says: name, length and hash are of that */
};

struct sound_language {
	char base[16];
	bool is_spoken;
};

struct sound_maker {
	struct arena *arena;
	const struct form *form;
	const char *folder_path, *forms; /* of the form, and around it */
	struct spoken spoken;
	struct sound_row *rows; /* of each text */
	struct voice *voice;    /* NULL: there is none on this machine */
	struct sound_language languages[FORM_LANGUAGES_MAX];
	size_t languages_count;
	struct sounds known; /* the office's list */
	int folder;          /* of the instance's sounds; -1: only looked at */
};

/* Reads strings and organisation of MAKER's folder and lists all texts of FORM; opens the voice. A code of sysexits.h. */
int sound_begin(struct sound_maker *maker, struct arena *arena, const struct form *form, const char *folder,
		const char *forms);
void sound_end(struct sound_maker *maker);

/* True when a voice of this machine speaks this language. */
bool sound_speaks(struct sound_maker *maker, const char *language);

/* The recording of a text; *PATH becomes NULL where there is none. ERR_NOMEM. */
enum err sound_recording(struct sound_maker *maker, const struct spoken_text *text, const char **path) MUST_CHECK;

/* Where a recording of TEXT would be looked for first, without its ending. NULL without memory. */
const char *sound_recording_place(struct sound_maker *maker, const struct spoken_text *text);

/* The hash of a file's bytes. */
enum err sound_hash_file(struct sound_maker *maker, const char *path, char out[SPOKEN_NAME_TEXT]) MUST_CHECK;

/* The office's list: read; and what was made put into what it is by then, for another command may have written it meanwhile. */
enum err sound_list_load(struct instance *instance, struct sound_maker *maker) MUST_CHECK;
enum err sound_list_store(struct instance *instance, struct sound_maker *maker, struct sound_report *report) MUST_CHECK;

/* True when the list has a sound of the text at INDEX that stays, of which the files are whole: its row gets name, length and hash. *DAMAGED becomes
 * the name of files that are not what they should be; else NULL. */
bool sound_known(struct sound_maker *maker, size_t index, const char **damaged);

/* Counts, gaps, and recordings of nothing. A code of sysexits.h. */
int sound_report_fill(struct sound_maker *maker, struct sound_report *report);

#endif
