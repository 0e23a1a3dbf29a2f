/* SPDX-License-Identifier: MIT */
/* command.c: advice that leaves out --instance sends people to another instance, or to none. */
#include "command.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { WORDS_MAX = 8192 };

/* Lasts as long as the program: set once, before the first word of advice. */
static char words[WORDS_MAX] = "soundings";

static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+=:,.@%/";

/* TEXT in single quotes, each of its own as '\''. False when there is no room. */
static bool quote(const char *text, char *out, size_t room)
{
	size_t used = 0;
	if (room < 3)
		return false;
	out[used++] = '\'';
	for (; *text; text++) {
		bool is_quote = *text == '\'';
		if (used + (is_quote ? 4 : 1) + 2 > room)
			return false;
		memcpy(out + used, is_quote ? "'\\''" : text, is_quote ? 4 : 1);
		used += is_quote ? 4 : 1;
	}
	out[used++] = '\'';
	out[used] = '\0';
	return true;
}

void command_on(const char *dir)
{
	char quoted[WORDS_MAX - 32];
	bool is_plain = *dir && dir[strspn(dir, plain)] == '\0';
	if (strcmp(dir, COMMAND_INSTANCE) == 0)
		snprintf(words, sizeof words, "soundings");
	else if (is_plain && strlen(dir) < sizeof quoted)
		snprintf(words, sizeof words, "soundings --instance %s", dir);
	else
		snprintf(words, sizeof words, "soundings --instance %s",
			 !is_plain && quote(dir, quoted, sizeof quoted) ? quoted : "DIR");
}

const char *command(void)
{
	return words;
}
