/* SPDX-License-Identifier: MIT */
/* acts.h: what a confined program must not be able to do, each as something that can be attempted. */
#ifndef SOUNDINGS_CONFINE_ACTS_H
#define SOUNDINGS_CONFINE_ACTS_H

#include "lib/confine/policy.h"

enum act_result {
	ACT_DENIED,
	ACT_WENT_THROUGH,
	ACT_NOTHING_THERE, /* what it would be done to is missing: nothing is shown */
	ACT_RESULT_COUNT
};

struct act {
	const char *name;
	/* Attempts it, in a way that does no harm if it goes through. */
	enum act_result (*attempt)(const struct policy *policy);
	unsigned landlock_abi; /* Landlock denies it from this ABI on; 0: never */
	bool is_left_by_calls; /* seccomp says nothing of it */
	bool is_deadly;        /* seccomp answers with death */
	bool is_of_sanitizers; /* the smaller policy of sanitized builds allows it */
};

/* The table, ended by a NULL name. */
const struct act *acts(void);

/* Removes what acts that went through have left. Not from inside the policy, which would forbid it. */
void acts_tidy(const struct policy *policy);

/* POLICY forbids ACT, and a KERNEL like this one can deny it. */
bool act_is_due(const struct act *act, const struct policy *policy, struct confine_kernel kernel, bool is_smaller);

#endif
