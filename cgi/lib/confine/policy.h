/* SPDX-License-Identifier: MIT */
/* policy.h: which program may do what: one table, in policy.c. */
#ifndef SOUNDINGS_CONFINE_POLICY_H
#define SOUNDINGS_CONFINE_POLICY_H

#include "lib/confine/confine.h"

#include <seccomp.h>
#include <stdbool.h>
#include <stdint.h>

/* What may be done at a path and below it. */
enum {
	POLICY_READ = 1 << 0,   /* open and list */
	POLICY_WRITE = 1 << 1,  /* and make, write, cut and remove plain files */
	POLICY_REMOVE = 1 << 2, /* remove what is no folder: a socket of our own */
	POLICY_ARRANGE = 1 << 3 /* make and remove folders and symbolic links: publishing */
};

struct policy_path {
	const char *path; /* relative to the instance, or absolute */
	unsigned rights;
};

/* A system call that is allowed; when ARGUMENT is not negative, only if this argument compares so. */
struct policy_call {
	int number;
	int argument;
	enum scmp_compare compare;
	uint64_t first, second;
};
enum { POLICY_END = INT32_MIN }; /* the number that ends a list */

enum { POLICY_LISTS_MAX = 8 };

struct policy {
	const char *name;
	const struct policy_path *paths; /* ended by a NULL path */
	const struct policy_call *calls[POLICY_LISTS_MAX];
	const int *
		deadly; /* what none of the programs does on purpose, in any state: attempting it is death. POLICY_END */
	const char *const *foreign; /* what belongs to other programs: the self-test tries to open it. Ended by NULL */
	bool may_fork;
	bool may_link; /* symbolic links, where POLICY_ARRANGE lets it */
};

const struct policy *policy_get(enum confine_program program);

/* Calls that libraries try first and do without: they are told that this kernel has none. Ended by POLICY_END. */
const int *policy_unknown(void);

#endif
