/* SPDX-License-Identifier: MIT */
/* utf8.c: strict UTF-8 (RFC 3629). Validity is asked once, at the door; the rest relies on it. */
#include "lib/base/utf8.h"

#include <string.h>

/* Length of the well-formed character that begins at TEXT, of which REST bytes are there; 0 when it is not one.
 * The second byte's range depends on the first: that is what keeps out overlong forms, surrogates and what lies past
 * U+10FFFF (RFC 3629, section 4). */
static size_t utf8_sequence(const unsigned char *text, size_t rest)
{
	unsigned first = text[0];
	if (first < 0x80)
		return first != 0;
	unsigned low = 0x80, high = 0xBF;
	size_t length;
	if (first >= 0xC2 && first <= 0xDF)
		length = 2;
	else if (first >= 0xE0 && first <= 0xEF)
		length = 3;
	else if (first >= 0xF0 && first <= 0xF4)
		length = 4;
	else
		return 0;
	if (first == 0xE0)
		low = 0xA0;
	else if (first == 0xED)
		high = 0x9F;
	else if (first == 0xF0)
		low = 0x90;
	else if (first == 0xF4)
		high = 0x8F;
	if (rest < length || text[1] < low || text[1] > high)
		return 0;
	for (size_t i = 2; i < length; i++)
		if ((text[i] & 0xC0) != 0x80)
			return 0;
	return length;
}

bool utf8_is_valid(const char *text, size_t length)
{
	for (size_t at = 0; at < length;) {
		size_t step = utf8_sequence((const unsigned char *) text + at, length - at);
		if (step == 0)
			return false;
		at += step;
	}
	return true;
}

uint32_t utf8_next(const char **at)
{
	const unsigned char *text = (const unsigned char *) *at;
	uint32_t point = text[0];
	size_t length = 1;
	if (point == 0)
		return 0;
	if (point >= 0xF0) {
		point &= 0x07;
		length = 4;
	} else if (point >= 0xE0) {
		point &= 0x0F;
		length = 3;
	} else if (point >= 0xC0) {
		point &= 0x1F;
		length = 2;
	}
	/* A NUL in the middle cannot be in well-formed text; stopping there keeps a mistake from reading past the end.
	 */
	size_t i = 1;
	for (; i < length && text[i] != 0; i++)
		point = point << 6 | (text[i] & 0x3FU);
	*at += i;
	return point;
}

size_t utf8_utf16_length(const char *text)
{
	size_t units = 0;
	for (uint32_t point; (point = utf8_next(&text)) != 0;)
		units += point > 0xFFFF ? 2 : 1;
	return units;
}

/* PropList.txt. */
bool utf8_is_space(uint32_t point)
{
	return (point >= 0x09 && point <= 0x0D) || point == 0x20 || point == 0x85 || point == 0xA0 || point == 0x1680 ||
	       (point >= 0x2000 && point <= 0x200A) || point == 0x2028 || point == 0x2029 || point == 0x202F ||
	       point == 0x205F || point == 0x3000;
}

bool utf8_is_blank(const char *text)
{
	for (uint32_t point; (point = utf8_next(&text)) != 0;)
		if (!utf8_is_space(point))
			return false;
	return true;
}

void utf8_normalise_line_ends(char *text)
{
	char *to = text;
	for (const char *from = text; *from != '\0'; from++) {
		if (*from != '\r') {
			*to++ = *from;
			continue;
		}
		*to++ = '\n';
		if (from[1] == '\n')
			from++;
	}
	*to = '\0';
}
