/* SPDX-License-Identifier: MIT */
/* browser.h: one browser, from its start until nothing of it runs any more. */
#ifndef SOUNDINGS_KIOSK_SESSION_BROWSER_H
#define SOUNDINGS_KIOSK_SESSION_BROWSER_H

#include "kiosk-session/flags.h"

#include "lib/base/err.h"

#include <sys/types.h>

struct browser_plan {
	const char *program; /* an absolute path */
	const char *address; /* the page that it starts on */
	const char *folder;  /* as folder_fresh leaves it */
	const struct flags *flags;
};

/* To be called once, before the first browser: whatever a browser leaves without a parent becomes ours, so that browser_end finds it;
 * and nothing that is started from here gets new rights, or leaves a core file. */
enum err browser_adopt(void) MUST_CHECK;

/* Starts it in a session (setsid(2)) of its own, with an environment of its own and no descriptor of ours. *PID is its process and
 * the number of its process group. ERR_NOMEM, ERR_BUSY, logged. */
enum err browser_start(const struct browser_plan *plan, pid_t *pid) MUST_CHECK;

/* Kills every process that this program has started, directly or not, at once and without asking, and waits until they are gone. PID
 * may be -1. ERR_BUSY when one is still there after ten seconds: whoever runs us must end us, and all of it with us. */
enum err browser_end(pid_t pid) MUST_CHECK;

#endif
