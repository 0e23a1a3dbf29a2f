/* SPDX-License-Identifier: MIT */
/* poster_tent.c: a table tent: A4, folded across its middle, so that each half is a side. The upper half is turned, for it is
 * upright when the tent stands. Both sides say the same, or with more languages than a side takes, half of them each. */
#include "lib/print/poster_page.h"

#include <math.h>

static const double margin_mm = 10, pad_mm = 5, card_pad_mm = 0.8;

enum { DENSITIES = 4 }; /* all on each side: with icons, as running text; half on each: the same */

/* The tinted field with the code and what is typed instead. */
static void lay_field(struct poster_page *page, struct poster_faces faces, double x, double y, double height)
{
	double mm = page->mm, pad = pad_mm * mm, card_pad = card_pad_mm * mm,
	       card = poster_part_code_width(page, card_pad);
	scene_panel(page->scene, (struct scene_box){x, y, card + 2 * pad, height}, 4.5 * mm, &page->colours.mist, NULL,
		    0);
	size_t first = page->scene->count;
	poster_part_code(page, faces.first, card_pad, x + pad, y + pad);
	double used = pad + card + 2.5 * mm;
	used += poster_part_address(page, faces, 14, 19, x + pad, y + used, card) + 2 * mm;
	used += poster_part_typed_code(page, faces, 14, 25, x + pad, y + used, card);
	double left = height - used - pad;
	if (left < 0)
		page->is_over = true;
	else
		scene_move(page->scene, first, 0, left / 2);
}

/* What a side says beside the code. Gives its height. */
static double lay_words(struct poster_page *page, struct poster_faces faces, double x, double y, double width)
{
	bool is_one = faces.count == 1, is_shared = poster_has_one_title(page, faces);
	struct poster_sizes sizes = {
		.lead = is_one ? 24 : 18, .title = is_one ? 16 : 14, .body = 14, .gap = is_one ? 6 : 4};
	unsigned with = POSTER_WITH_LEAD | POSTER_WITH_WHAT | POSTER_WITH_FACTS | POSTER_WITH_CONTACT |
			(page->density % 2 ? POSTER_JOINED : 0) | (is_one ? POSTER_WITH_EVENT : 0) |
			(is_shared && !is_one ? 0 : POSTER_WITH_TITLE);
	double from = y, gap = 2.5 * page->mm * page->scale;
	double head = poster_part_organisation(page, faces, 14, x, y, width), event = 0;
	y += head > 0 ? head + gap * 0.9 : 0;
	if (is_shared && !is_one) {
		struct poster_sizes shared = {.title = 17, .body = 14, .gap = 3};
		y += poster_part_face(page, faces.first, POSTER_WITH_TITLE | POSTER_WITH_EVENT, shared, x, y, width);
	} else if (!is_one)
		event = poster_part_event(page, faces, NULL, 14, x, y, width);
	y += event > 0 ? event + gap * 0.6 : 0;
	return y + poster_part_grid(page, faces, with, sizes, 1, 0, x, y, width) - from;
}

static void lay_side(struct poster_page *page, struct poster_faces faces, double top)
{
	struct scene *scene = page->scene;
	double margin = margin_mm * page->mm, height = scene->height / 2 - 2 * margin, y = top + margin;
	bool is_rtl = faces.count == 1 && page->request->faces[faces.first].is_rtl;
	double wide = poster_part_code_width(page, card_pad_mm * page->mm) + 2 * pad_mm * page->mm;
	double gap = 8 * page->mm, width = scene->width - 2 * margin - wide - gap;
	if (width < 60 * page->mm) {
		page->is_over = true;
		return;
	}
	size_t words = scene->count;
	double used = lay_words(page, faces, is_rtl ? margin : margin + wide + gap, y, width);
	if (used > height)
		page->is_over = true;
	else
		scene_move(scene, words, 0, (height - used) / 2);
	lay_field(page, faces, is_rtl ? scene->width - margin - wide : margin, y, height);
}

static void lay(struct poster_page *page)
{
	struct scene *scene = page->scene;
	size_t count = page->request->faces_count, half = (count + 1) / 2;
	bool is_split = page->density > 1 && count > 1;
	page->margin = 9 * page->mm;
	lay_side(page, (struct poster_faces){0, is_split ? half : count}, scene->height / 2);
	scene_line(scene, 0, scene->height / 2, scene->width, scene->height / 2, page->colours.line, 0.7, 5);
	page->has_heading = false;
	scene->is_turning = true;
	lay_side(page, is_split ? (struct poster_faces){half, count - half} : (struct poster_faces){0, count}, 0);
	scene->is_turning = false;
}

const struct poster_kind_layout *poster_tent_layout(void)
{
	static const struct poster_kind_layout layout = {lay, DENSITIES, 1.5};
	return &layout;
}
