/* SPDX-License-Identifier: MIT */
/* sound.c: the mixer, by libasound's simple controls.
 *
 * A card has one control that all goes through, or several one after the other. Only one of them is used as the knob: two at 50
 * percent would be a quarter. Whatever a person, or whoever carried the machine, left the others at must not make the kiosk mute, so they
 * stand open.
 *
 * Must not touch what records. */
#include "kiosk-session/sound.h"

#include <alsa/asoundlib.h>
#include <stddef.h>
#include <string.h>

static const char *const ways_out[] = {"Master", "PCM", "Headphone", "Speaker", "Digital", "HDMI", "Lineout", "Front"};
enum { WAYS = sizeof ways_out / sizeof *ways_out };

static bool set_switch(snd_mixer_elem_t *control, bool is_on)
{
	return !snd_mixer_selem_has_playback_switch(control) ||
	       snd_mixer_selem_set_playback_switch_all(control, is_on ? 1 : 0) == 0;
}

static bool set_volume(snd_mixer_elem_t *control, unsigned percent)
{
	long least, most;
	if (!snd_mixer_selem_has_playback_volume(control))
		return true;
	if (snd_mixer_selem_get_playback_volume_range(control, &least, &most) != 0 || most < least)
		return false;
	long value = least + ((most - least) * (long) percent + 50) / 100;
	return snd_mixer_selem_set_playback_volume_all(control, value) == 0;
}

static snd_mixer_elem_t *find(snd_mixer_t *mixer, const char *name)
{
	for (snd_mixer_elem_t *control = snd_mixer_first_elem(mixer); control; control = snd_mixer_elem_next(control))
		if (snd_mixer_selem_is_active(control) && snd_mixer_selem_get_index(control) == 0 &&
		    strcmp(snd_mixer_selem_get_name(control), name) == 0)
			return control;
	return NULL;
}

static enum err set_all(snd_mixer_t *mixer, bool is_silent, unsigned level)
{
	enum err result = ERR_NOT_FOUND;
	bool has_knob = false;
	for (size_t i = 0; i < WAYS; i++) {
		snd_mixer_elem_t *control = find(mixer, ways_out[i]);
		if (!control)
			continue;
		bool is_knob = !has_knob && snd_mixer_selem_has_playback_volume(control);
		has_knob = has_knob || is_knob;
		/* Silence by the switch alone keeps the volume that is set below, for a card whose switch is turned by a key. */
		unsigned percent = is_silent && !snd_mixer_selem_has_playback_switch(control) ? 0
				   : is_knob                                                  ? level
											      : 100;
		bool is_set = set_volume(control, percent) && set_switch(control, !is_silent);
		if (result == ERR_NOT_FOUND || !is_set)
			result = is_set ? ERR_OK : ERR_IO;
	}
	return result;
}

/* libasound tells standard error what it does not find; a machine without sound would tell it with each browser. */
static void say_nothing(const char *file, int line, const char *function, int number, const char *format, ...)
{
	(void) file;
	(void) line;
	(void) function;
	(void) number;
	(void) format;
}

enum err sound_set(bool is_silent, unsigned level)
{
	snd_mixer_t *mixer = NULL;
	snd_lib_error_set_handler(say_nothing);
	if (snd_mixer_open(&mixer, 0) != 0)
		return ERR_NOMEM;
	enum err error = ERR_NOT_FOUND;
	if (snd_mixer_attach(mixer, "default") == 0 && snd_mixer_selem_register(mixer, NULL, NULL) == 0 &&
	    snd_mixer_load(mixer) == 0)
		error = set_all(mixer, is_silent, level);
	snd_mixer_close(mixer);
	snd_config_update_free_global(); /* a card that is plugged in later has to be looked for anew */
	return error;
}
