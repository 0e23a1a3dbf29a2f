/* SPDX-License-Identifier: MIT */
/* supervise.h: starts programs, starts them again when they die, and ends all of them together. */
#ifndef SOUNDINGS_SOUNDINGS_SUPERVISE_H
#define SOUNDINGS_SOUNDINGS_SUPERVISE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <time.h>

enum { SUPERVISE_ARGS_MAX = 8, SUPERVISE_MAX = 8 };

struct child {
	const char *name;                     /* in messages */
	const char *argv[SUPERVISE_ARGS_MAX]; /* NULL-ended; argv[0] is the program's path */
	const char *dir;                      /* working directory; NULL: as it is */
	const char *waits_for; /* a socket that is there before it starts, for up to 5 s; NULL: nothing */
	int stop_signal;
	pid_t pid;             /* 0 while it does not run */
	time_t started_s;      /* monotonic */
	unsigned quick_deaths; /* in a row, within two seconds of starting */
	time_t again_s;        /* when to start it again */
};

struct supervise {
	struct child *children; /* started in this order, ended in the reverse */
	size_t count;
	void (*tick)(void *context); /* every TICK_S seconds */
	unsigned tick_s;
	bool (*is_ready)(void *context); /* asked until true, then 'ready' is called once */
	void (*ready)(void *context);
	void (*buried)(void *context, pid_t pid,
		       int status); /* a child that is none of these has ended; NULL: none is expected */
	void *context;
};

/* Runs until SIGINT, SIGTERM or SIGHUP, then ends every child: its stop signal, and SIGKILL after ten seconds. A program
 * that dies is started again; one that dies five times in a row, each within two seconds of its start, ends everything
 * while nothing was ready yet, and is tried every second later on. A code of sysexits.h. */
int supervise(struct supervise *supervise);

#endif
