/* SPDX-License-Identifier: MIT */
/* sound.h: how loud the machine is. */
#ifndef SOUNDINGS_KIOSK_SESSION_SOUND_H
#define SOUNDINGS_KIOSK_SESSION_SOUND_H

#include "lib/base/err.h"

#include <stdbool.h>

/* Sets the mixer of ALSA's card "default": every control that playback passes through on its way out ("Master", "PCM", "Headphone",
 * "Speaker") is switched on; "Master", or the first of the others where there is none, stands at LEVEL percent of its range, the others at
 * all of theirs. With IS_SILENT each is switched off, or stands at nothing where it has no switch. ERR_NOT_FOUND: no card, or no such
 * control on it. ERR_IO. Logs nothing. */
enum err sound_set(bool is_silent, unsigned level) MUST_CHECK;

#endif
