/* SPDX-License-Identifier: MIT */
/* texts.c: what organisers may write into the office, and lists of names as one text, as SQL takes and gives them. */
#include "lib/office/query.h"

#include "lib/base/strbuf.h"
#include "lib/base/utf8.h"

#include <string.h>

enum { TEXTS_NAMES_MAX = 64 * 1024 };

/* C0, DEL and C1: none belongs in a line of words, and some would be acted on by what shows them. */
static bool texts_is_control(uint32_t point)
{
	return point < 0x20 || (point >= 0x7f && point <= 0x9f);
}

bool office_text_fits(const char *text, size_t max, bool may_be_empty, bool may_break)
{
	if (text == NULL || !utf8_is_valid(text, strlen(text)))
		return false;
	size_t count = 0;
	uint32_t point;
	for (const char *at = text; (point = utf8_next(&at)) != 0; count++) {
		if (texts_is_control(point) && !(may_break && (point == '\n' || point == '\t')))
			return false;
	}
	return count <= max && (may_be_empty || !utf8_is_blank(text));
}

char *office_join_names(const char *const *names, size_t count, struct arena *arena)
{
	CLEANUP_STRBUF struct strbuf joined;
	strbuf_init(&joined, TEXTS_NAMES_MAX);
	strbuf_putc(&joined, '\n');
	for (size_t i = 0; i < count; i++) {
		strbuf_puts(&joined, names[i]);
		strbuf_putc(&joined, '\n');
	}
	return strbuf_error(&joined) == ERR_OK ? arena_strdup(arena, strbuf_text(&joined)) : NULL;
}

enum err office_split_names(const char *joined, struct arena *arena, const char ***out, size_t *count)
{
	size_t room = 1;
	for (const char *at = joined; at != NULL && *at != '\0'; at++)
		room += *at == '\n';
	*count = 0;
	*out = arena_array(arena, room, const char *);
	if (*out == NULL)
		return ERR_NOMEM;
	while (joined != NULL && *joined != '\0') {
		size_t length = strcspn(joined, "\n");
		const char *name = arena_strndup(arena, joined, length);
		if (name == NULL)
			return ERR_NOMEM;
		(*out)[(*count)++] = name;
		joined += length + (joined[length] == '\n');
	}
	return ERR_OK;
}
