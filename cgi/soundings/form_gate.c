/* SPDX-License-Identifier: MIT */
/* form_gate.c: what the command line says of a form that is not finished and is to be used outside practice. Which forms these are, and
 * the reasons that the audit keeps, is lib/office/unfinished.h's. */
#include "form_gate.h"

#include "command.h"

#include "lib/base/utf8.h"

#include <string.h>
#include <sysexits.h>

int form_gate_reason(const char *because)
{
	if (because == NULL || office_because_is_fine(because))
		return EX_OK;
	if (!utf8_is_valid(because, strlen(because)) || utf8_is_blank(because))
		return complain(EX_USAGE,
				"--because needs a reason in words: --because \"The Welsh is read on Monday\"");
	if (utf8_utf16_length(because) > OFFICE_WORDS_MAX)
		return complain(EX_USAGE, "--because has at most %d characters", OFFICE_WORDS_MAX);
	return complain(EX_USAGE, "--because is one line of words");
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
			  office_unfinished_concerns(unfinished, event);
	}
	return EX_OK;
}

int form_gate_event(struct instance *instance, const struct catalogue_event *event, const char *because,
		    const char *act, struct form_gate *out)
{
	*out = (struct form_gate){.because = because != NULL ? because : ""};
	enum err error = office_event_unfinished(instance->office, event, &instance->arena, &out->list, &out->count);
	if (error)
		return complain_err(error, "the forms of the event cannot be read");
	if (out->count == 0 || because != NULL)
		return EX_OK;
	const struct office_unfinished *first = &out->list[0];
	return complain(EX_DATAERR,
			"version %u of %s is not finished: %s. Have it finished and publish it again, leave those "
			"languages out (event add --languages), or say why it is used all the same, which the audit "
			"keeps: %s %s --because \"WORDS\"",
			first->version, first->form, first->what, command(), act);
}
