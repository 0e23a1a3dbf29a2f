/* SPDX-License-Identifier: MIT */
/* event_release.c: soundings event release: what joins responses to equality answers is destroyed, a backup is made, and only then is anything
 * shown. It cannot be undone, so it is refused while somebody may still send, and for so few that nothing could be exported.
 *
 * The same command goes on where an earlier run of it was stopped. */
#include "event_release.h"

#include "args.h"
#include "backing.h"
#include "command.h"
#include "today.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

enum { RELEASE_WAIT_MS = 15000, RELEASE_STEP_MS = 100 };

int event_not_read(struct instance *instance, const char *code, enum err error)
{
	if (error == ERR_NOT_FOUND)
		return args_no_event(instance, code);
	return complain_err(error, "the event %s cannot be read", code);
}

/* The spooler keeps back fewer than five envelopes for a day, so that nobody sees one person arrive. Before a release they
 * are asked for all the same, and the collector is given a while to file them. */
static bool wait_for_collector(struct instance *instance)
{
	uint64_t wanted = 0, asked = 0, done = 0;
	if (office_flush_want(instance->office, &wanted) != ERR_OK)
		return false;
	for (int waited = 0; waited < RELEASE_WAIT_MS; waited += RELEASE_STEP_MS) {
		if (office_flush(instance->office, &asked, &done) == ERR_OK && done >= wanted)
			return true;
		usleep(RELEASE_STEP_MS * 1000);
	}
	return false;
}

/* Whether front machines are still told that an event is closed whose release may be shown. */
static bool is_behind(struct instance *instance, const char *code)
{
	struct catalogue *catalogue = NULL;
	struct catalogue_event *event = NULL;
	struct catalogue_refusal refusal;
	if (catalogue_open(instance_path(instance, "catalogue"), instance->root_public, 0, 0, &catalogue, &refusal) !=
	    ERR_OK)
		return true;
	enum err error = catalogue_event(catalogue, code, &instance->arena, &event);
	bool is_closed = error || event->state != EVENT_RELEASED;
	catalogue_close(catalogue);
	return is_closed;
}

static int show_released(struct instance *instance, uint32_t number)
{
	int done = instance_publish(instance);
	if (done == EX_OK)
		printf("Released (release %u). Equality answers, language and mode can no longer be put together with "
		       "a response.\n",
		       number);
	return done;
}

/* A restore of an older backup would bring the links back, and with them the release would be another one. So nothing of it is shown
 * before a backup holds it. */
static int back_up_and_show(struct instance *instance, const char *code, uint32_t number)
{
	int done = backing_make(instance, NULL, NULL, NULL);
	if (done != EX_OK)
		return complain(
			done,
			"%s is released (release %u) and what joined its responses to equality answers is "
			"destroyed, but no backup holds that yet, so nothing is shown or exported. Mend what is "
			"said above, then go on from here with the same command: %s event release %s",
			code, number, command(), code);
	return show_released(instance, number);
}

/* What an earlier run of this command has left to do. *IS_DONE: that was all there is to do now. */
static int go_on(struct instance *instance, const struct office_event *event, bool *is_done)
{
	const char *code = event->shown.code;
	bool is_shown = false;
	enum err error = office_event_is_shown(instance->office, code, &is_shown);
	if (error)
		return complain_err(error, "the event %s cannot be read", code);
	*is_done = !is_shown || is_behind(instance, code);
	if (!is_shown)
		return back_up_and_show(instance, code, event->release);
	return *is_done ? show_released(instance, event->release) : EX_OK;
}

static int release_now(struct instance *instance, const struct office_event *event)
{
	const char *code = event->shown.code;
	uint32_t number = 0;
	size_t responses = 0;
	enum err error = office_event_release(instance->office, code, &number, &responses);
	if (error == ERR_BUSY && event->shown.state == EVENT_RELEASED)
		return complain(
			EX_DATAERR,
			"%s was released before, and fewer than 5 responses have come since: with so few, two releases "
			"side by side could show who came late. They wait for the next ones",
			code);
	return error ? complain_err(error, "the event %s was not released", code)
		     : back_up_and_show(instance, code, number);
}

/* Grace that is over by the clock has ended, also where no supervisor has looked since. */
static int end_grace(struct instance *instance, const char *code, struct office_event **event)
{
	size_t changed = 0;
	enum err error = ERR_OK;
	if ((*event)->shown.state == EVENT_GRACE && today_is_likely(instance->office))
		error = office_event_tick(instance->office, (int64_t) time(NULL), &changed);
	if (!error && changed)
		error = office_event_get(instance->office, code, &instance->arena, event);
	if (error)
		return complain_err(error, "the state of %s could not be looked at", code);
	if ((*event)->shown.state == EVENT_GRACE)
		return complain(EX_DATAERR,
				"%s is in its grace: open pages can still send until their 24 hours are over; wait, or "
				"close it "
				"for good: %s event close %s --now",
				(*event)->shown.code, command(), (*event)->shown.code);
	return EX_OK;
}

/* A first release of so few cannot be exported, and cannot be taken back: only who says so gets it. */
static int check_many(struct instance *instance, const struct office_event *event)
{
	const char *band = NULL;
	const char *code = event->shown.code;
	enum err error = office_event_band(instance->office, code, &band);
	if (error)
		return complain_err(error, "the responses of %s cannot be counted", code);
	bool is_none = strcmp(band, "none") == 0;
	if (!is_none && strcmp(band, "1 to 4") != 0 && strcmp(band, "5 to 9") != 0)
		return EX_OK;
	return complain(EX_DATAERR,
			"%s has %s%s responses: from 10 on they can be exported; a released event can never be opened "
			"again. To release it all the same: %s event release %s --few",
			code, is_none ? "" : "only ", is_none ? "no" : band, command(), code);
}

int event_release(struct instance *instance, const char *code, bool is_few)
{
	struct office_event *event = NULL;
	enum err error = office_event_get(instance->office, code, &instance->arena, &event);
	if (error)
		return event_not_read(instance, code, error);
	if (event->shown.is_practice)
		return complain(EX_DATAERR, "%s is a practice event: it is exported as it is, and never released",
				code);
	if (event->shown.state == EVENT_PLANNED || event->shown.state == EVENT_OPEN)
		return complain(EX_DATAERR,
				"close the event first: %s event close %s; its 24 hours of grace over, or ended with "
				"--now, it can be released",
				command(), code);
	int grace = end_grace(instance, code, &event);
	if (grace != EX_OK)
		return grace;
	bool is_done = false;
	int went_on = event->shown.state == EVENT_RELEASED ? go_on(instance, event, &is_done) : EX_OK;
	if (is_done || went_on != EX_OK)
		return went_on;
	/* Late responses to a released event come as any others do: asking for the last few would show when they came. */
	if (event->shown.state != EVENT_RELEASED && !wait_for_collector(instance))
		return complain(
			EX_TEMPFAIL,
			"the collector does not answer, and may still have responses to file; nothing was released. "
			"Start the programs (%s run) and try again",
			command());
	int many = event->release || is_few ? EX_OK : check_many(instance, event);
	return many == EX_OK ? release_now(instance, event) : many;
}
