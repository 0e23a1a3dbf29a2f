/* SPDX-License-Identifier: MIT */
/* unfinished.c: which forms of an event are not finished, as far as its own languages go.
 *
 * A draft may be better than nothing for somebody who reads no English, and the page says that it is one; but an organiser
 * should have thought about it, and the next one should find out why. A practice event is there to try things. */
#include "lib/office/unfinished.h"

#include "lib/base/utf8.h"

#include <string.h>

/* True when an event with LANGUAGE shows what stands under TAG: the language itself, or its wording for Wales. */
static bool is_shown_in(const char *language, const char *tag, size_t length)
{
	static const char wales[] = "-x-wales";
	size_t own = strlen(language);
	return strncmp(language, tag, own) == 0 &&
	       (length == own || (length == own + sizeof(wales) - 1 && strncmp(tag + own, wales, length - own) == 0));
}

bool office_unfinished_concerns(const char *what, const struct catalogue_event *event)
{
	for (const char *at = what; *at != '\0';) {
		size_t length = strcspn(at, ",");
		const char *blank = memchr(at, ' ', length);
		if (blank == NULL)
			return true; /* about no one language */
		const char *tag = blank + 1;
		for (size_t i = 0; i < event->languages_count; i++) {
			if (is_shown_in(event->languages[i], tag, length - (size_t) (tag - at)))
				return true;
		}
		at += length;
		at += strspn(at, ", ");
	}
	return false;
}

enum err office_event_unfinished(struct office *office, const struct catalogue_event *event, struct arena *arena,
				 struct office_unfinished **out, size_t *count)
{
	*count = 0;
	*out = arena_array(arena, event->forms_count + 1, struct office_unfinished);
	if (*out == NULL)
		return ERR_NOMEM;
	for (size_t i = 0; i < event->forms_count && !event->is_practice; i++) {
		const char *form = event->forms[i].form;
		uint32_t version = 0;
		char *document = NULL;
		size_t length = 0;
		struct office_form_notes notes = {0};
		enum err error =
			office_form_get(office, form, event->forms[i].version, arena, &version, &document, &length);
		if (!error)
			error = office_form_notes(office, form, version, arena, &notes);
		if (error)
			return error;
		if (!*notes.because && office_unfinished_concerns(notes.unfinished, event))
			(*out)[(*count)++] = (struct office_unfinished){form, version, notes.unfinished};
	}
	return ERR_OK;
}

bool office_because_is_fine(const char *because)
{
	if (!utf8_is_valid(because, strlen(because)) || utf8_is_blank(because))
		return false;
	for (const char *at = because; *at != '\0'; at++)
		if ((unsigned char) *at < ' ' || *at == '\x7f')
			return false;
	return utf8_utf16_length(because) <= OFFICE_WORDS_MAX;
}
