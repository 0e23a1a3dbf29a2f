/* SPDX-License-Identifier: MIT */
/* doctor_organiser.c: who can get into the organisers' pages, and how. Says nothing of anybody by name. */
#include "doctor.h"

#include "lib/office/accounts.h"

#include <unistd.h>

/* An address for others without https in front was refused when the settings were read; what is left is where it leads. */
static void check_address(struct examination *exam)
{
	const struct conf *conf = &exam->instance->conf;
	struct arena *arena = &exam->instance->arena;
	if (conf->organiser_certificate &&
	    (access(conf->organiser_certificate, R_OK) != 0 || access(conf->organiser_certificate_key, R_OK) != 0))
		doctor_say(exam, BAD, "organiser_certificate or its key cannot be read: nginx does not start",
			   "Correct soundings.conf, or the permissions of the two files.");
	else
		doctor_say(exam, FINE,
			   arena_printf(arena, "organisers' pages are at %s%s", conf->organiser_url,
					conf->organiser_is_https ? "" : ", for this machine alone"),
			   NULL);
}

static void check_people(struct examination *exam)
{
	size_t count = 0, administrators = 0;
	enum err error = office_account_count(exam->instance->office, &count);
	if (!error)
		error = office_administrator_count(exam->instance->office, &administrators);
	if (error)
		doctor_say(exam, BAD, "the organisers' accounts cannot be read",
			   "Look at the office's file: disk, permissions.");
	else if (administrators == 0)
		doctor_say(exam, LOOK, "nobody can sign in to the organisers' pages as an administrator",
			   doctor_command(exam, count == 0 ? "account first" : "account reset NAME"));
	else if (administrators == 1)
		doctor_say(exam, LOOK, "there is one administrator alone: who lets people in when they are away?",
			   "Invite a second one on the page People.");
	else
		doctor_say(exam, FINE, "administrators can sign in to the organisers' pages", NULL);
}

void doctor_organiser(struct examination *exam)
{
	if (exam->instance->conf.organiser_port == 0)
		return;
	check_address(exam);
	if (exam->parts->is_open[INSTANCE_OFFICE])
		check_people(exam);
}
