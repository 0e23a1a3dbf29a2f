/* SPDX-License-Identifier: MIT */
/* scene_glyphs.c: draws text so that its words can be taken out of a PDF again (ISO 32000-1, 14.9.4), by people who copy them and by
 * programs that read them aloud or search.
 *
 * A reader of PDF sees glyphs at places. Where one stands for one character that is enough. Where several do, or one for several, cairo
 * writes the characters beside them as ActualText, and readers put them between the beginning of the first glyph and the end of the
 * last, from left to right, on the first one's line. So what needs it begins and ends with a blank on the line itself: the words of
 * Nastaliq climb, and the last glyph of a cluster of Bengali may be its first to the eye. Arabic is given a character at a time, each in
 * its place, since from left to right several would come out backwards; and it is drawn from left to right, for the same readers. What
 * follows the structure instead finds each text whole and in its order there (poster_pdf.c). */
#include "lib/print/scene_glyphs.h"

#include "lib/base/utf8.h"

#include <glib.h>
#include <hb.h>
#include <stdbool.h>
#include <string.h>

enum { CHARS_MAX = 32 /* of one cluster; the last has what is left */ };

/* A run on its way to cairo. */
struct run {
	GArray *glyphs, *clusters; /* cairo_glyph_t, cairo_text_cluster_t */
	GString *text;
	double x, y; /* of the run's beginning, on its line */
	hb_codepoint_t blank;
	double blank_width;
	bool is_rtl;
};

/* Fonts are asked for every sign before (poster_fonts_check), so what pango has no glyph for is a sign that is blank in itself. */
static bool is_drawn(PangoGlyph glyph)
{
	return glyph != PANGO_GLYPH_EMPTY && (glyph & PANGO_GLYPH_UNKNOWN_FLAG) == 0;
}

static double units(int pango_units)
{
	return pango_units / (double) PANGO_SCALE;
}

static void put_blank(struct run *run, double x)
{
	cairo_glyph_t glyph = {run->blank, x, run->y};
	g_array_append_val(run->glyphs, glyph);
}

/* Ends a cluster that stands for LENGTH bytes of TEXT and has the glyphs from FIRST on. */
static void put_cluster(struct run *run, const char *text, int length, guint first)
{
	cairo_text_cluster_t cluster = {length, (int) (run->glyphs->len - first)};
	g_string_append_len(run->text, text, length);
	g_array_append_val(run->clusters, cluster);
}

/* The glyphs of a cluster from left to right, as the run has them. Gives how wide they are. */
static double put_glyphs(struct run *run, const PangoGlyphString *glyphs, int from, int to, double x)
{
	double at = x;
	for (int i = from; i < to; i++) {
		const PangoGlyphInfo *info = &glyphs->glyphs[i];
		if (is_drawn(info->glyph)) {
			cairo_glyph_t glyph = {info->glyph, at + units(info->geometry.x_offset),
					       run->y + units(info->geometry.y_offset)};
			g_array_append_val(run->glyphs, glyph);
		}
		at += units(info->geometry.width);
	}
	return at - x;
}

static double width_of(const PangoGlyphString *glyphs, int from, int to)
{
	int width = 0;
	for (int i = from; i < to; i++)
		width += glyphs->glyphs[i].geometry.width;
	return units(width);
}

static bool has_glyph(const PangoGlyphString *glyphs, int from, int to)
{
	for (int i = from; i < to; i++)
		if (is_drawn(glyphs->glyphs[i].glyph))
			return true;
	return false;
}

/* Several characters of text from right to left: each in its share of the width, the first one, with all that is seen, at the right. */
static void put_backwards(struct run *run, const PangoGlyphString *glyphs, int from, int to, const char *text,
			  int length, double x, double width)
{
	const char *ends[CHARS_MAX + 1] = {text};
	int count = 0;
	for (const char *at = text; at < text + length && count < CHARS_MAX; ends[++count] = at)
		utf8_next(&at);
	ends[count] = text + length;
	double share = width / count;
	for (int i = count - 1; i >= 0; i--) {
		guint first = run->glyphs->len;
		double left = x + share * (count - 1 - i);
		put_blank(run, left);
		if (i == 0)
			put_glyphs(run, glyphs, from, to, x);
		put_blank(run, left + share - run->blank_width);
		put_cluster(run, ends[i], (int) (ends[i + 1] - ends[i]), first);
	}
}

