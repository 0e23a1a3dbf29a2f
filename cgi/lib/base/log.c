/* SPDX-License-Identifier: MIT */
/* log.c: one key=value line for each event, on standard error, in one write(2).
 *
 * Must not hold a time, and must not let what was logged forge a second line or steer a terminal: every control
 * character (C0, DEL, and C1 in its UTF-8 form) and every byte that is not UTF-8 is printed as \xNN. */
#include "lib/base/log.h"

#include "lib/base/utf8.h"

#include <assert.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LOG_LINE_MAX_BYTES = 1000 };

/* All that lasts here: set once, before the first event. */
static const char *log_program = "soundings";
static bool log_is_hushed = false;

static const char *const log_level_names[LOG_LEVEL_COUNT] = {
	[LOG_LEVEL_ERROR] = "error",
	[LOG_LEVEL_WARN] = "warn",
	[LOG_LEVEL_INFO] = "info",
	[LOG_LEVEL_DEBUG] = "debug",
};

void log_init(const char *program)
{
	log_program = program;
}

void log_hush(void)
{
	log_is_hushed = true;
}

/* Bytes of the character at TEXT that may be printed as they are; 0 when its first byte has to be escaped. */
static size_t log_plain(const char *text, size_t rest)
{
	unsigned char first = (unsigned char) text[0];
	if (first < 0x80)
		return first >= 0x20 && first != 0x7F;
	size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
	if (length > rest || !utf8_is_valid(text, length))
		return 0;
	if (first == 0xC2 && (unsigned char) text[1] < 0xA0)
		return 0;
	return length;
}

/* Appends TEXT to LINE, escaped, and never past LOG_LINE_MAX_BYTES - 1, where the line end goes. */
static size_t log_append(char line[LOG_LINE_MAX_BYTES], size_t used, const char *text)
{
	static const char digits[] = "0123456789abcdef";
	size_t length = strlen(text);
	for (size_t at = 0; at < length;) {
		size_t step = log_plain(text + at, length - at);
		size_t need = step > 0 ? step : sizeof "\\xNN" - 1;
		if (used + need > LOG_LINE_MAX_BYTES - 1)
			break;
		if (step > 0) {
			memcpy(line + used, text + at, step);
		} else {
			unsigned char byte = (unsigned char) text[at];
			line[used] = '\\';
			line[used + 1] = 'x';
			line[used + 2] = digits[byte >> 4];
			line[used + 3] = digits[byte & 15];
		}
		used += need;
		at += step > 0 ? step : 1;
	}
	return used;
}

void log_event(enum log_level level, const char *event, const char *format, ...)
{
	assert((unsigned) level < LOG_LEVEL_COUNT);
	if ((level == LOG_LEVEL_DEBUG || log_is_hushed) && getenv("SOUNDINGS_DEBUG") == NULL)
		return;
	char rest[LOG_LINE_MAX_BYTES] = "";
	va_list args;
	va_start(args, format);
	if (vsnprintf(rest, sizeof rest, format, args) < 0)
		rest[0] = '\0';
	va_end(args);

	const char *const parts[] = {"level=", log_level_names[level],     " program=", log_program, " event=",
				     event,    rest[0] != '\0' ? " " : "", rest};
	char line[LOG_LINE_MAX_BYTES];
	size_t used = 0;
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
		used = log_append(line, used, parts[i]);
	line[used++] = '\n';
	/* A log that cannot be written has nobody left to tell. */
	ssize_t written = write(STDERR_FILENO, line, used);
	(void) written;
}
