/* SPDX-License-Identifier: MIT */
/* words_fill.c: a page string, or a text of a form, with its holes filled: the one place where that is done without escaping.
 *
 * In strings that run from right to left, values with Latin letters or several groups of digits stand in isolates (Unicode
 * Standard Annex #9, 2.4.3). Pure; it must not escape: that is for whoever prints (view.h). */
#include "lib/form/words_parts.h"

#include "lib/base/strbuf.h"

#include <string.h>

enum { WORDS_FILLED_MAX = 256 * 1024 };

const char *words_next_hole(const char *at, size_t *length)
{
	for (at = strchr(at, '{'); at != NULL; at = strchr(at + 1, '{')) {
		*length = strspn(at + 1, "abcdefghijklmnopqrstuvwxyz_");
		if (*length > 0 && at[1 + *length] == '}')
			return at;
	}
	return NULL;
}

const char *words_text(const struct words *words, enum word key)
{
	size_t number = (size_t) key;
	if (number < WORD_COUNT)
		return words->of[number];
	return number - WORD_COUNT < words->more_count ? words->more[number - WORD_COUNT] : NULL;
}

bool words_isolates(const struct words *words, const char *value)
{
	if (!words->is_rtl || value == NULL || value[strspn(value, "0123456789")] == '\0')
		return false;
	for (const char *at = value; *at != '\0'; at++) {
		bool is_letter = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z');
		if (is_letter || (*at >= '0' && *at <= '9'))
			return true;
	}
	return false;
}

/* The fill for the hole called by the LENGTH bytes at NAME; NULL when there is none. */
static const struct words_fill *find_fill(const struct words_fill *fills, size_t count, const char *name, size_t length)
{
	for (size_t i = 0; i < count; i++) {
		if (strlen(fills[i].name) == length && strncmp(fills[i].name, name, length) == 0)
			return &fills[i];
	}
	return NULL;
}

const char *words_fill_text(const struct words *words, const char *text, const struct words_fill *fills, size_t count,
			    struct arena *arena)
{
	CLEANUP_STRBUF struct strbuf filled;
	strbuf_init(&filled, WORDS_FILLED_MAX);
	const char *at = text;
	size_t length = 0;
	for (const char *hole = words_next_hole(at, &length); hole != NULL; hole = words_next_hole(at, &length)) {
		const struct words_fill *fill = find_fill(fills, count, hole + 1, length);
		const char *value = fill != NULL && fill->value != NULL ? fill->value : "";
		bool is_isolated = words_isolates(words, value);
		strbuf_put(&filled, at, (size_t) (hole - at));
		if (fill != NULL)
			strbuf_putf(&filled, "%s%s%s", is_isolated ? WORDS_ISOLATE : "", value,
				    is_isolated ? WORDS_ISOLATE_END : "");
		else
			strbuf_put(&filled, hole, length + 2);
		at = hole + length + 2;
	}
	if (at == text)
		return text;
	strbuf_puts(&filled, at);
	return strbuf_error(&filled) == ERR_OK ? arena_strdup(arena, strbuf_text(&filled)) : NULL;
}

const char *words_fill(const struct words *words, enum word key, const struct words_fill *fills, size_t count,
		       struct arena *arena)
{
	const char *text = words_text(words, key);
	return text == NULL ? NULL : words_fill_text(words, text, fills, count, arena);
}
