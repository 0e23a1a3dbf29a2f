/* SPDX-License-Identifier: MIT */
/* onward.h: pages that stand in the way of another carry its path along in the query, "next", and lead there in the end. */
#ifndef SOUNDINGS_ORGANISER_ONWARD_H
#define SOUNDINGS_ORGANISER_ONWARD_H

#include "visit.h"

/* The page that the query's "next" names, when it is one of ours; "/" else. */
const char *onward_to(const struct visit *visit);

/* PATH with the query's "next" and "lang" behind it, for the form of such a page and for the next one in the way. */
struct safe_url onward_by(const struct visit *visit, const char *path);

#endif
