/* SPDX-License-Identifier: MIT */
/* landlock.h: the paths of a policy, held by the kernel (landlock(7)). */
#ifndef SOUNDINGS_CONFINE_LANDLOCK_H
#define SOUNDINGS_CONFINE_LANDLOCK_H

#include "lib/base/err.h"
#include "lib/confine/policy.h"

enum { LANDLOCK_ABI_MAX = 7 };

/* The kernel's ABI, at most LANDLOCK_ABI_MAX; 0: no Landlock, or switched off. */
unsigned landlock_abi(void);

/* Holds this process to the PATHS for good, as far as ABI (1 to LANDLOCK_ABI_MAX) can: everything else that it could open,
 * run, make or remove is denied; from 4 on TCP, from 6 on abstract sockets and signals to others as well. IS_REHEARSAL: denials
 * need not go into the audit log (from 7 on). Needs no_new_privs. ERR_NOT_FOUND: *MISSING is a path that is not there.
 * ERR_IO. */
enum err landlock_enter(const struct policy_path *paths, unsigned abi, bool is_rehearsal,
			const char **missing) MUST_CHECK;

#endif
