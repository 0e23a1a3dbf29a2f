/* SPDX-License-Identifier: MIT */
/* station.c: settings and state of a kiosk as text, whole or not at all. A file that is not as we write it is not half believed. */
#include "lib/station/station.h"

#include "lib/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STATION_FILE_MAX = 1024, STATION_PATH_MAX = 256, STATION_ARENA_BYTES = 64 * 1024 };

enum station_key { KEY_EVENT, KEY_SOUND, KEY_SOUND_LEVEL, KEY_BRIGHTNESS, KEY_ENDED, KEY_ALIVE, KEY_COUNT };

static const struct {
	const char *name;
	uint64_t low, high;
} station_keys[KEY_COUNT] = {
	[KEY_EVENT] = {"event", 0, 0},
	[KEY_SOUND] = {"sound", 0, 0},
	[KEY_SOUND_LEVEL] = {"sound_level", STATION_SOUND_MIN, 100},
	[KEY_BRIGHTNESS] = {"brightness", STATION_BRIGHTNESS_MIN, 100},
	[KEY_ENDED] = {"ended", 0, INT64_MAX},
	[KEY_ALIVE] = {"alive_s", 0, INT64_MAX},
};

void station_init(struct station *station)
{
	*station = (struct station){.sound_level = STATION_SOUND, .brightness = STATION_BRIGHTNESS};
}

/* ---- reading --------------------------------------------------------------------------------------------------------- */

static bool read_code(const char *value, char out[STATION_CODE_SIGNS + 1])
{
	static const char signs[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	size_t length = strspn(value, signs);
	if (length != STATION_CODE_SIGNS || value[length] != '\0')
		return false;
	memcpy(out, value, length + 1);
	return true;
}

static bool read_number(const char *value, enum station_key key, uint64_t *out)
{
	size_t digits = strspn(value, "0123456789");
	if (digits == 0 || digits > 19 || value[digits] != '\0')
		return false;
	errno = 0;
	unsigned long long number = strtoull(value, NULL, 10);
	*out = number;
	return errno == 0 && number >= station_keys[key].low && number <= station_keys[key].high;
}

static bool set_value(struct station_state *state, enum station_key key, const char *value)
{
	uint64_t number = 0;
	if (key == KEY_EVENT)
		return read_code(value, state->set.event);
	if (key == KEY_SOUND) {
		state->set.is_silent = strcmp(value, "off") == 0;
		return state->set.is_silent || strcmp(value, "on") == 0;
	}
	if (!read_number(value, key, &number))
		return false;
	if (key == KEY_SOUND_LEVEL)
		state->set.sound_level = (unsigned) number;
	else if (key == KEY_BRIGHTNESS)
		state->set.brightness = (unsigned) number;
	else if (key == KEY_ENDED)
		state->ended = number;
	else
		state->alive_s = (int64_t) number;
	return true;
}

/* "key = value", each key of the first COUNT once at most. */
static bool read_line(struct station_state *state, char *line, enum station_key count, unsigned *seen)
{
	char *equals = strstr(line, " = ");
	if (!equals)
		return false;
	*equals = '\0';
	for (enum station_key key = 0; key < count; key++) {
		if (strcmp(line, station_keys[key].name) != 0)
			continue;
		bool is_again = *seen & 1u << key;
		*seen |= 1u << key;
		return !is_again && set_value(state, key, equals + 3);
	}
	return false;
}

static enum err read_keys(const char *path, enum station_key count, struct station_state *out)
{
	CLEANUP_ARENA struct arena arena;
	arena_init(&arena, STATION_ARENA_BYTES);
	char *text = NULL;
	size_t length = 0;
	*out = (struct station_state){.ended = 0};
	station_init(&out->set);
	enum err error = file_read(AT_FDCWD, path, STATION_FILE_MAX, &arena, &text, &length);
	if (error)
		return error == ERR_TOO_BIG ? ERR_CORRUPT : error;
	struct station_state found = *out;
	unsigned seen = 0;
	bool is_good = strlen(text) == length;
	for (char *line = text; is_good && *line;) {
		char *end = strchr(line, '\n');
		is_good = end != NULL;
		if (!is_good)
			break;
		*end = '\0';
		is_good = read_line(&found, line, count, &seen);
		line = end + 1;
	}
	/* All but the event are always there. */
	if (!is_good || (seen | 1u << KEY_EVENT) != (1u << count) - 1)
		return ERR_CORRUPT;
	*out = found;
	return ERR_OK;
}

enum err station_read(const char *path, struct station *out)
{
	struct station_state state;
	enum err error = read_keys(path, KEY_ENDED, &state);
	*out = state.set;
	return error;
}

enum err station_state_read(const char *path, struct station_state *out)
{
	return read_keys(path, KEY_COUNT, out);
}

/* ---- writing --------------------------------------------------------------------------------------------------------- */

struct station_text {
	char bytes[STATION_FILE_MAX];
	size_t length;
};

static void write_text(const struct station_state *state, bool is_state, struct station_text *text)
{
	int length = snprintf(text->bytes, sizeof text->bytes, "%s%s%ssound = %s\nsound_level = %u\nbrightness = %u\n",
			      state->set.event[0] ? "event = " : "", state->set.event, state->set.event[0] ? "\n" : "",
			      state->set.is_silent ? "off" : "on", state->set.sound_level, state->set.brightness);
	if (is_state)
		length += snprintf(text->bytes + length, sizeof text->bytes - (size_t) length,
				   "ended = %llu\nalive_s = %lld\n", (unsigned long long) state->ended,
				   (long long) state->alive_s);
	text->length = (size_t) length; /* some 150 bytes at most */
}

enum err station_write(const char *path, const struct station *station)
{
	struct station_text text;
	const struct station_state state = {.set = *station};
	write_text(&state, false, &text);
	return file_write(AT_FDCWD, path, text.bytes, text.length, 0600);
}

/* Not file_write: a heartbeat each quarter of a minute would wear a card out, and after a power cut all of it is void. */
enum err station_state_write(const char *path, const struct station_state *state)
{
	struct station_text text;
	char beside[STATION_PATH_MAX];
	write_text(state, true, &text);
	int length = snprintf(beside, sizeof beside, "%s.new", path);
	if (length < 0 || (size_t) length >= sizeof beside)
		return ERR_TOO_BIG;
	CLEANUP_FD int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0640);
	if (fd < 0)
		return file_err(errno);
	enum err error = fchmod(fd, 0640) == 0 ? ERR_OK : file_err(errno); /* whatever the umask */
	if (!error)
		error = file_write_all(fd, text.bytes, text.length);
	if (!error && rename(beside, path) != 0)
		error = file_err(errno);
	if (error)
		unlink(beside);
	return error;
}
