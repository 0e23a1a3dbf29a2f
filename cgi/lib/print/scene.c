/* SPDX-License-Identifier: MIT */
/* scene.c: the list of things on a page: text is measured by pango when it is added, and nothing is drawn here.
 *
 * Text never becomes markup: pango_layout_set_text. Each text is a paragraph of its own, so nothing in it changes the direction
 * of another. */
#include "lib/print/scene.h"

#include "lib/print/poster_fonts.h"
#include "lib/print/poster_words.h"
#include "lib/print/qr.h"

#include <math.h>
#include <string.h>

enum { BALANCED_LINES_MAX = 7, BALANCE_STEPS = 7 };

static const double touching = 0.01;       /* what lies closer is rounding */
static const double nastaliq_lines = 1.95; /* of the type's size, apart */

static PangoContext *context_new(PangoFontMap *map, bool is_rtl)
{
	PangoContext *context = pango_font_map_create_context(map);
	if (!context)
		return NULL;
	cairo_font_options_t *options = cairo_font_options_create();
	cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE); /* paper has no pixels to fit to */
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
	pango_cairo_context_set_font_options(context, options);
	cairo_font_options_destroy(options);
	pango_context_set_round_glyph_positions(context, FALSE);
	pango_context_set_base_dir(context, is_rtl ? PANGO_DIRECTION_RTL : PANGO_DIRECTION_LTR);
	pango_context_set_language(context, pango_language_from_string(is_rtl ? "ar" : "en"));
	return context;
}

void scene_init(struct scene *scene, PangoFontMap *map, struct arena *arena, double width, double height)
{
	*scene = (struct scene){.arena = arena, .width = width, .height = height, .paper = {1, 1, 1}};
	scene->items = arena_array(arena, SCENE_ITEMS_MAX, struct scene_item);
	for (int is_rtl = 0; is_rtl <= 1; is_rtl++)
		scene->contexts[is_rtl] = context_new(map, is_rtl);
	scene->is_failed = !scene->items || !scene->contexts[0] || !scene->contexts[1];
}

void scene_fini(struct scene *scene)
{
	scene_cut(scene, 0);
	for (int i = 0; i <= 1; i++) {
		if (scene->contexts[i])
			g_object_unref(scene->contexts[i]);
		scene->contexts[i] = NULL;
	}
}

void scene_cut(struct scene *scene, size_t count)
{
	while (scene->count > count) {
		struct scene_item *item = &scene->items[--scene->count];
		if (item->layout)
			g_object_unref(item->layout);
	}
}

static struct scene_item *add(struct scene *scene, enum scene_shape shape)
{
	if (scene->is_failed || scene->count == SCENE_ITEMS_MAX) {
		scene->is_failed = true;
		return &scene->nowhere;
	}
	struct scene_item *item = &scene->items[scene->count++];
	*item = (struct scene_item){.shape = shape, .is_turned = scene->is_turning};
	return item;
}

/* ---- text -------------------------------------------------------------------------------------------------------- */

