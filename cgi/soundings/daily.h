/* SPDX-License-Identifier: MIT */
/* daily.h: what 'soundings run' does once a day beside serving: expire, then backup. */
#ifndef SOUNDINGS_SOUNDINGS_DAILY_H
#define SOUNDINGS_SOUNDINGS_DAILY_H

#include "instance.h"

#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

enum { DAILY_JOBS = 2 };

struct daily {
	struct instance *instance;
	const char *program;           /* soundings itself */
	const char *dir;               /* of the instance, absolute */
	time_t begun_s;                /* of 'soundings run', monotonic */
	pid_t pid;                     /* what is under way; 0: nothing */
	size_t job;                    /* which that is */
	time_t started_s;              /* and since when */
	time_t not_before[DAILY_JOBS]; /* after a failure */
};

/* PROGRAM and DIR are borrowed. */
void daily_init(struct daily *daily, struct instance *instance, const char *program, const char *dir);

/* Starts what is due and not under way. Asks the office, which knows what was done on which day, also by hand or before a restart;
 * waits for nothing. */
void daily_tick(struct daily *daily);

/* True while a job of the last minutes is under way: it may hold the office for longer than a supervisor can wait. */
bool daily_is_busy(const struct daily *daily);

/* PID has ended with STATUS (waitpid(2)). Any but its own is no concern of it. */
void daily_buried(struct daily *daily, pid_t pid, int status);

/* Ends what is under way: SIGTERM, and SIGKILL after ten seconds. A job that was ended leaves nothing half done, and is due again. */
void daily_end(struct daily *daily);

#endif
