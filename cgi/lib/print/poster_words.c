/* SPDX-License-Identifier: MIT */
/* poster_words.c: what somebody typed, made ready to be set: directions (UAX #9) can confuse nobody, telephone numbers stay whole. */
#include "lib/print/poster_words.h"

#include "lib/base/strbuf.h"
#include "lib/base/utf8.h"

#include <ctype.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Right-to-left, left-to-right and first-strong isolates, and what ends each. */
enum { LRI = 0x2066, FSI = 0x2068, PDI = 0x2069, LRE = 0x202a, RLO = 0x202e, NEL = 0x85 };
enum { DEPTH_MAX = 60 /* pairs within pairs; UAX #9 stops at 125 */, NUMBER_MIN_DIGITS = 5 };

static const char lri[] = "\u2066", fsi[] = "\u2068", pdi[] = "\u2069";

/* Where in the copy the isolates begin that are not ended yet. */
struct open {
	size_t at[DEPTH_MAX];
	size_t count;
};

static void copy_point(struct strbuf *out, struct open *open, uint32_t point, const char *from, size_t length)
{
	if (point >= LRE && point <= RLO)
		return;
	if (point >= LRI && point <= FSI) {
		if (open->count == DEPTH_MAX)
			return;
		open->at[open->count++] = out->length;
	}
	if (point == PDI && open->count-- == 0) {
		open->count = 0;
		return;
	}
	if (point == '\t')
		strbuf_putc(out, ' ');
	else if (point == NEL)
		strbuf_putc(out, '\n');
	else
		strbuf_put(out, from, length);
}

/* How many bytes of TEXT are a telephone number: digits in groups with one space or hyphen between, + before them. 0: none. */
static size_t number_length(const char *text)
{
	size_t length = text[0] == '+' ? 1 : 0, digits = 0, end = 0;
	for (;; length++) {
		if (isdigit((unsigned char) text[length])) {
			digits++;
			end = length + 1;
		} else if (digits == 0 || (text[length] != ' ' && text[length] != '-') ||
			   !isdigit((unsigned char) text[length + 1]))
			break;
	}
	return digits >= NUMBER_MIN_DIGITS ? end : 0;
}

/* Takes back isolates that nobody ended, last first: each is three bytes. */
static void drop_open(struct strbuf *out, struct open *open)
{
	while (!strbuf_error(out) && open->count > 0) {
		size_t at = open->at[--open->count];
		memmove(out->data + at, out->data + at + strlen(lri), out->length - at - strlen(lri) + 1);
		out->length -= strlen(lri);
	}
}

char *poster_words(struct arena *arena, const char *text, bool is_rtl)
{
	CLEANUP_STRBUF struct strbuf out;
	struct open open = {.count = 0};
	strbuf_init(&out, 4 * strlen(text) + 1);
	for (const char *at = text; *at;) {
		size_t number = is_rtl ? number_length(at) : 0;
		if (number) {
			strbuf_puts(&out, lri);
			strbuf_put(&out, at, number);
			strbuf_puts(&out, pdi);
			at += number;
			continue;
		}
		const char *from = at;
		uint32_t point = utf8_next(&at);
		copy_point(&out, &open, point, from, (size_t) (at - from));
	}
	drop_open(&out, &open);
	if (strbuf_error(&out))
		return NULL;
	char *copy = arena_strdup(arena, strbuf_text(&out));
	if (copy)
		utf8_normalise_line_ends(copy);
	return copy;
}

char *poster_words_join(struct arena *arena, const char *const *parts)
{
	char *all = arena_strdup(arena, "");
	for (; all && *parts; parts++)
		if (**parts)
			all = arena_printf(arena, "%s%s%s%s%s", all, *all ? "\u00a0\u00b7 " : "", fsi, *parts, pdi);
	return all;
}
