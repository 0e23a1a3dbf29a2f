/* SPDX-License-Identifier: MIT */
/* csv.h: the escaper for one cell; for this folder and its tests. */
#ifndef SOUNDINGS_EXPORT_CSV_H
#define SOUNDINGS_EXPORT_CSV_H

#include "lib/base/strbuf.h"

#include <stddef.h>

/* Puts LENGTH bytes of well-formed UTF-8 as one cell (export.h). */
void csv_cell(struct strbuf *out, const char *text, size_t length);

#endif
