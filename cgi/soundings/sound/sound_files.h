/* SPDX-License-Identifier: MIT */
/* sound_files.h: the files of sounds, in the instance's sound/ or on a stick: whether they are whole, and which may go. */
#ifndef SOUNDINGS_SOUNDINGS_SOUND_FILES_H
#define SOUNDINGS_SOUNDINGS_SOUND_FILES_H

#include "soundings/instance.h"

#include "lib/catalogue/catalogue.h"
#include "lib/voice/voice.h"

/* How the files of a sound end, by enum voice_format. */
extern const char *const sound_endings[VOICE_FORMAT_COUNT];

/* Of what both files hold, as the catalogue has it. */
void sound_files_hash_bytes(const char *const bytes[VOICE_FORMAT_COUNT], const size_t lengths[VOICE_FORMAT_COUNT],
			    uint8_t out[CATALOGUE_SOUND_HASH]);

/* The same of the files NAME.* in FOLDER. ERR_NOT_FOUND: one of them is not there; ERR_DENIED, ERR_IO. */
enum err sound_files_hash(int folder, const char *name, uint8_t out[CATALOGUE_SOUND_HASH]) MUST_CHECK;

/* Removes from INSTANCE's sound/ what was left behind a day ago or more: files half written, and sounds that neither the office's list nor a catalogue on
 * this disk names. Touches no file of another name than ours; without certainty no sound goes. */
void sound_files_sweep(struct instance *instance);

#endif
