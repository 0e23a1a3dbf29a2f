/* SPDX-License-Identifier: MIT */
/* poster_sheet.c: a poster for a wall, A4 or A3. Words above, and below them, where eyes of people who sit in wheelchairs and of
 * children are, the code on a tinted field with the address that can be typed instead. */
#include "lib/print/poster_page.h"

#include "lib/print/poster_size.h"

#include <math.h>

static const double margin_mm = 15, pad_mm = 7, card_pad_mm = 1;

enum { DENSITIES = 3 }; /* with icons; facts as running text; and the code's field without its air */

/* The words of one language, large. */
static double lay_one(struct poster_page *page, double y, double x, double width)
{
	struct poster_sizes sizes = {.lead = 34, .title = 19, .body = 15, .gap = 9};
	const struct poster_face *face = &page->request->faces[0];
	double from = y;
	y += poster_part_face(page, 0, POSTER_WITH_LEAD | POSTER_WITH_TITLE, sizes, x, y, width);
	double event = poster_part_event(page, face->title, 14, x, y, width);
	y += event > 0 ? event + sizes.gap * page->scale : 0;
	return y + poster_part_face(page, 0, POSTER_WITH_WHAT, sizes, x, y, width) - from;
}

/* Those of several, side by side. What they have in common stands above. */
static double lay_several(struct poster_page *page, struct poster_faces faces, double y, double x, double width)
{
	struct poster_sizes sizes = {
		.lead = faces.count > 2 ? 19 : 23, .title = 15, .body = 14, .gap = faces.count > 2 ? 5 : 7};
	bool is_shared = poster_has_one_title(page, faces);
	unsigned with = POSTER_WITH_LEAD | POSTER_WITH_WHAT | POSTER_WITH_FACTS | POSTER_WITH_CONTACT |
			(is_shared ? 0 : POSTER_WITH_TITLE) | (page->density > 0 ? POSTER_JOINED : 0);
	double from = y;
	if (is_shared) {
		struct poster_sizes head = {.title = 21, .gap = 4};
		y += poster_part_face(page, 0, POSTER_WITH_TITLE, head, x, y, width);
	}
	double event = poster_part_event(page, is_shared ? page->request->faces[0].title : NULL, 14, x, y, width);
	y += event;
	if (is_shared || event > 0)
		y += 5 * page->mm * fmin(page->scale, 1.3);
	return y + poster_part_grid(page, faces, with, sizes, 2, 9 * page->mm, x, y, width) - from;
}

/* Beside the code: with one language what there is to know, with several how to get there by hand. */
static double lay_beside(struct poster_page *page, struct poster_faces faces, double x, double y, double width)
{
	double gap = 3 * page->mm * page->scale;
	if (faces.count == 1) {
		struct poster_sizes sizes = {.body = 16, .gap = 15};
		return poster_part_face(page, 0, POSTER_WITH_FACTS, sizes, x, y, width) - sizes.gap * page->scale * 0.5;
	}
	double height = poster_part_address(page, faces, 14, 22, x, y, width) + gap;
	return height + poster_part_typed_code(page, faces, 14, 30, x, y + height, width);
}

/* Under the code and what is beside it, with one language: how to get there by hand. */
static double lay_under(struct poster_page *page, struct poster_faces faces, double x, double y, double width)
{
	bool is_rtl = page->request->faces[0].is_rtl;
	size_t first = page->scene->count;
	double half = width * 0.57, rest = width - half - 6 * page->mm;
	double height = poster_part_address(page, faces, 14, 23, is_rtl ? x + width - half : x, y, half);
	size_t second = page->scene->count;
	double code = poster_part_typed_code(page, faces, 15, 34, is_rtl ? x : x + width - rest, y, rest);
	if (code < height)
		scene_move(page->scene, second, 0, (height - code) / 2);
	else
		for (size_t i = first; i < second; i++)
			page->scene->items[i].box.y += (code - height) / 2;
	return fmax(code, height);
}

/* The tinted field. Its height is known when everything lies on it, so it is added first and stretched. */
static double lay_field(struct poster_page *page, struct poster_faces faces, double x, double y, double width)
{
	struct scene *scene = page->scene;
	double pad = (page->density > 1 ? 4.5 : pad_mm) * page->mm, card_pad = card_pad_mm * page->mm, gap = pad * 1.1;
	bool is_rtl = faces.count == 1 && page->request->faces[0].is_rtl;
	size_t field = scene->count;
	scene_panel(scene, (struct scene_box){x, y, width, 1}, 5 * page->mm, &page->colours.mist, NULL, 0);
	double card = poster_part_code_width(page, card_pad), beside = width - 2 * pad - card - gap;
	double card_x = is_rtl ? x + width - pad - card : x + pad, beside_x = is_rtl ? x + pad : x + pad + card + gap;
	if (beside < 30 * page->mm) {
		page->is_over = true;
		beside = 30 * page->mm;
	}
	poster_part_code(page, 0, card_pad, card_x, y + pad);
	size_t words = scene->count;
	double height = lay_beside(page, faces, beside_x, y + pad, beside), row = fmax(height, card);
	scene_move(scene, words, 0, (row - height) / 2);
	double bottom = y + pad + row;
	if (faces.count == 1)
		bottom += pad * 0.8 + lay_under(page, faces, x + pad, bottom + pad * 0.8, width - 2 * pad);
	if (!scene->is_failed)
		scene->items[field].box.height = bottom + pad - y;
	return bottom + pad - y;
}

static double lay_foot(struct poster_page *page, struct poster_faces faces, double x, double y, double width)
{
	if (faces.count > 1)
		return 0;
	struct poster_sizes sizes = {.body = 14, .gap = 8};
	return poster_part_face(page, 0, POSTER_WITH_CONTACT, sizes, x, y, width) - sizes.gap * page->scale * 0.5;
}

static void lay(struct poster_page *page)
{
	struct scene *scene = page->scene;
	struct poster_faces faces = {0, page->request->faces_count};
	double mm = page->mm, x = margin_mm * mm, width = scene->width - 2 * x, gap = 5.5 * mm * fmin(page->scale, 1.4);
	double y = margin_mm * mm, foot_gap = faces.count > 1 ? 0 : gap;
	page->margin = 12 * mm;
	double head = poster_part_organisation(page, 14, x, y, width);
	y += head > 0 ? head + gap * 0.9 : 0;
	size_t words = scene->count;
	y += faces.count == 1 ? lay_one(page, y, x, width) : lay_several(page, faces, y, x, width);
	y += gap * 0.6;
	size_t field = scene->count;
	double field_height = lay_field(page, faces, x, y, width);
	double foot_height = lay_foot(page, faces, x, y + field_height + foot_gap, width);
	double left = scene->height - margin_mm * mm - (y + field_height + foot_gap + foot_height);
	if (left < 0) {
		page->is_over = true;
		return;
	}
	scene_move(scene, field, 0, left); /* the field and the foot stand at the bottom */
	for (size_t i = words; i < field; i++)
		scene->items[i].box.y += left * 0.4;
}

const struct poster_kind_layout *poster_sheet_layout(void)
{
	static const struct poster_kind_layout layout = {lay, DENSITIES, 1.75};
	return &layout;
}
