/* SPDX-License-Identifier: MIT */
/* once.h: one request in, one file out. */
#ifndef SOUNDINGS_POSTER_ONCE_H
#define SOUNDINGS_POSTER_ONCE_H

#include "lib/base/strbuf.h"
#include "lib/print/poster.h"

/* Reads a request from IN until its end and draws it into OUT, *FORMAT being what it is. Whatever fails has words in TROUBLE. */
enum err once_draw(int in, const struct poster_fonts *fonts, struct strbuf *out, enum poster_format *format,
		   struct poster_trouble *trouble) MUST_CHECK;

#endif
