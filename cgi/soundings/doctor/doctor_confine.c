/* SPDX-License-Identifier: MIT */
/* doctor_confine.c: whether the kernel holds the programs to their jobs: the same self-test that they run at
 * their start, with their policies, in the instance. It changes nothing; what it finds is true of whoever runs doctor. */
#include "doctor.h"

#include "lib/confine/confine.h"
#include "lib/station/station.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

static void confine_check(struct examination *exam, struct confine_kernel kernel)
{
	struct arena *arena = &exam->instance->arena;
	for (enum confine_program program = 0; program < CONFINE_COUNT; program++) {
		const char *act = NULL;
		bool is_organiser = program == CONFINE_ORGANISER || program == CONFINE_ORGANISER_WORKER;
		bool is_kiosk = program == CONFINE_KIOSK || program == CONFINE_KIOSK_WORKER;
		if (is_organiser && exam->instance->conf.organiser_port == 0)
			continue;
		if (is_kiosk && (exam->instance->conf.mode != CONF_MODE_KIOSK || access(STATION_RUN, F_OK) != 0))
			continue; /* the program makes its folders itself, at its first start */
		if (doctor_is_front(exam) && (is_organiser || program == CONFINE_COLLECTOR))
			continue; /* they are a hub's */
		enum err error = confine_test(program, kernel, &act);
		if (error == ERR_OK)
			continue;
		if (error == ERR_NOT_FOUND && is_organiser && strncmp(act, "keys/", 5) == 0)
			continue; /* said of the keys already */
		if (error == ERR_NOT_FOUND)
			doctor_say(exam, BAD,
				   arena_printf(arena, "the folder %s is not there: %s does not start", act,
						confine_name(program)),
				   "Restore it from a backup.");
		else if (error == ERR_DENIED)
			doctor_say(exam, BAD,
				   arena_printf(arena, "%s is not kept from what it must never do (%s)",
						confine_name(program), act),
				   "It does not start like this. Look for links in the instance that lead out of their "
				   "folder.");
		else
			doctor_say(exam, BAD, arena_printf(arena, "%s cannot confine itself", confine_name(program)),
				   "Look at what this kernel, or the container it runs in, forbids.");
		return;
	}
	doctor_say(exam, FINE,
		   arena_printf(arena, "what the programs must never do is denied to them (Landlock %u, seccomp %s)",
				kernel.landlock_abi, kernel.has_seccomp ? "yes" : "no"),
		   NULL);
}

void doctor_confine(struct examination *exam)
{
	enum conf_confine wish = exam->instance->conf.confine;
	struct confine_kernel kernel = confine_kernel();
	char before[PATH_MAX];
	if (wish == CONF_CONFINE_OFF) {
		doctor_say(exam, BAD, "the programs do not confine themselves (confine = off)",
			   "Take that line out of soundings.conf and start them again.");
		return;
	}
	if (kernel.landlock_abi == 0 || !kernel.has_seccomp)
		doctor_say(exam, wish == CONF_CONFINE_STRICT ? BAD : LOOK,
			   arena_printf(&exam->instance->arena,
					"this kernel cannot confine the programs fully: it has no %s",
					kernel.has_seccomp        ? "Landlock"
					: kernel.landlock_abi > 0 ? "seccomp"
								  : "Landlock and no seccomp"),
			   wish == CONF_CONFINE_STRICT ? "They do not start like this (confine = strict)."
						       : "Debian 12's own kernel can.");
	/* The policies name folders of the instance. */
	if (getcwd(before, sizeof before) == NULL || chdir(exam->instance->dir) != 0)
		return;
	confine_check(exam, kernel);
	if (chdir(before) != 0)
		doctor_say(exam, BAD, "the folder that doctor was started in is gone", NULL);
}
