/* SPDX-License-Identifier: MIT */
/* voice_test.c: words become sound, recordings are brought to one rate and loudness, and both formats can be read again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/voice/voice.h"

#include <fcntl.h>
#include <math.h>
#include <sndfile.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct voice *voice;
static char folder[] = "/tmp/soundings-voice-XXXXXX";

static int set_up(void **state)
{
	(void) state;
	return voice_open(&voice) != ERR_OK || mkdtemp(folder) == NULL;
}

static int tear_down(void **state)
{
	(void) state;
	voice_close(voice);
	return rmdir(folder);
}

static double loudness(const struct voice_sound *sound)
{
	double sum = 0;
	for (size_t i = 0; i < sound->count; i++)
		sum += (double) sound->samples[i] * (double) sound->samples[i];
	return sound->count ? sqrt(sum / (double) sound->count) : 0;
}

static void test_speaks(void **state)
{
	(void) state;
	static const struct {
		const char *language;
		bool is_spoken;
	} rows[] = {
		{"en", true}, {"cy", true},  {"ar", true}, {"pl", true},  {"ro", true},
		{"ur", true}, {"so", false}, {"", false},  {"xx", false}, {"../../etc/passwd", false},
		{"en", true},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		print_message("%s\n", rows[i].language);
		assert_int_equal(voice_speaks(voice, rows[i].language), rows[i].is_spoken);
	}
	struct voice *second = NULL;
	assert_int_equal(voice_open(&second), ERR_CONFLICT);
}

static void test_say(void **state)
{
	(void) state;
	CLEANUP_SOUND struct voice_sound brief = {0};
	CLEANUP_SOUND struct voice_sound longer = {0};
	CLEANUP_SOUND struct voice_sound none = {0};
	assert_int_equal(voice_say(voice, "en", "Good", &brief), ERR_OK);
	assert_int_equal(voice_say(voice, "en", "How was today’s event, and how did you hear of it?", &longer), ERR_OK);
	assert_true(voice_ms(&brief) > 150 && voice_ms(&brief) < 1200);
	assert_true(voice_ms(&longer) > 2 * voice_ms(&brief));
	assert_true(loudness(&brief) > 0.02 && loudness(&brief) < 0.4);
	assert_int_equal(voice_say(voice, "so", "Sidee", &none), ERR_NOT_FOUND);
	assert_int_equal(none.count, 0);
	/* The same words sound the same. */
	CLEANUP_SOUND struct voice_sound again = {0};
	assert_int_equal(voice_say(voice, "cy", "Da iawn", &none), ERR_OK);
	assert_int_equal(voice_say(voice, "en", "Good", &again), ERR_OK);
	assert_true(labs((long) voice_ms(&again) - (long) voice_ms(&brief)) < 60);
}

static void test_together(void **state)
{
	(void) state;
	CLEANUP_SOUND struct voice_sound one = {0};
	CLEANUP_SOUND struct voice_sound all = {0};
	assert_int_equal(voice_say(voice, "en", "Yes", &one), ERR_OK);
	assert_int_equal(voice_add(&all, &one), ERR_OK);
	assert_int_equal(voice_pause(&all, VOICE_PAUSE_MS), ERR_OK);
	assert_int_equal(voice_add(&all, &one), ERR_OK);
	assert_int_equal(all.count, 2 * one.count + (size_t) VOICE_RATE * VOICE_PAUSE_MS / 1000);
	assert_int_equal(voice_pause(&all, VOICE_SECONDS_MAX * 1000U), ERR_TOO_BIG);
	assert_int_equal(all.count, 2 * one.count + (size_t) VOICE_RATE * VOICE_PAUSE_MS / 1000);
}

/* ---- recordings ------------------------------------------------------------------------------------------------------------- */

/* A tone of 2 s with a second of silence on both sides. */
static const char *record(const char *name, int format, int rate, int channels, float loud)
{
	static char path[256];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	SF_INFO info = {.samplerate = rate, .channels = channels, .format = format | SF_FORMAT_PCM_16};
	SNDFILE *file = sf_open(path, SFM_WRITE, &info);
	assert_non_null(file);
	for (int i = 0; i < 4 * rate; i++) {
		float frame[2], value = i < rate || i >= 3 * rate ? 0 : loud * (float) sin(i * 2764.6 / rate);
		frame[0] = frame[1] = value;
		sf_writef_float(file, frame, 1);
	}
	sf_close(file);
	return path;
}

