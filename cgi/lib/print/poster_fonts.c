/* SPDX-License-Identifier: MIT */
/* poster_fonts.c: the fonts of posters.
 *
 * A table of files, put into a configuration of our own (fontconfig's FcConfigAppFontAddFile): no scan of a folder with hundreds of
 * them, no cache, no rule of /etc/fonts that could put another font in the place of the one that was named, and nothing to open but the
 * fonts. Arabic is set in Naskh and Urdu in Nastaliq, which its readers expect (domain.md 1.7). */
#include "lib/print/poster_fonts.h"

#include "lib/base/utf8.h"

#include <glib.h>
#include <pango/pangofc-fontmap.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define NOTO POSTER_FONTS_FOLDER "/truetype/noto/Noto"
#define NOTO_CJK POSTER_FONTS_FOLDER "/opentype/noto/NotoSansCJK"
#define DEJAVU POSTER_FONTS_FOLDER "/truetype/dejavu/DejaVu"
#define BOTH(name) NOTO name "-Regular.ttf", NOTO name "-Bold.ttf"
#define ONE(name) NOTO name "-Regular.ttf"

/* Without the first of them there are no posters. */
static const char *const needed[] = {NOTO "Sans-Regular.ttf", NOTO "Sans-Bold.ttf", DEJAVU "SansMono-Bold.ttf"};
static const char *const others[] = {
	BOTH("NaskhArabic"),  BOTH("NastaliqUrdu"), BOTH("SansBengali"),  BOTH("SansGurmukhi"), BOTH("SansDevanagari"),
	BOTH("SansGujarati"), BOTH("SansTamil"),    BOTH("SansTelugu"),   BOTH("SansKannada"),  BOTH("SansMalayalam"),
	BOTH("SansSinhala"),  ONE("SansOriya"),     BOTH("SansEthiopic"), BOTH("SansHebrew"),   BOTH("SansArmenian"),
	BOTH("SansGeorgian"), BOTH("SansThai"),     BOTH("SansLao"),      BOTH("SansKhmer"),    BOTH("SansMyanmar"),
	ONE("SansThaana"),    ONE("SansSyriac"),    ONE("SansTifinagh"),  ONE("SansNKo"),       NOTO_CJK "-Regular.ttc",
	NOTO_CJK "-Bold.ttc", ONE("SansSymbols"),   ONE("SansSymbols2"),  ONE("SansMath"),      DEJAVU "Sans.ttf",
};

#define OTHER_SCRIPTS                                                                                                  \
	"Noto Sans Bengali,Noto Sans Gurmukhi,Noto Sans Devanagari,Noto Sans Gujarati,Noto Sans Tamil,Noto Sans "      \
	"Telugu,Noto Sans Kannada,Noto Sans Malayalam,Noto Sans Sinhala,Noto Sans Oriya,Noto Sans Ethiopic,Noto Sans " \
	"Hebrew,Noto Sans Armenian,Noto Sans Georgian,Noto Sans Thai,Noto Sans Lao,Noto Sans Khmer,Noto Sans "         \
	"Myanmar,Noto Sans Thaana,Noto Sans Syriac,Noto Sans Tifinagh,Noto Sans NKo,Noto Sans CJK JP,Noto Sans "       \
	"Symbols,Noto Sans Symbols2,Noto Sans Math,DejaVu Sans"

static bool add(FcConfig *config, const char *file)
{
	return access(file, R_OK) == 0 && FcConfigAppFontAddFile(config, (const FcChar8 *) file);
}

enum err poster_fonts_load(struct poster_fonts *fonts, struct poster_trouble *trouble)
{
	fonts->config = FcConfigCreate();
	/* Whoever asks for fontconfig's own gets this one, and opens nothing. */
	if (!fonts->config || !FcConfigSetCurrent(fonts->config))
		return poster_refuse(trouble, ERR_NOMEM, "there is no memory for fonts");
	for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++)
		if (!add(fonts->config, needed[i]))
			return poster_refuse(trouble, ERR_NOT_FOUND,
					     "the font %s is not there: install fonts-noto-core and fonts-dejavu-core",
					     needed[i]);
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		add(fonts->config, others[i]); /* what is not there is missed by poster_fonts_check */
	return ERR_OK;
}

void poster_fonts_fini(struct poster_fonts *fonts)
{
	if (fonts->config)
		FcConfigDestroy(fonts->config);
	fonts->config = NULL;
	FcFini();
}

PangoFontMap *poster_fonts_map(const struct poster_fonts *fonts)
{
	PangoFontMap *map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
	if (map)
		pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(map), fonts->config);
	return map;
}

/* LANG is PREFIX, or a kind of it. */
static bool is_lang(const char *lang, const char *prefix)
{
	size_t length = strlen(prefix);
	return g_ascii_strncasecmp(lang, prefix, length) == 0 && (lang[length] == '\0' || lang[length] == '-');
}

bool poster_fonts_is_nastaliq(const char *lang)
{
	return is_lang(lang, "ur") || is_lang(lang, "ks");
}

