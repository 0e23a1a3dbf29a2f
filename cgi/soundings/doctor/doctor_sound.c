/* SPDX-License-Identifier: MIT */
/* doctor_sound.c: whether what pages can say is here: backups hold the list of sounds, not the sounds. */
#include "doctor.h"

#include "soundings/sound/sound_parts.h"

#include <stdio.h>
#include <unistd.h>

static bool is_here(struct examination *exam, const char *name)
{
	for (size_t i = 0; i < VOICE_FORMAT_COUNT; i++) {
		char file[SPOKEN_NAME_TEXT + 16];
		snprintf(file, sizeof file, "sound/%s.%s", name, sound_endings[i]);
		if (access(instance_path(exam->instance, file), R_OK) != 0)
			return false;
	}
	return true;
}

void doctor_sound(struct examination *exam)
{
	struct arena *arena = &exam->instance->arena;
	char *document = NULL;
	struct sounds sounds;
	size_t lacking = 0;
	enum err error = office_text_get(exam->instance->office, "sound", arena, &document);
	if (error == ERR_NOT_FOUND) /* nobody wants any, or nobody has published yet */
		return;
	if (!error)
		error = sounds_decode(document, arena, &sounds);
	for (size_t i = 0; !error && i < sounds.count; i++)
		lacking += !is_here(exam, sounds.list[i].name);
	if (error)
		doctor_say(exam, LOOK, "the list of sounds cannot be read: pages are shown without",
			   doctor_command(exam, "form sound FOLDER"));
	else if (lacking > 0)
		doctor_say(exam, LOOK,
			   arena_printf(arena, "%zu of %zu sounds are not here: pages name them, and stay silent",
					lacking, sounds.count),
			   doctor_command(exam, "form sound FOLDER"));
	else
		doctor_say(exam, FINE, arena_printf(arena, "%zu sounds of texts are here", sounds.count), NULL);
}
