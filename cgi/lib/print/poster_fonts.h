/* SPDX-License-Identifier: MIT */
/* poster_fonts.h: the fonts of posters, by name, and by nothing that a machine's settings could change. */
#ifndef SOUNDINGS_PRINT_POSTER_FONTS_H
#define SOUNDINGS_PRINT_POSTER_FONTS_H

#include "lib/base/err.h"
#include "lib/print/poster_request.h"

#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>

/* Everything that poster_fonts_load and drawing open lies below it. */
#define POSTER_FONTS_FOLDER "/usr/share/fonts"

struct poster_fonts {
	FcConfig *config; /* of ours: what /etc/fonts says does not matter */
};

/* Finds the fonts that are installed, once in a program's life; starts no thread. ERR_NOT_FOUND with words in TROUBLE when not even Noto
 * Sans and the code's font are there; ERR_NOMEM. */
enum err poster_fonts_load(struct poster_fonts *fonts, struct poster_trouble *trouble) MUST_CHECK;

void poster_fonts_fini(struct poster_fonts *fonts);

/* A font map over them, for g_object_unref. Starts pango's thread: not before a fork(2). NULL without memory. */
PangoFontMap *poster_fonts_map(const struct poster_fonts *fonts);

/* The families for text in LANG, best first, as pango_font_description_set_family takes them; and of the code. Static storage. */
const char *poster_fonts_families(const char *lang);
const char *poster_fonts_code(void);

/* Text in LANG is set in Nastaliq. */
bool poster_fonts_is_nastaliq(const char *lang);

/* By how much type in LANG must be larger to look as large as Latin type: Naskh has small letters. */
double poster_fonts_scale(const char *lang);

/* Every sign of TEXT is in one of the fonts. ERR_NOT_FOUND with words in TROUBLE that name KEY, the script and the package to install. */
enum err poster_fonts_check(const struct poster_fonts *fonts, const char *key, const char *text,
			    struct poster_trouble *trouble) MUST_CHECK;

#endif
