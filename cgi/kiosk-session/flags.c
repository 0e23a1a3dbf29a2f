/* SPDX-License-Identifier: MIT */
/* flags.c: kiosk-config/chromium/flags, read.
 *
 * Must not let through what takes away the browser's own walls: a line that somebody added while looking for a fault, and forgot,
 * would leave a hall with an open browser. Nothing else is known here of what a flag means. */
#include "kiosk-session/flags.h"

#include <stdbool.h>
#include <string.h>

/* Each also with "=" and a value. The first goes for all that begin so. */
static const char *const denied_beginnings[] = {"--remote-debugging",
						"--no-sandbox",
						"--disable-setuid-sandbox",
						"--disable-namespace-sandbox",
						"--disable-seccomp-filter-sandbox",
						"--disable-gpu-sandbox",
						"--single-process",
						"--no-zygote-sandbox",
						"--disable-web-security",
						"--load-extension",
						"--user-data-dir",
						"--allow-file-access",
						"--ignore-certificate-errors",
						"--enable-logging",
						"--disable-site-isolation",
						"--auto-open-devtools"};

static bool is_denied(const char *flag)
{
	for (size_t i = 0; i < sizeof denied_beginnings / sizeof *denied_beginnings; i++)
		if (strncmp(flag, denied_beginnings[i], strlen(denied_beginnings[i])) == 0)
			return true;
	return false;
}

static bool is_flag(const char *flag)
{
	if (strncmp(flag, "--", 2) != 0 || flag[2] < 'a' || flag[2] > 'z')
		return false;
	for (const char *at = flag; *at; at++)
		if ((unsigned char) *at < ' ' || (unsigned char) *at > '~')
			return false;
	return flag[strlen(flag) - 1] != ' '; /* one inside belongs to it: no shell reads this */
}

enum err flags_parse(const char *text, size_t length, struct arena *arena, struct flags *flags, size_t *line)
{
	*flags = (struct flags){.count = 0};
	*line = 0;
	for (size_t at = 0; at < length;) {
		const char *end = memchr(text + at, '\n', length - at);
		size_t line_length = end ? (size_t) (end - (text + at)) : length - at;
		const char *flag = arena_strndup(arena, text + at, line_length);
		++*line;
		at += line_length + 1;
		if (!flag)
			return ERR_NOMEM;
		if (!*flag || *flag == '#')
			continue;
		if (!is_flag(flag))
			return ERR_INVALID;
		if (is_denied(flag))
			return ERR_DENIED;
		if (flags->count == FLAGS_MAX)
			return ERR_TOO_BIG;
		flags->list[flags->count++] = flag;
	}
	return ERR_OK;
}