static void test_recordings(void **state)
{
	(void) state;
	static const struct {
		const char *name;
		int format, rate, channels;
		float loud;
	} rows[] = {
		{"quiet.wav", SF_FORMAT_WAV, 8000, 1, 0.05F},
		{"loud.wav", SF_FORMAT_WAV, 44100, 2, 0.99F},
		{"studio.flac", SF_FORMAT_FLAC, 96000, 2, 0.3F},
		{"same.wav", SF_FORMAT_WAV, VOICE_RATE, 1, 0.3F},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		print_message("%s\n", rows[i].name);
		CLEANUP_SOUND struct voice_sound sound = {0};
		const char *path = record(rows[i].name, rows[i].format, rows[i].rate, rows[i].channels, rows[i].loud);
		assert_int_equal(voice_read(path, &sound), ERR_OK);
		assert_true(voice_ms(&sound) > 1950 && voice_ms(&sound) < 2200); /* without the silence around it */
		assert_true(loudness(&sound) > 0.06 && loudness(&sound) < 0.13);
		assert_int_equal(unlink(path), 0);
	}
}

static void test_no_recordings(void **state)
{
	(void) state;
	CLEANUP_SOUND struct voice_sound sound = {0};
	char path[256];
	const char *silent = record("silent.wav", SF_FORMAT_WAV, 16000, 1, 0);
	assert_int_equal(voice_read(silent, &sound), ERR_INVALID);
	assert_int_equal(unlink(silent), 0);
	snprintf(path, sizeof path, "%s/text.wav", folder);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs("this is no sound", file);
	fclose(file);
	assert_int_equal(voice_read(path, &sound), ERR_INVALID);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(voice_read(path, &sound), ERR_NOT_FOUND);
	assert_int_equal(voice_read(folder, &sound), ERR_DENIED);
	assert_int_equal(symlink("/etc/hostname", path), 0);
	assert_int_not_equal(voice_read(path, &sound), ERR_OK);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(sound.count, 0);
}

/* A file of floats with one sample that is no number. */
static void test_not_finite(void **state)
{
	(void) state;
	static const float rows[] = {NAN, -NAN, INFINITY, -INFINITY};
	char path[256];
	snprintf(path, sizeof path, "%s/float.wav", folder);
	for (size_t i = 0; i <= sizeof rows / sizeof rows[0]; i++) {
		bool is_bad = i < sizeof rows / sizeof rows[0];
		CLEANUP_SOUND struct voice_sound sound = {0};
		SF_INFO info = {.samplerate = 16000, .channels = 2, .format = SF_FORMAT_WAV | SF_FORMAT_FLOAT};
		SNDFILE *file = sf_open(path, SFM_WRITE, &info);
		assert_non_null(file);
		for (int j = 0; j < 16000; j++) {
			const float frame[2] = {0.3F * (float) sin(j * 0.17), is_bad && j == 9001 ? rows[i] : 0.1F};
			assert_int_equal(sf_writef_float(file, frame, 1), 1);
		}
		sf_close(file);
		assert_int_equal(voice_read(path, &sound), is_bad ? ERR_INVALID : ERR_OK);
		assert_int_equal(sound.count == 0, is_bad);
	}
	assert_int_equal(unlink(path), 0);
}

/* ---- files ------------------------------------------------------------------------------------------------------------------ */

static void test_formats(void **state)
{
	(void) state;
	CLEANUP_SOUND struct voice_sound sound = {0};
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, 1 << 24);
	assert_int_equal(voice_say(voice, "en", "How was today’s event?", &sound), ERR_OK);
	static const struct {
		enum voice_format format;
		const char *begins;
		int is;
	} rows[] = {{VOICE_OPUS, "OggS", SF_FORMAT_OGG | SF_FORMAT_OPUS},
		    {VOICE_MP3, "", SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III}};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		void *bytes = NULL;
		size_t length = 0;
		assert_int_equal(voice_encode(&sound, rows[i].format, &arena, &bytes, &length), ERR_OK);
		assert_memory_equal(bytes, rows[i].begins, strlen(rows[i].begins));
		assert_true(length < 5 * (size_t) voice_ms(&sound)); /* 40 kbit/s at most */
		char path[256];
		snprintf(path, sizeof path, "%s/out", folder);
		FILE *file = fopen(path, "w");
		assert_non_null(file);
		assert_int_equal(fwrite(bytes, 1, length, file), length);
		fclose(file);
		SF_INFO info = {0};
		SNDFILE *read = sf_open(path, SFM_READ, &info);
		assert_non_null(read);
		assert_int_equal(info.format & (SF_FORMAT_TYPEMASK | SF_FORMAT_SUBMASK), rows[i].is);
		double seconds = (double) info.frames / info.samplerate, wanted = voice_ms(&sound) / 1000.0;
		assert_true(seconds > wanted - 0.1 && seconds < wanted + 0.2);
		sf_close(read);
		assert_int_equal(unlink(path), 0);
		CLEANUP_ARENA struct arena small;
		arena_init(&small, 512);
		assert_int_equal(voice_encode(&sound, rows[i].format, &small, &bytes, &length), ERR_NOMEM);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_speaks),        cmocka_unit_test(test_say),
		cmocka_unit_test(test_together),      cmocka_unit_test(test_recordings),
		cmocka_unit_test(test_no_recordings), cmocka_unit_test(test_not_finite),
		cmocka_unit_test(test_formats),
	};
	return cmocka_run_group_tests_name("voice", tests, set_up, tear_down);
}
