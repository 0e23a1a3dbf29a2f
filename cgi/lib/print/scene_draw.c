/* SPDX-License-Identifier: MIT */
/* scene_draw.c: draws a scene with cairo, text with its structure tags (ISO 32000-1, 14.7) where the surface is a PDF.
 *
 * Only what is read is tagged; panels, lines and icons say nothing that the words beside them do not. */
#include "lib/print/scene.h"

#include "lib/print/qr.h"
#include "lib/print/qr_matrix.h"
#include "lib/print/scene_glyphs.h"

#include <cairo-pdf.h>
#include <math.h>

static const double pi = 3.14159265358979323846;

static void set_colour(cairo_t *context, struct scene_colour colour)
{
	cairo_set_source_rgb(context, colour.red, colour.green, colour.blue);
}

static void draw_text(cairo_t *context, const struct scene_item *item)
{
	set_colour(context, item->colour);
	scene_glyphs_show(context, item->layout, item->box.x + item->layout_x, item->box.y + item->layout_y);
}

static void path_panel(cairo_t *context, struct scene_box box, double radius)
{
	double right = box.x + box.width, bottom = box.y + box.height;
	cairo_new_sub_path(context);
	cairo_arc(context, right - radius, box.y + radius, radius, -pi / 2, 0);
	cairo_arc(context, right - radius, bottom - radius, radius, 0, pi / 2);
	cairo_arc(context, box.x + radius, bottom - radius, radius, pi / 2, pi);
	cairo_arc(context, box.x + radius, box.y + radius, radius, pi, 3 * pi / 2);
	cairo_close_path(context);
}

static void draw_panel(cairo_t *context, const struct scene_item *item)
{
	path_panel(context, item->box, item->radius);
	if (item->is_filled) {
		set_colour(context, item->colour);
		cairo_fill_preserve(context);
	}
	if (item->has_border) {
		set_colour(context, item->border);
		cairo_set_line_width(context, item->thickness);
		cairo_stroke_preserve(context);
	}
	cairo_new_path(context);
}

static void draw_line(cairo_t *context, const struct scene_item *item)
{
	set_colour(context, item->colour);
	cairo_set_line_width(context, item->thickness);
	cairo_set_line_cap(context, item->dash > 0 ? CAIRO_LINE_CAP_BUTT : CAIRO_LINE_CAP_ROUND);
	cairo_set_dash(context, &item->dash, item->dash > 0 ? 1 : 0, 0);
	cairo_move_to(context, item->box.x, item->box.y);
	cairo_line_to(context, item->box.x + item->box.width, item->box.y + item->box.height);
	cairo_stroke(context);
}

/* White under it, whatever the page is like: the quiet zone is part of the symbol. */
static void draw_code(cairo_t *context, const struct scene_item *item)
{
	cairo_set_source_rgb(context, 1, 1, 1);
	cairo_rectangle(context, item->box.x, item->box.y, item->box.width, item->box.height);
	cairo_fill(context);
	cairo_translate(context, item->box.x, item->box.y);
	qr_matrix_draw(context, item->code, item->box.width / (item->code->width + 2 * QR_QUIET_MODULES));
}

/* ---- icons: drawn on a square of 24 by 24, lines 2 wide ------------------------------------------------------------- */

static void path_circle(cairo_t *context, double x, double y, double radius)
{
	cairo_new_sub_path(context);
	cairo_arc(context, x, y, radius, 0, 2 * pi);
}

static void path_lines(cairo_t *context, const double points[][2], size_t count)
{
	cairo_move_to(context, points[0][0], points[0][1]);
	for (size_t i = 1; i < count; i++)
		cairo_line_to(context, points[i][0], points[i][1]);
}
#define PATH(context, ...)                                                                                             \
	do {                                                                                                           \
		static const double points[][2] = {__VA_ARGS__};                                                       \
		path_lines(context, points, sizeof points / sizeof points[0]);                                         \
	} while (0)

static void path_clock(cairo_t *context)
{
	path_circle(context, 12, 12, 9);
	PATH(context, {12, 6.5}, {12, 12}, {15.8, 14.2});
}

