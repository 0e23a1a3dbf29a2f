/* SPDX-License-Identifier: MIT */
/* serve.h: poster as a daemon. */
#ifndef SOUNDINGS_POSTER_SERVE_H
#define SOUNDINGS_POSTER_SERVE_H

#include "lib/base/conf.h"
#include "lib/print/poster_fonts.h"

/* How long one request may take, and how many are drawn at once. */
enum { SERVE_LIMIT_S = 10, SERVE_CHILDREN_MAX = 4 };

/* Serves on the UNIX socket PATH until a signal ends it. Gives a code of sysexits.h, or confine.h's, when it cannot begin. */
int serve(const char *path, enum conf_confine wish, const struct poster_fonts *fonts);

#endif
