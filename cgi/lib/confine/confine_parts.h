/* SPDX-License-Identifier: MIT */
/* confine_parts.h: the steps of confine.c, for tests that plant a weak policy or pretend another kernel. */
#ifndef SOUNDINGS_CONFINE_CONFINE_PARTS_H
#define SOUNDINGS_CONFINE_CONFINE_PARTS_H

#include "lib/confine/acts.h"
#include "lib/confine/policy.h"

/* Enters POLICY as far as KERNEL can hold it, the smaller one of sanitized builds with IS_SMALLER. IS_REHEARSAL: in a child
 * that will attempt forbidden acts. ERR_NOT_FOUND: *MISSING is a path that is not there. ERR_NOMEM, ERR_IO. */
enum err confine_apply(const struct policy *policy, struct confine_kernel kernel, bool is_smaller, bool is_rehearsal,
		       const char **missing) MUST_CHECK;

/* Attempts ACT in a child that has entered POLICY. ERR_IO: no child, or it could not enter. */
enum err confine_rehearse(const struct policy *policy, struct confine_kernel kernel, bool is_smaller,
			  const struct act *act, enum act_result *result) MUST_CHECK;

/* Every act that is due, one after another: as confine_test. */
enum err confine_rehearse_all(const struct policy *policy, struct confine_kernel kernel, bool is_smaller,
			      const char **act) MUST_CHECK;

#endif