const char *poster_fonts_families(const char *lang)
{
	if (poster_fonts_is_nastaliq(lang))
		return "Noto Nastaliq Urdu,Noto Sans,Noto Naskh Arabic," OTHER_SCRIPTS;
	return "Noto Sans,Noto Naskh Arabic,Noto Nastaliq Urdu," OTHER_SCRIPTS;
}

const char *poster_fonts_code(void)
{
	return "DejaVu Sans Mono";
}

double poster_fonts_scale(const char *lang)
{
	static const char *const naskh[] = {"ar", "fa", "ps", "ckb", "prs", "sd", "ug"};
	for (size_t i = 0; i < sizeof naskh / sizeof naskh[0]; i++)
		if (is_lang(lang, naskh[i]))
			return 1.12;
	return 1;
}

/* ---- signs that no font has ---------------------------------------------------------------------------------------- */

/* Drawn as nothing, whatever the font has: white space, and Unicode's Default_Ignorable_Code_Point as far as anybody types it. */
static bool is_unseen(uint32_t point)
{
	return utf8_is_space(point) || g_unichar_type(point) == G_UNICODE_FORMAT || point == 0x34f || point == 0x115f ||
	       point == 0x1160 || point == 0x17b4 || point == 0x17b5 || point == 0x3164 || point == 0xffa0 ||
	       (point >= 0x180b && point <= 0x180f) || (point >= 0xfe00 && point <= 0xfe0f) ||
	       (point >= 0xe0000 && point <= 0xe0fff);
}

static bool has_point(const FcFontSet *set, uint32_t point)
{
	for (int i = 0; set && i < set->nfont; i++) {
		FcCharSet *signs = NULL;
		if (FcPatternGetCharSet(set->fonts[i], FC_CHARSET, 0, &signs) == FcResultMatch &&
		    FcCharSetHasChar(signs, point))
			return true;
	}
	return false;
}

/* What to call the script of POINT, and the package that has its font. */
static void name_script(uint32_t point, char words[], size_t size, const char **package)
{
	static const struct {
		GUnicodeScript script;
		const char *name, *package;
	} names[] = {
		{G_UNICODE_SCRIPT_ARABIC, "Arabic", NULL},
		{G_UNICODE_SCRIPT_BENGALI, "Bengali", NULL},
		{G_UNICODE_SCRIPT_GURMUKHI, "Gurmukhi", NULL},
		{G_UNICODE_SCRIPT_DEVANAGARI, "Devanagari", NULL},
		{G_UNICODE_SCRIPT_GUJARATI, "Gujarati", NULL},
		{G_UNICODE_SCRIPT_TAMIL, "Tamil", NULL},
		{G_UNICODE_SCRIPT_ETHIOPIC, "Ethiopic", NULL},
		{G_UNICODE_SCRIPT_HEBREW, "Hebrew", NULL},
		{G_UNICODE_SCRIPT_HAN, "Chinese", "fonts-noto-cjk"},
		{G_UNICODE_SCRIPT_HIRAGANA, "Japanese", "fonts-noto-cjk"},
		{G_UNICODE_SCRIPT_KATAKANA, "Japanese", "fonts-noto-cjk"},
		{G_UNICODE_SCRIPT_HANGUL, "Korean", "fonts-noto-cjk"},
		{G_UNICODE_SCRIPT_BOPOMOFO, "Chinese", "fonts-noto-cjk"},
	};
	GUnicodeScript script = g_unichar_get_script(point);
	*package = "fonts-noto-core";
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (names[i].script == script) {
			snprintf(words, size, "in the %s script", names[i].name);
			*package = names[i].package ? names[i].package : *package;
			return;
		}
	guint32 tag = g_unicode_script_to_iso15924(script); /* four letters */
	if (script == G_UNICODE_SCRIPT_COMMON || script == G_UNICODE_SCRIPT_INHERITED ||
	    script == G_UNICODE_SCRIPT_UNKNOWN || tag == 0) {
		snprintf(words, size, "%s", "a picture or symbol");
		*package = NULL;
	} else
		snprintf(words, size, "in the script %c%c%c%c", (char) (tag >> 24), (char) (tag >> 16 & 0xff),
			 (char) (tag >> 8 & 0xff), (char) (tag & 0xff));
}

enum err poster_fonts_check(const struct poster_fonts *fonts, const char *key, const char *text,
			    struct poster_trouble *trouble)
{
	const FcFontSet *set = FcConfigGetFonts(fonts->config, FcSetApplication);
	uint32_t point;
	for (const char *at = text; (point = utf8_next(&at)) != 0;) {
		if (is_unseen(point) || has_point(set, point))
			continue;
		char script[64];
		const char *package;
		name_script(point, script, sizeof script, &package);
		if (!package)
			return poster_refuse(trouble, ERR_NOT_FOUND,
					     "%s has a sign (U+%04X, %s) that no font of posters has: take it out", key,
					     (unsigned) point, script);
		return poster_refuse(trouble, ERR_NOT_FOUND,
				     "%s has a sign (U+%04X, %s) that no font here has: install the package %s, or "
				     "take it out",
				     key, (unsigned) point, script, package);
	}
	return ERR_OK;
}
