/* SPDX-License-Identifier: MIT */
/* pin.c: what is refused as a PIN, by rules: fewer than three different digits, one that goes up or down by the same step (012345, 246802, 987654),
 * and a short piece again and again (123123). A machine that stands in a hall is tried by whoever waits for their turn. */
#include "lib/account/pin.h"

#include <stdbool.h>
#include <string.h>

static unsigned different(const char *text)
{
	bool is_seen[10] = {false};
	unsigned count = 0;
	for (; *text; text++) {
		count += !is_seen[*text - '0'];
		is_seen[*text - '0'] = true;
	}
	return count;
}

/* From each digit to the next the same way round: 9 is followed by 0. */
static bool is_run(const char *text, size_t length)
{
	int step = (text[1] - text[0] + 10) % 10;
	for (size_t i = 2; i < length; i++)
		if ((text[i] - text[i - 1] + 10) % 10 != step)
			return false;
	return true;
}

/* A piece of up to three digits, again and again, the last time perhaps cut. */
static bool is_repeated(const char *text, size_t length)
{
	for (size_t piece = 1; piece <= 3; piece++) {
		size_t i = piece;
		while (i < length && text[i] == text[i - piece])
			i++;
		if (i == length)
			return true;
	}
	return false;
}

enum pin_flaw pin_flaw(const char *text)
{
	size_t length = strspn(text, "0123456789");
	if (length == 0 || text[length] != '\0')
		return PIN_NO_DIGITS;
	if (length < PIN_DIGITS_MIN)
		return PIN_SHORT;
	if (length > PIN_DIGITS_MAX)
		return PIN_LONG;
	return different(text) < 3 || is_run(text, length) || is_repeated(text, length) ? PIN_COMMON : PIN_FINE;
}
