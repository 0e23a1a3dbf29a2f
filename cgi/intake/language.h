/* SPDX-License-Identifier: MIT */
/* language.h: which face of a form a person gets first. */
#ifndef SOUNDINGS_INTAKE_LANGUAGE_H
#define SOUNDINGS_INTAKE_LANGUAGE_H

#include <stddef.h>

/* Of COUNT offered tags, the index that ACCEPT (an Accept-Language header, RFC 9110 section 12.5.4) wants most, or
 * FALLBACK. Variants (with "-x-") are never chosen for somebody: a person picks them. */
size_t language_choose(const char *accept, const char *const *offered, size_t count, size_t fallback);

#endif
