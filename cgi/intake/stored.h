/* SPDX-License-Identifier: MIT */
/* stored.h: answers as a person reads them: on the thank-you, and to copy where they came too late. */
#ifndef SOUNDINGS_INTAKE_STORED_H
#define SOUNDINGS_INTAKE_STORED_H

#include "visit.h"

#include "lib/form/answers.h"
#include "lib/view/pages.h"

/* Every answer that was given, in the form's order: of a pair each half, of a grid each statement. ANSWERS may be
 * unchecked: then what was typed stands as it was typed. *COUNT of them. NULL when there is no room. */
const struct page_stored *stored_list(const struct visit *visit, const struct answers *answers, size_t *count);

#endif