static void set_font(PangoLayout *layout, const char *lang, const struct scene_style *style)
{
	PangoFontDescription *font = pango_font_description_new();
	double scale = style->is_code ? 1 : poster_fonts_scale(lang);
	pango_font_description_set_family_static(font,
						 style->is_code ? poster_fonts_code() : poster_fonts_families(lang));
	pango_font_description_set_weight(font,
					  style->is_bold || style->is_code ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
	pango_font_description_set_absolute_size(font, style->size * scale * PANGO_SCALE);
	pango_layout_set_font_description(layout, font);
	pango_font_description_free(font);
}

static void set_attributes(PangoLayout *layout, const char *lang, const struct scene_style *style)
{
	PangoAttrList *list = pango_attr_list_new();
	if (style->spacing > 0)
		pango_attr_list_insert(list, pango_attr_letter_spacing_new((int) (style->spacing * PANGO_SCALE)));
	pango_attr_list_insert(list, pango_attr_language_new(pango_language_from_string(lang)));
	pango_attr_list_insert(list, pango_attr_fallback_new(TRUE));
	pango_layout_set_attributes(layout, list);
	pango_attr_list_unref(list);
}

/* Nastaliq's own lines are two and a half times its size apart, for its highest and lowest words; 1.95 is what is read well. */
static double line_scale(PangoLayout *layout, const char *lang, double size)
{
	PangoRectangle logical;
	pango_layout_line_get_extents(pango_layout_get_line_readonly(layout, 0), NULL, &logical);
	double natural = logical.height / (double) PANGO_SCALE;
	return poster_fonts_is_nastaliq(lang) && natural > nastaliq_lines * size ? nastaliq_lines * size / natural : 1;
}

static PangoLayout *layout_new(struct scene *scene, const char *text, const char *lang, bool is_rtl,
			       const struct scene_style *style)
{
	char *words = poster_words(scene->arena, text, is_rtl);
	if (scene->is_failed || !words) {
		scene->is_failed = true;
		return NULL;
	}
	PangoLayout *layout = pango_layout_new(scene->contexts[is_rtl]);
	pango_layout_set_auto_dir(layout, style->is_foreign);
	pango_layout_set_text(layout, words, -1);
	/* pango takes left for right, and right for left, where words turn out to go against their context. */
	bool is_against = style->is_foreign && (pango_layout_get_direction(layout, 0) == PANGO_DIRECTION_RTL) != is_rtl;
	pango_layout_set_alignment(layout, is_rtl != is_against ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
	pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	set_font(layout, lang, style);
	set_attributes(layout, lang, style);
	double scale = line_scale(layout, lang, style->size), leading = style->leading > 0 ? style->leading : 1;
	pango_layout_set_line_spacing(layout, (float) (scale < 1 ? scale : leading));
	return layout;
}

/* Whether lines end where a line may end, and none is wider than WIDTH. */
static void check_lines(struct scene *scene, PangoLayout *layout, double width)
{
	int signs_count = 0;
	const PangoLogAttr *attributes = pango_layout_get_log_attrs_readonly(layout, &signs_count);
	const char *text = pango_layout_get_text(layout);
	for (GSList *at = pango_layout_get_lines_readonly(layout); at; at = at->next) {
		PangoLayoutLine *line = at->data;
		PangoRectangle logical;
		pango_layout_line_get_extents(line, NULL, &logical);
		if (logical.width > width * PANGO_SCALE + PANGO_SCALE)
			scene->is_crowded = true;
		int end = pango_layout_line_get_start_index(line) + pango_layout_line_get_length(line);
		long place = g_utf8_pointer_to_offset(text, text + end);
		if (at->next && place < signs_count && !attributes[place].is_line_break && text[end] != '\n')
			scene->is_broken = true;
	}
}

/* Lines of about one length, not one word alone in the last: the least width with as many lines. Gives that width. */
static double balance(PangoLayout *layout, double width)
{
	int lines = pango_layout_get_line_count(layout);
	double low = width / 2, high = width;
	for (unsigned step = 0; lines > 1 && lines < BALANCED_LINES_MAX && step < BALANCE_STEPS; step++) {
		double middle = (low + high) / 2;
		pango_layout_set_width(layout, (int) ceil(middle * PANGO_SCALE));
		*(pango_layout_get_line_count(layout) > lines ? &low : &high) = middle;
	}
	pango_layout_set_width(layout, (int) ceil(high * PANGO_SCALE));
	return high;
}

double scene_text(struct scene *scene, const char *text, const char *lang, bool is_rtl, const struct scene_style *style,
		  double x, double y, double width)
{
	if (!text || scene->is_failed)
		return 0;
	PangoLayout *layout = layout_new(scene, text, lang, is_rtl, style);
	if (!layout)
		return 0;
	pango_layout_set_width(layout, (int) ceil(width * PANGO_SCALE));
	if (!style->is_one_line) {
		double narrow = balance(layout, width);
		x += is_rtl ? width - narrow : 0;
		width = narrow;
	}
	check_lines(scene, layout, width);
	if (style->is_one_line && pango_layout_get_line_count(layout) > 1)
		scene->is_crowded = true;
	PangoRectangle ink, logical;
	pango_layout_get_extents(layout, &ink, &logical);
	double natural = logical.height / (double) pango_layout_get_line_count(layout);
	double trim = natural * (1 - line_scale(layout, lang, style->size)) / 2; /* what one line has too much */
	logical.y += (int) trim;
	logical.height -= (int) (2 * trim);
	double top = fmin(logical.y, ink.height > 0 ? ink.y : logical.y) /
		     PANGO_SCALE; /* marks that stand out of their line */
	double bottom = fmax(logical.y + logical.height, ink.y + ink.height) / (double) PANGO_SCALE;
	double right = fmax(logical.x + logical.width, ink.x + ink.width) / (double) PANGO_SCALE;
	double from = (double) (ink.width > 0 && ink.x < logical.x ? ink.x : logical.x) /
		      PANGO_SCALE; /* of the text itself */
	if (right - from > width + style->size / 3)
		scene->is_crowded = true;
	x += right > width ? width - right
	     : from < 0    ? -from
			   : 0; /* strokes that reach out of their line, as Nastaliq's do */
	struct scene_item *item = add(scene, SCENE_TEXT);
	item->role = style->role;
	item->lang = lang;
	item->layout = layout;
	item->colour = style->colour;
	item->box = (struct scene_box){x + fmin(from, right), y, right - fmin(from, right), bottom - top};
	item->layout_x = -fmin(from, right);
	item->layout_y = -top;
	if (scene->is_failed) {
		g_object_unref(layout);
		return 0;
	}
	return bottom - top;
}

double scene_text_width(struct scene *scene, const char *text, const char *lang, bool is_rtl,
			const struct scene_style *style)
{
	PangoLayout *layout = text ? layout_new(scene, text, lang, is_rtl, style) : NULL;
	if (!layout)
		return 0;
	PangoRectangle ink, logical;
	pango_layout_get_extents(layout, &ink, &logical);
	g_object_unref(layout);
	int left = ink.x < logical.x ? ink.x : logical.x;
	int right = ink.x + ink.width > logical.x + logical.width ? ink.x + ink.width : logical.x + logical.width;
	return (right - left) / (double) PANGO_SCALE;
}

/* ---- everything else ----------------------------------------------------------------------------------------------- */

void scene_panel(struct scene *scene, struct scene_box box, double radius, const struct scene_colour *fill,
		 const struct scene_colour *border, double thickness)
{
	struct scene_item *item = add(scene, SCENE_PANEL);
	item->box = box;
	item->radius = radius;
	item->is_filled = fill != NULL;
	item->has_border = border != NULL;
	if (fill)
		item->colour = *fill;
	if (border)
		item->border = *border;
	item->thickness = thickness;
}

void scene_line(struct scene *scene, double x, double y, double x2, double y2, struct scene_colour colour,
		double thickness, double dash)
{
	struct scene_item *item = add(scene, SCENE_LINE);
	item->box = (struct scene_box){x, y, x2 - x, y2 - y};
	item->colour = colour;
	item->thickness = thickness;
	item->dash = dash;
}

void scene_icon(struct scene *scene, enum scene_icon icon, double x, double y, double size, struct scene_colour colour)
{
	struct scene_item *item = add(scene, SCENE_ICON);
	item->box = (struct scene_box){x, y, size, size};
	item->icon = icon;
	item->colour = colour;
}

double scene_code_width(const QRcode *code, double side)
{
	return side * (code->width + 2 * QR_QUIET_MODULES) / code->width;
}

double scene_code(struct scene *scene, const QRcode *code, const char *lang, const char *alt, double x, double y,
		  double side)
{
	double width = scene_code_width(code, side);
	struct scene_item *item = add(scene, SCENE_CODE);
	item->role = SCENE_FIGURE;
	item->lang = lang;
	item->alt = alt;
	item->code = code;
	item->box = (struct scene_box){x, y, width, width};
	return width;
}

/* ---- places -------------------------------------------------------------------------------------------------------- */

void scene_move(struct scene *scene, size_t first, double x, double y)
{
	for (size_t i = first; i < scene->count; i++) {
		scene->items[i].box.x += x;
		scene->items[i].box.y += y;
	}
}

double scene_bottom(const struct scene *scene, size_t first)
{
	double bottom = 0;
	for (size_t i = first; i < scene->count; i++)
		bottom = fmax(bottom, scene->items[i].box.y + scene->items[i].box.height);
	return bottom;
}

struct scene_box scene_place(const struct scene *scene, const struct scene_item *item)
{
	struct scene_box box = item->box;
	if (item->is_turned) {
		box.x = scene->width - box.x - box.width;
		box.y = scene->height / 2 - box.y - box.height;
	}
	return box;
}

static bool is_held(const struct scene_item *item)
{
	return item->shape == SCENE_TEXT || item->shape == SCENE_CODE;
}

static bool is_inside(const struct scene *scene, struct scene_box box, double margin)
{
	double slack = margin - touching;
	return box.x >= slack && box.y >= slack && box.x + box.width <= scene->width - slack &&
	       box.y + box.height <= scene->height - slack;
}

static bool is_apart(struct scene_box a, struct scene_box b)
{
	return a.x + a.width <= b.x + touching || b.x + b.width <= a.x + touching || a.y + a.height <= b.y + touching ||
	       b.y + b.height <= a.y + touching;
}

bool scene_is_sound(const struct scene *scene, double margin, size_t *first, size_t *second)
{
	for (size_t i = 0; i < scene->count; i++) {
		if (!is_held(&scene->items[i]))
			continue;
		struct scene_box box = scene_place(scene, &scene->items[i]);
		*first = *second = i;
		if (!is_inside(scene, box, margin))
			return false;
		for (size_t j = 0; j < i; j++) {
			*second = j;
			if (is_held(&scene->items[j]) && !is_apart(box, scene_place(scene, &scene->items[j])))
				return false;
		}
	}
	return true;
}
