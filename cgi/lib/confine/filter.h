/* SPDX-License-Identifier: MIT */
/* filter.h: the system calls of a policy, held by the kernel (seccomp(2)). */
#ifndef SOUNDINGS_CONFINE_FILTER_H
#define SOUNDINGS_CONFINE_FILTER_H

#include "lib/base/err.h"
#include "lib/confine/policy.h"

/* The kernel has filters, and death of a whole process as an answer (Linux 4.14). */
bool filter_is_known(void);

/* Holds this process to the policy's calls for good. IS_SMALLER: the policy of sanitized builds, which forbids only what the
 * self-test attempts there: the sanitizers' own needs are theirs to know. ERR_NOMEM, ERR_IO. */
enum err filter_enter(const struct policy *policy, bool is_smaller) MUST_CHECK;

#endif
