/* SPDX-License-Identifier: MIT */
/* voice_parts.h: what the files voice*.c share. */
#ifndef SOUNDINGS_VOICE_VOICE_PARTS_H
#define SOUNDINGS_VOICE_VOICE_PARTS_H

#include "lib/voice/voice.h"

/* Room for MORE samples behind those that there are. ERR_NOMEM, ERR_TOO_BIG. */
enum err voice_room(struct voice_sound *sound, size_t more) MUST_CHECK;

/* Adds COUNT samples of another RATE. ERR_NOMEM, ERR_TOO_BIG, ERR_IO. */
enum err voice_resample(const float *samples, size_t count, int rate, struct voice_sound *out) MUST_CHECK;

/* What is heard among COUNT samples, with MARGIN around it: from *FIRST on so many; 0: silence. */
size_t voice_edges(const float *samples, size_t count, size_t margin, size_t *first);

#endif
