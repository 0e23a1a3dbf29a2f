/* SPDX-License-Identifier: MIT */
/* voice.c: the synthetic voice, and sounds put together in memory. */
#include "lib/voice/voice_parts.h"

#include <espeak-ng/espeak_ng.h>
#include <espeak-ng/speak_lib.h>
#include <math.h>
#include <samplerate.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	VOICE_WORDS_A_MINUTE =
		145, /* a little slower than its own 175: who listens here may be old, or new to the language */
	VOICE_LANGUAGE_MAX = 40,
	VOICE_VERSION_MAX = 96
};

struct voice {
	int rate;                          /* of the synthesizer */
	char language[VOICE_LANGUAGE_MAX]; /* that it is set to; "": none yet */
	char version[VOICE_VERSION_MAX];
	struct voice_sound said; /* at its own rate */
	enum err error;
};

/* libespeak-ng calls back without telling for whom where it is asked synchronously: the one voice of the process. */
static struct voice *the_voice;

void voice_sound_fini(struct voice_sound *sound)
{
	free(sound->samples);
	*sound = (struct voice_sound){0};
}

enum err voice_room(struct voice_sound *sound, size_t more)
{
	if (more > (size_t) VOICE_RATE * VOICE_SECONDS_MAX - sound->count)
		return ERR_TOO_BIG;
	if (sound->count + more <= sound->room)
		return ERR_OK;
	size_t room = 2 * (sound->count + more);
	float *samples = realloc(sound->samples, room * sizeof *samples);
	if (!samples)
		return ERR_NOMEM;
	sound->samples = samples;
	sound->room = room;
	return ERR_OK;
}

enum err voice_pause(struct voice_sound *sound, unsigned ms)
{
	size_t count = (size_t) VOICE_RATE * ms / 1000;
	enum err error = voice_room(sound, count);
	if (error)
		return error;
	for (size_t i = 0; i < count; i++)
		sound->samples[sound->count++] = 0;
	return ERR_OK;
}

enum err voice_add(struct voice_sound *sound, const struct voice_sound *more)
{
	enum err error = more->count ? voice_room(sound, more->count) : ERR_OK;
	if (error || !more->count)
		return error;
	memcpy(sound->samples + sound->count, more->samples, more->count * sizeof *more->samples);
	sound->count += more->count;
	return ERR_OK;
}

uint32_t voice_ms(const struct voice_sound *sound)
{
	return (uint32_t) ((uint64_t) sound->count * 1000 / VOICE_RATE);
}

enum err voice_resample(const float *samples, size_t count, int rate, struct voice_sound *out)
{
	double ratio = (double) VOICE_RATE / rate;
	size_t most = (size_t) ((double) count * ratio) + 64;
	if (count == 0)
		return ERR_OK;
	enum err error = most > (size_t) VOICE_RATE * VOICE_SECONDS_MAX ? ERR_TOO_BIG : voice_room(out, most);
	if (error)
		return error;
	SRC_DATA data = {
		.data_in = samples,
		.data_out = out->samples + out->count,
		.input_frames = (long) count,
		.output_frames = (long) most,
		.src_ratio = ratio,
	};
	if (src_simple(&data, SRC_SINC_FASTEST, 1) != 0)
		return ERR_IO;
	out->count += (size_t) data.output_frames_gen;
	return ERR_OK;
}

size_t voice_edges(const float *samples, size_t count, size_t margin, size_t *first)
{
	static const float quiet = 0.004F; /* -48 dB */
	size_t begin = 0, end = count;
	while (begin < count && fabsf(samples[begin]) < quiet)
		begin++;
	while (end > begin && fabsf(samples[end - 1]) < quiet)
		end--;
	*first = begin > margin ? begin - margin : 0;
	if (begin == end)
		return 0;
	return (end + margin < count ? end + margin : count) - *first;
}

/* ---- the voice -------------------------------------------------------------------------------------------------------------- */

static int take_samples(short *samples, int count, espeak_EVENT *events)
{
	(void) events;
	struct voice *voice = the_voice;
	if (!samples || count <= 0 || voice->error)
		return voice->error != ERR_OK;
	voice->error = voice_room(&voice->said, (size_t) count);
	for (int i = 0; i < count && !voice->error; i++)
		voice->said.samples[voice->said.count++] = (float) samples[i] / 32768.0F;
	return voice->error != ERR_OK;
}

enum err voice_open(struct voice **out)
{
	if (the_voice)
		return ERR_CONFLICT;
	struct voice *voice = calloc(1, sizeof *voice);
	if (!voice)
		return ERR_NOMEM;
	voice->rate = espeak_Initialize(AUDIO_OUTPUT_SYNCHRONOUS, 0, NULL, espeakINITIALIZE_DONT_EXIT);
	if (voice->rate <= 0) {
		free(voice);
		return ERR_NOT_FOUND;
	}
	const char *path = NULL;
	snprintf(voice->version, sizeof voice->version, "espeak-ng %s at %d", espeak_Info(&path), VOICE_WORDS_A_MINUTE);
	espeak_SetSynthCallback(take_samples);
	the_voice = voice;
	*out = voice;
	return ERR_OK;
}

void voice_close(struct voice *voice)
{
	if (!voice)
		return;
	espeak_Terminate();
	voice_sound_fini(&voice->said);
	free(voice);
	the_voice = NULL;
}

const char *voice_version(const struct voice *voice)
{
	return voice->version;
}

/* By its file first ("cy"), so that no voice of a neighbouring language is taken for want of its own. */
bool voice_speaks(struct voice *voice, const char *language)
{
	if (language[0] != '\0' && strcmp(voice->language, language) == 0)
		return true;
	voice->language[0] = '\0';
	if (strlen(language) >= sizeof voice->language || language[0] == '\0')
		return false;
	espeak_VOICE wanted = {.languages = language};
	if (espeak_SetVoiceByName(language) != EE_OK)
		return false;
	const espeak_VOICE *got = espeak_GetCurrentVoice();
	/* "en" is asked for by its short name and found as "en-gb": the language is the first part. */
	const char *found = got && got->languages ? got->languages + 1 : "";
	if (strncmp(found, wanted.languages, strcspn(wanted.languages, "-")) != 0)
		return false;
	espeak_SetParameter(espeakRATE, VOICE_WORDS_A_MINUTE, 0);
	memcpy(voice->language, language, strlen(language) + 1);
	return true;
}

enum err voice_say(struct voice *voice, const char *language, const char *text, struct voice_sound *sound)
{
	enum { MARGIN = VOICE_RATE / 50 };
	if (!voice_speaks(voice, language))
		return ERR_NOT_FOUND;
	voice->said.count = 0;
	voice->error = ERR_OK;
	espeak_ERROR failed = espeak_Synth(text, strlen(text) + 1, 0, POS_CHARACTER, 0, espeakCHARS_UTF8, NULL, NULL);
	if (failed == EE_OK)
		failed = espeak_Synchronize();
	if (voice->error || failed != EE_OK)
		return voice->error ? voice->error : ERR_IO;
	size_t first = 0;
	size_t count = voice_edges(voice->said.samples, voice->said.count, MARGIN, &first);
	return voice_resample(voice->said.samples + first, count, voice->rate, sound);
}
