/* SPDX-License-Identifier: MIT */
/* form_gate.c: a form that is not finished is used outside practice only for a reason, which the audit keeps.
 *
 * A draft may be better than nothing for somebody who reads no English, and the page says that it is one; but an organiser
 * should have thought about it, and the next one should find out why. A practice event is there to try things. */
#include "form_gate.h"

#include "command.h"

#include "lib/base/utf8.h"

#include <string.h>
#include <sysexits.h>

int form_gate_reason(const char *because)
{
	if (because == NULL)
		return EX_OK;
	if (!utf8_is_valid(because, strlen(because)) || utf8_is_blank(because))
		return complain(EX_USAGE,
				"--because needs a reason in words: --because \"The Welsh is read on Monday\"");
	for (const char *at = because; *at != '\0'; at++) {
		if ((unsigned char) *at < ' ' || *at == '\x7f')
			return complain(EX_USAGE, "--because is one line of words");
	}
	if (utf8_utf16_length(because) > OFFICE_WORDS_MAX)
		return complain(EX_USAGE, "--because has at most %d characters", OFFICE_WORDS_MAX);
	return EX_OK;
}

/* True when an event with LANGUAGE shows what stands under TAG: the language itself, or its wording for Wales. */
static bool is_shown_in(const char *language, const char *tag, size_t length)
{
	static const char wales[] = "-x-wales";
	size_t own = strlen(language);
	return strncmp(language, tag, own) == 0 &&
	       (length == own || (length == own + sizeof(wales) - 1 && strncmp(tag + own, wales, length - own) == 0));
}

bool form_gate_concerns(const char *unfinished, const struct catalogue_event *event)
{
	for (const char *at = unfinished; *at != '\0';) {
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

static bool asks(const struct catalogue_event *event, const char *form)
{
	for (size_t i = 0; i < event->forms_count; i++) {
		if (strcmp(event->forms[i].form, form) == 0)
			return true;
	}
	return false;
}

int form_gate_planned(struct instance *instance, const char *form, const char *unfinished, size_t *count)
{
	struct office_event *events = NULL;
	size_t events_count = 0;
	*count = 0;
	enum err error = office_event_list(instance->office, &instance->arena, &events, &events_count);
	if (error)
		return complain_err(error, "the events cannot be read");
	for (size_t i = 0; i < events_count; i++) {
		const struct catalogue_event *event = &events[i].shown;
		*count += event->state == EVENT_PLANNED && !event->is_practice && asks(event, form) &&
			  form_gate_concerns(unfinished, event);
	}
	return EX_OK;
}

int form_gate_event(struct instance *instance, const struct catalogue_event *event, const char *because,
		    const char *act)
{
	for (size_t i = 0; i < event->forms_count && !event->is_practice; i++) {
		const char *form = event->forms[i].form;
		uint32_t version = 0;
		char *document = NULL;
		size_t length = 0;
		struct office_form_notes notes = {0};
		enum err error = office_form_get(instance->office, form, event->forms[i].version, &instance->arena,
						 &version, &document, &length);
		if (!error)
			error = office_form_notes(instance->office, form, version, &instance->arena, &notes);
		if (error)
			return complain_err(error, "the form '%s' cannot be read", form);
		if (*notes.because || !form_gate_concerns(notes.unfinished, event))
			continue;
		if (because == NULL)
			return complain(EX_DATAERR,
					"version %u of %s is not finished: %s. Have it finished and publish it again, "
					"leave those languages out (event add --languages), or say why it is used all "
					"the same, which the audit keeps: %s %s --because \"WORDS\"",
					version, form, notes.unfinished, command(), act);
		error = office_form_because(instance->office, form, version, because);
		if (error)
			return complain_err(error, "the reason could not be kept");
	}
	return EX_OK;
}