/* Glyphs FROM to TO stand for LENGTH bytes of TEXT. Gives how wide they are. */
static double put_part(struct run *run, const PangoGlyphString *glyphs, int from, int to, const char *text, int length,
		       double x)
{
	double width = width_of(glyphs, from, to);
	guint first = run->glyphs->len, seen = 0;
	bool is_level = true;
	for (int i = from; i < to; i++) {
		seen += is_drawn(glyphs->glyphs[i].glyph);
		is_level = is_level && glyphs->glyphs[i].geometry.y_offset == 0;
	}
	glong count = g_utf8_strlen(text, length);
	bool is_space = g_unichar_isspace(g_utf8_get_char(text));
	if (seen == 0 && (!is_space || run->blank == 0))
		return width;
	if (seen == 0) { /* the space at the end of a line */
		put_blank(run, x);
		put_cluster(run, " ", 1, first);
	} else if (run->blank == 0 || (seen == 1 && is_level && width > 0 && (count == 1 || !run->is_rtl))) {
		put_glyphs(run, glyphs, from, to, x);
		put_cluster(run, text, length, first);
	} else if (run->is_rtl)
		put_backwards(run, glyphs, from, to, text, length, x, width);
	else {
		put_blank(run, x);
		put_glyphs(run, glyphs, from, to, x);
		put_blank(run, x + width - run->blank_width);
		put_cluster(run, text, length, first);
	}
	return width;
}

/* A cluster, and behind it those of signs that take no room of their own. */
struct part {
	int from, to, start, end; /* glyphs and bytes, the last not in it */
};

static double flush(struct run *run, const PangoGlyphItem *item, const char *text, struct part part, double x)
{
	return part.to > part.from
		       ? put_part(run, item->glyphs, part.from, part.to, text + part.start, part.end - part.start, x)
		       : 0;
}

static void put_run_forwards(struct run *run, PangoGlyphItem *item, const char *text)
{
	PangoGlyphItemIter iter;
	struct part part = {0};
	double x = run->x;
	for (bool has = pango_glyph_item_iter_init_start(&iter, item, text); has;
	     has = pango_glyph_item_iter_next_cluster(&iter)) {
		bool is_sign = part.to > part.from && has_glyph(item->glyphs, iter.start_glyph, iter.end_glyph) &&
			       width_of(item->glyphs, iter.start_glyph, iter.end_glyph) <= 0;
		if (!is_sign) {
			x += flush(run, item, text, part, x);
			part = (struct part){iter.start_glyph, iter.end_glyph, iter.start_index, iter.end_index};
		}
		part.to = iter.end_glyph;
		part.end = iter.end_index;
	}
	flush(run, item, text, part, x);
}

/* From left to right all the same, which is from the end of the text. */
static void put_run_backwards(struct run *run, PangoGlyphItem *item, const char *text)
{
	PangoGlyphItemIter iter;
	double x = run->x;
	for (bool has = pango_glyph_item_iter_init_end(&iter, item, text); has;
	     has = pango_glyph_item_iter_prev_cluster(&iter)) {
		struct part part = {iter.end_glyph + 1, iter.start_glyph + 1, iter.start_index, iter.end_index};
		x += flush(run, item, text, part, x);
	}
}

static void show_run(cairo_t *context, PangoGlyphItem *item, const char *text, double x, double y)
{
	PangoFont *font = item->item->analysis.font;
	hb_font_t *shapes = pango_font_get_hb_font(font);
	struct run run = {.glyphs = g_array_new(FALSE, FALSE, sizeof(cairo_glyph_t)),
			  .clusters = g_array_new(FALSE, FALSE, sizeof(cairo_text_cluster_t)),
			  .text = g_string_new(NULL),
			  .x = x,
			  .y = y,
			  .is_rtl = item->item->analysis.level % 2 == 1};
	if (hb_font_get_nominal_glyph(shapes, ' ', &run.blank))
		run.blank_width = units(hb_font_get_glyph_h_advance(shapes, run.blank));
	(run.is_rtl ? put_run_backwards : put_run_forwards)(&run, item, text);
	cairo_set_scaled_font(context, pango_cairo_font_get_scaled_font(PANGO_CAIRO_FONT(font)));
	cairo_show_text_glyphs(context, run.text->str, (int) run.text->len, (cairo_glyph_t *) (void *) run.glyphs->data,
			       (int) run.glyphs->len, (cairo_text_cluster_t *) (void *) run.clusters->data,
			       (int) run.clusters->len, 0);
	g_array_free(run.glyphs, TRUE);
	g_array_free(run.clusters, TRUE);
	g_string_free(run.text, TRUE);
}

void scene_glyphs_show(cairo_t *context, PangoLayout *layout, double x, double y)
{
	PangoLayoutIter *iter = pango_layout_get_iter(layout);
	do {
		PangoLayoutRun *item = pango_layout_iter_get_run_readonly(iter);
		PangoRectangle place;
		if (!item)
			continue;
		pango_layout_iter_get_run_extents(iter, NULL, &place);
		show_run(context, item, pango_layout_get_text(layout), x + units(place.x),
			 y + units(pango_layout_iter_get_baseline(iter)));
	} while (pango_layout_iter_next_run(iter));
	pango_layout_iter_free(iter);
}
