/* SPDX-License-Identifier: MIT */
/* voice.h: words into sound, on this machine and with nothing from elsewhere: a synthetic voice (libespeak-ng), or what somebody has
 * recorded (libsndfile), brought to one rate (libsamplerate), and written as Ogg Opus and as MP3 for browsers that lack the first.
 *
 * One voice a process: libespeak-ng has global state. Must not open the network; reads the files it is named and espeak-ng's own data. */
#ifndef SOUNDINGS_VOICE_VOICE_H
#define SOUNDINGS_VOICE_VOICE_H

#include "lib/base/arena.h"
#include "lib/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	VOICE_RATE = 24000,          /* samples a second, one channel: what both formats take */
	VOICE_SECONDS_MAX = 10 * 60, /* of one sound */
	VOICE_PAUSE_MS = 350         /* between texts that are read out behind one another */
};

struct voice;

/* ERR_NOT_FOUND: espeak-ng's data is not installed. ERR_CONFLICT: this process has one already. ERR_NOMEM. */
enum err voice_open(struct voice **out) MUST_CHECK;
void voice_close(struct voice *voice);

/* True when there is a voice for this language ("cy"). */
bool voice_speaks(struct voice *voice, const char *language);

/* What makes a text sound as it does, besides its words: "espeak-ng 1.51 ...". Another one makes another sound. */
const char *voice_version(const struct voice *voice);

/* Sound: samples from -1 to 1. On the heap; voice_sound_fini frees it. */
struct voice_sound {
	float *samples;
	size_t count, room;
};
void voice_sound_fini(struct voice_sound *sound);
#define CLEANUP_SOUND __attribute__((cleanup(voice_sound_fini)))

/* Adds TEXT as LANGUAGE's voice says it. ERR_NOT_FOUND: none speaks it; ERR_NOMEM, ERR_TOO_BIG, ERR_IO. */
enum err voice_say(struct voice *voice, const char *language, const char *text, struct voice_sound *sound) MUST_CHECK;

/* Adds a recording (WAV, FLAC, whatever libsndfile reads; channels are mixed), as loud as the voice, without the silence around it.
 * ERR_NOT_FOUND, ERR_DENIED; ERR_INVALID: no sound, or none in it; ERR_TOO_BIG past VOICE_SECONDS_MAX. */
enum err voice_read(const char *path, struct voice_sound *sound) MUST_CHECK;

/* Adds silence, or another sound. ERR_NOMEM, ERR_TOO_BIG. */
enum err voice_pause(struct voice_sound *sound, unsigned ms) MUST_CHECK;
enum err voice_add(struct voice_sound *sound, const struct voice_sound *more) MUST_CHECK;

/* How long it is. */
uint32_t voice_ms(const struct voice_sound *sound);

enum voice_format { VOICE_OPUS, VOICE_MP3, VOICE_FORMAT_COUNT };

/* The bytes of a file of that format, in memory of ARENA. ERR_NOMEM; ERR_IO: the library cannot write it. */
enum err voice_encode(const struct voice_sound *sound, enum voice_format format, struct arena *arena, void **bytes,
		      size_t *length) MUST_CHECK;

#endif
