/* SPDX-License-Identifier: MIT */
/* confine.h: a program gives up, for good, everything that its job does not need, and proves that it has.
 *
 * A program first proves each policy that it will use (confine_prove), which needs forks, and then enters its own
 * (confine_enter), from the working directory of its instance, before the first request or batch. */
#ifndef SOUNDINGS_CONFINE_CONFINE_H
#define SOUNDINGS_CONFINE_CONFINE_H

#include "lib/base/conf.h"
#include "lib/base/err.h"

#include <stdbool.h>

/* The exit code of a program that cannot be kept from what it must never do. sysexits.h ends at 78. */
enum { CONFINE_EXIT = 80 };

enum confine_program {
	CONFINE_INTAKE, /* the parent, which forks workers */
	CONFINE_INTAKE_WORKER,
	CONFINE_SPOOLER,
	CONFINE_COLLECTOR,
	CONFINE_ORGANISER, /* the parent, which forks workers */
	CONFINE_ORGANISER_WORKER,
	CONFINE_POSTER, /* the parent, which forks one for each request */
	CONFINE_POSTER_WORKER,
	CONFINE_KIOSK, /* the parent, which forks its one worker */
	CONFINE_KIOSK_WORKER,
	CONFINE_COUNT
};

/* What the kernel can do. */
struct confine_kernel {
	unsigned landlock_abi; /* 0: none; at most the newest that is known here */
	bool has_seccomp;
};
struct confine_kernel confine_kernel(void);

/* What a policy's name is in logs: "intake", "intake-worker", ... Static storage. */
const char *confine_name(enum confine_program program);

/* The self-test: for each act that PROGRAM must never do, a child enters PROGRAM's policy and attempts it. The working
 * directory is the instance; single-threaded callers only. ERR_OK: all were denied, as far as the KERNEL can deny them.
 * ERR_DENIED: *ACT is the name of one that was not (static storage). ERR_NOT_FOUND: *ACT is a folder that the policy names
 * and that is not there. ERR_IO: one could not enter the policy. ERR_NOMEM, ERR_BUSY: no memory for it, or no room for a child. */
enum err confine_test(enum confine_program program, struct confine_kernel kernel, const char **act) MUST_CHECK;

/* confine_test as a program does it at its start, with WISH from its settings: logs what is wrong, and once what the kernel
 * lacks. EX_OK to go on; CONFINE_EXIT when an act went through, or when WISH is strict and the kernel lacks a part;
 * EX_NOINPUT for a missing folder; EX_OSERR without memory, EX_TEMPFAIL without room for a process: then starting again may help, as it does
 * not after CONFINE_EXIT. With CONF_CONFINE_OFF it only says so. */
int confine_prove(enum confine_program program, enum conf_confine wish) MUST_CHECK;

/* Enters the policy for good: no new privileges, no core dumps, not dumpable, Landlock, seccomp. Then reads back what took and
 * attempts, in this process itself, every forbidden act that is answered with an error (and not with death). Logs and
 * returns as confine_prove. With CONF_CONFINE_OFF it does nothing. */
int confine_enter(enum confine_program program, enum conf_confine wish) MUST_CHECK;

#endif
