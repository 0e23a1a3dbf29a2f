/* SPDX-License-Identifier: MIT */
/* language.c: Accept-Language against what an event offers. Pure. */
#include "language.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* q as thousandths: "0.8" is 800; 1000 where there is none; 0 for nonsense, which means "not wanted". */
static unsigned quality(const char *parameters, size_t length)
{
	for (size_t i = 0; i + 1 < length; i++) {
		if (tolower((unsigned char) parameters[i]) != 'q' || parameters[i + 1] != '=')
			continue;
		const char *text = parameters + i + 2;
		unsigned value = text[0] == '1' ? 1000 : 0;
		if (text[0] == '0' && text[1] == '.') {
			unsigned unit = 100;
			for (text += 2; isdigit((unsigned char) *text) && unit; text++, unit /= 10)
				value += unit * (unsigned) (*text - '0');
		}
		return value;
	}
	return 1000;
}

/* True when the range "cy-GB" asks for the offered tag "cy": the primary subtag decides. */
static bool is_wanted(const char *range, size_t length, const char *tag)
{
	if (strstr(tag, "-x-"))
		return false;
	size_t primary = strcspn(tag, "-");
	size_t asked = 0;
	while (asked < length && range[asked] != '-')
		asked++;
	return asked == primary && strncasecmp(range, tag, primary) == 0;
}

size_t language_choose(const char *accept, const char *const *offered, size_t count, size_t fallback)
{
	size_t best = fallback;
	unsigned best_quality = 0;
	while (*accept) {
		accept += strspn(accept, ", \t");
		size_t item = strcspn(accept, ",");
		size_t range = 0;
		while (range < item && accept[range] != ';' && accept[range] != ' ')
			range++;
		unsigned wanted = quality(accept + range, item - range);
		for (size_t i = 0; i < count && wanted > best_quality; i++) {
			if (!is_wanted(accept, range, offered[i]))
				continue;
			best = i;
			best_quality = wanted;
		}
		accept += item;
	}
	return best;
}
