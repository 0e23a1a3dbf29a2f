/* SPDX-License-Identifier: MIT */
/* poster.h: draws posters. For the program poster(1) alone; others ask it (poster_client.h). */
#ifndef SOUNDINGS_PRINT_POSTER_H
#define SOUNDINGS_PRINT_POSTER_H

#include "lib/base/strbuf.h"
#include "lib/print/poster_fonts.h"
#include "lib/print/poster_request.h"

enum { POSTER_FILE_MAX_BYTES = 8 * 1024 * 1024 };

/* Draws REQUEST, which poster_request_read has checked, as a file behind what OUT has (whose ceiling is POSTER_FILE_MAX_BYTES or more).
 * What it gives has been read back. Everything else is refused with words in TROUBLE: ERR_NOT_FOUND: a font lacks a sign; ERR_TOO_BIG: no room
 * for the code or the words; ERR_CORRUPT: the code could not be read back; ERR_NOMEM, ERR_IO. */
enum err poster_draw(const struct poster_request *request, const struct poster_fonts *fonts, struct strbuf *out,
		     struct poster_trouble *trouble) MUST_CHECK;

#endif
