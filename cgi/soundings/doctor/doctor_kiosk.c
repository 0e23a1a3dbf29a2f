/* SPDX-License-Identifier: MIT */
/* doctor_kiosk.c: whether staff can get into a kiosk's menu, which event it is for, and whether its session has a program to ask. */
#include "doctor.h"
#include "soundings/front.h"

#include "lib/account/password.h"
#include "lib/base/file.h"
#include "lib/station/station.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void check_pin(struct examination *exam)
{
	struct stat status;
	const char *path = instance_path(exam->instance, STATION_PIN);
	char *hash = NULL;
	size_t length = 0;
	enum err error = file_read(AT_FDCWD, path, PASSWORD_HASH_TEXT, &exam->instance->arena, &hash, &length);
	if (error == ERR_NOT_FOUND)
		doctor_say(exam, LOOK, "the staff menu has no PIN: nobody can choose the event",
			   doctor_command(exam, "kiosk pin"));
	else if (error || strncmp(hash, "$argon2id$", 10) != 0)
		doctor_say(exam, BAD, "the PIN of the staff menu cannot be read: nobody gets into it",
			   doctor_command(exam, "kiosk pin"));
	else if (stat(path, &status) == 0 && (status.st_mode & 077) != 0)
		doctor_say(exam, BAD, "what is kept of the PIN can be read by others",
			   arena_printf(&exam->instance->arena, "chmod go= %s", path));
	else
		doctor_say(exam, FINE, "the staff menu has a PIN", NULL);
}

/* Of the event CODE; released where nobody knows of one. */
static enum event_state state_of(struct examination *exam, const char *code)
{
	struct catalogue *catalogue = NULL;
	struct catalogue_refusal refusal;
	struct catalogue_event *event = NULL;
	struct arena *arena = &exam->instance->arena;
	bool is_known = catalogue_open(instance_path(exam->instance, "catalogue"), exam->instance->root_public, 0, 0,
				       &catalogue, &refusal) == ERR_OK &&
			catalogue_event(catalogue, code, arena, &event) == ERR_OK;
	catalogue_close(catalogue);
	return is_known ? event->state : EVENT_RELEASED;
}

static void check_event(struct examination *exam)
{
	struct station set;
	enum err error = station_read(instance_path(exam->instance, STATION_SETTINGS), &set);
	enum event_state state = set.event[0] ? state_of(exam, set.event) : EVENT_RELEASED;
	if (error && error != ERR_NOT_FOUND)
		doctor_say(exam, LOOK, "what staff have set cannot be read: the kiosk begins with no event",
			   "Choose the event again in the staff menu.");
	else if (!set.event[0])
		doctor_say(exam, LOOK, "no event is chosen", "Choose it in the staff menu.");
	else if (state == EVENT_PLANNED)
		doctor_say(exam, LOOK, "the event that is chosen is not open yet: nobody can answer here",
			   "Open it on the hub, and bring a newer catalogue from there.");
	else if (state != EVENT_OPEN)
		doctor_say(exam, LOOK, "the event that is chosen is over, or not in the catalogue",
			   "Choose another in the staff menu; or bring a newer catalogue from the hub.");
	else
		doctor_say(exam, FINE, "an event is chosen, and can be answered", NULL);
}

void doctor_kiosk(struct examination *exam)
{
	if (exam->instance->conf.mode != CONF_MODE_KIOSK)
		return;
	check_pin(exam);
	if (exam->parts->is_open[INSTANCE_ROOT])
		check_event(exam);
}

bool doctor_is_front(const struct examination *exam)
{
	return front_is(exam->instance, exam->parts);
}
