/* SPDX-License-Identifier: MIT */
/* sheet.h: one page of paper, A4, as PDF: words that say what it is and what to do with it, and lines to be given back one day, as a
 * large QR code and in large type beside it. Black on white, for any printer. */
#ifndef SOUNDINGS_PRINT_SHEET_H
#define SOUNDINGS_PRINT_SHEET_H

#include "lib/base/err.h"
#include "lib/base/strbuf.h"

#include <stdbool.h>
#include <stddef.h>

enum { SHEET_FACTS_MAX = 4 };

struct sheet_fact {
	const char *label;
	const char *value;
};

struct sheet_section {
	const char *heading;
	const char *const *paragraphs; /* NULL-ended */
	bool is_numbered;              /* they are steps */
	const char *typed;             /* a line to be typed, under them; NULL: none */
};

struct sheet {
	const char *title;
	const char *lead;   /* the one sentence to read */
	const char *letter; /* shown large in the corner; NULL: none */
	const char *day;    /* YYYY-MM-DD: the day in the file's own data, which has no time of day */
	struct sheet_fact facts[SHEET_FACTS_MAX]; /* side by side; those with a NULL label are left out */
	const struct sheet_section *sections;
	size_t sections_count;
	size_t sections_before_code; /* how many of them stand above the code */
	const char *block;           /* lines: the code holds them byte for byte, and they are printed beside it */
};

/* Draws SHEET. ERR_TOO_BIG when it does not fit one page, or the block no code; ERR_INVALID when a text is not UTF-8, or the day
 * none; ERR_NOMEM, also when there is no font at all. What is drawn may be a secret: the caller wipes OUT (strbuf_fini does). */
enum err sheet_draw(const struct sheet *sheet, struct strbuf *out) MUST_CHECK;

#endif
