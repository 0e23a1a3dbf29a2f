/* SPDX-License-Identifier: MIT */
/* poster_sheet.c: a poster for a wall, A4 or A3. Words above, and below them, where eyes of people who sit in wheelchairs and of
 * children are, the code on a tinted field with the address that can be typed instead. */
#include "lib/print/poster_page.h"

#include "lib/print/poster_size.h"

#include <math.h>

static const double margin_mm = 15, pad_mm = 7, card_pad_mm = 1;

/* With room; facts as running text; what stands beside the code below it; both; and the field without its air. */
enum { JOINED = 1 << 0, STACKED = 1 << 1, DENSITIES = 5 };

static unsigned closer(const struct poster_page *page)
{
	return page->density < 4 ? page->density : JOINED;
}

/* The words of one language, large. */
static double lay_one(struct poster_page *page, double y, double x, double width)
{
	bool is_close = closer(page) & STACKED;
	struct poster_sizes sizes = {.lead = is_close ? 26 : 37,
				     .title = is_close ? 16 : 20,
				     .body = is_close ? 14 : 15,
				     .gap = is_close ? 6 : 9};
	unsigned with = POSTER_WITH_LEAD | POSTER_WITH_TITLE | POSTER_WITH_EVENT | POSTER_WITH_WHAT;
	return poster_part_face(page, 0, with, sizes, x, y, width);
}

/* Those of several, side by side. What they have in common stands above. */
static double lay_several(struct poster_page *page, struct poster_faces faces, double y, double x, double width)
{
	struct poster_sizes sizes = {
		.lead = faces.count > 2 ? 19 : 23, .title = 15, .body = 14, .gap = faces.count > 2 ? 5 : 7};
	bool is_shared = poster_has_one_title(page, faces);
	unsigned with = POSTER_WITH_LEAD | POSTER_WITH_WHAT | POSTER_WITH_FACTS | POSTER_WITH_CONTACT |
			(is_shared ? 0 : POSTER_WITH_TITLE) | (closer(page) & JOINED ? POSTER_JOINED : 0);
	double from = y;
	if (is_shared) {
		struct poster_sizes head = {.title = 21, .body = 14, .gap = 4};
		y += poster_part_face(page, 0, POSTER_WITH_TITLE | POSTER_WITH_EVENT, head, x, y, width);
	}
	double event = is_shared ? 0 : poster_part_event(page, faces, NULL, 14, x, y, width);
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

/* Under the code: how to get there by hand, the address at one side and the code at the other. */
static double lay_under(struct poster_page *page, struct poster_faces faces, double x, double y, double width)
{
	bool is_rtl = faces.count == 1 && page->request->faces[0].is_rtl;
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

/* Everything that is on the field below its top. Gives its height. */
static double lay_on_field(struct poster_page *page, struct poster_faces faces, double pad, double x, double y,
			   double width)
{
	double card_pad = card_pad_mm * page->mm, card = poster_part_code_width(page, card_pad), gap = pad * 1.1;
	bool is_rtl = faces.count == 1 && page->request->faces[0].is_rtl, is_stacked = closer(page) & STACKED;
	double beside = width - card - gap, row = card;
	poster_part_code(page, 0, card_pad, is_stacked ? x + (width - card) / 2 : is_rtl ? x + width - card : x, y);
	if (card > width || (!is_stacked && beside < (faces.count == 1 ? 62 : 44) * page->mm)) {
		page->is_over = true;
		return card;
	}
	if (!is_stacked) {
		size_t words = page->scene->count;
		double height = lay_beside(page, faces, is_rtl ? x : x + card + gap, y, beside);
		row = fmax(card, height);
		scene_move(page->scene, words, 0, (row - height) / 2);
	} else if (faces.count == 1) {
		struct poster_sizes sizes = {.body = 15, .gap = 8};
		row += pad * 0.8;
		row += poster_part_face(page, 0, POSTER_WITH_FACTS | POSTER_IN_A_ROW, sizes, x, y + row, width);
	}
	if (is_stacked || faces.count == 1)
		row += pad * 0.8 + lay_under(page, faces, x, y + row + pad * 0.8, width);
	return row;
}

/* The tinted field. Its height is known when everything lies on it, so it is added first and stretched. */
static double lay_field(struct poster_page *page, struct poster_faces faces, double x, double y, double width)
{
	double pad = (page->density >= 3 ? 4.5 : pad_mm) * page->mm;
	size_t field = page->scene->count;
	scene_panel(page->scene, (struct scene_box){x, y, width, 1}, 5 * page->mm, &page->colours.mist, NULL, 0);
	double height = lay_on_field(page, faces, pad, x + pad, y + pad, width - 2 * pad) + 2 * pad;
	if (!page->scene->is_failed)
		page->scene->items[field].box.height = height;
	return height;
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
	double head = poster_part_organisation(page, faces, 14, x, y, width);
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
	static const struct poster_kind_layout layout = {lay, DENSITIES, 2};
	return &layout;
}