static void path_lock(cairo_t *context)
{
	path_panel(context, (struct scene_box){4, 10.5, 16, 10.5}, 2.5);
	cairo_move_to(context, 7.5, 10.5);
	cairo_line_to(context, 7.5, 7.5);
	cairo_arc(context, 12, 7.5, 4.5, pi, 2 * pi);
	cairo_line_to(context, 16.5, 10.5);
	PATH(context, {12, 14.5}, {12, 17});
}

static void path_calendar(cairo_t *context)
{
	path_panel(context, (struct scene_box){3.5, 5, 17, 15.5}, 2.5);
	PATH(context, {3.5, 10}, {20.5, 10});
	PATH(context, {8, 2.8}, {8, 6.5});
	PATH(context, {16, 2.8}, {16, 6.5});
}

static void path_paper(cairo_t *context)
{
	PATH(context, {14, 3}, {5.5, 3}, {5.5, 21}, {18.5, 21}, {18.5, 7.5}, {14, 3}, {14, 7.5}, {18.5, 7.5});
	PATH(context, {9, 12}, {15, 12});
	PATH(context, {9, 16}, {15, 16});
}

static void path_phone(cairo_t *context)
{
	path_panel(context, (struct scene_box){7, 2.5, 10, 19}, 2.2);
	PATH(context, {11, 18.2}, {13, 18.2});
}

/* The product's mark: depths. */
static void path_depths(cairo_t *context)
{
	PATH(context, {3, 4}, {3, 9.25});
	PATH(context, {7.5, 4}, {7.5, 15.25});
	PATH(context, {12, 4}, {12, 20.5});
	PATH(context, {16.5, 4}, {16.5, 13});
	PATH(context, {21, 4}, {21, 16.75});
}

static void path_scissors(cairo_t *context)
{
	path_circle(context, 6, 6.5, 2.8);
	path_circle(context, 6, 17.5, 2.8);
	PATH(context, {8.3, 8.2}, {20, 17});
	PATH(context, {8.3, 15.8}, {20, 7});
}

static void draw_icon(cairo_t *context, const struct scene_item *item)
{
	static void (*const paths[])(cairo_t *) = {
		[SCENE_CLOCK] = path_clock,       [SCENE_LOCK] = path_lock,   [SCENE_CALENDAR] = path_calendar,
		[SCENE_PAPER] = path_paper,       [SCENE_PHONE] = path_phone, [SCENE_DEPTHS] = path_depths,
		[SCENE_SCISSORS] = path_scissors,
	};
	set_colour(context, item->colour);
	cairo_translate(context, item->box.x, item->box.y);
	cairo_scale(context, item->box.width / 24, item->box.width / 24);
	cairo_set_line_width(context, item->icon == SCENE_DEPTHS ? 2.25 : 1.8);
	cairo_set_line_cap(context, CAIRO_LINE_CAP_ROUND);
	cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND);
	cairo_new_path(context);
	paths[item->icon](context);
	cairo_stroke(context);
}

/* ---- the page ------------------------------------------------------------------------------------------------------ */

static void draw_item(const struct scene *scene, cairo_t *context, const struct scene_item *item)
{
	static void (*const draws[])(cairo_t *, const struct scene_item *) = {
		[SCENE_TEXT] = draw_text, [SCENE_CODE] = draw_code, [SCENE_PANEL] = draw_panel,
		[SCENE_LINE] = draw_line, [SCENE_ICON] = draw_icon,
	};
	cairo_save(context);
	if (item->is_turned) {
		cairo_translate(context, scene->width, scene->height / 2);
		cairo_rotate(context, pi);
	}
	draws[item->shape](context, item);
	cairo_restore(context);
}

void scene_draw(const struct scene *scene, cairo_t *context, bool has_tags)
{
	static const char *const tags[] = {
		[SCENE_H1] = "H1", [SCENE_H2] = "H2", [SCENE_P] = "P", [SCENE_FIGURE] = "Figure"};
	set_colour(context, scene->paper);
	cairo_paint(context);
	if (has_tags)
		cairo_tag_begin(context, "Document", "");
	for (size_t i = 0; i < scene->count; i++) {
		const struct scene_item *item = &scene->items[i];
		bool is_tagged = has_tags && item->role != SCENE_DECOR;
		if (is_tagged)
			cairo_tag_begin(context, tags[item->role], "");
		draw_item(scene, context, item);
		if (is_tagged)
			cairo_tag_end(context, tags[item->role]);
	}
	if (has_tags)
		cairo_tag_end(context, "Document");
}
