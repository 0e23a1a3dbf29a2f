/* SPDX-License-Identifier: MIT */
/* poster_slide.c: a slide for the end of a talk, 1920 by 1080: light on dark, as the kiosk, with the code on white as large as the
 * height allows, since nobody chose their seat for it. Lengths are pixels. */
#include "lib/print/poster_page.h"

#include <math.h>

enum { DENSITIES = 2 };

static const double margin = 72, gutter = 72, card_pad = 4, side_gap = 26, pad = 40;

/* The code, and under it what is typed instead. */
static void lay_code(struct poster_page *page, struct poster_faces faces)
{
	struct scene *scene = page->scene;
	double width = poster_part_code_width(page, card_pad);
	bool is_rtl = faces.count == 1 && page->request->faces[0].is_rtl;
	double x = is_rtl ? 0 : scene->width - width - 2 * pad;
	scene_panel(scene, (struct scene_box){x, 0, width + 2 * pad, scene->height}, 0, &page->colours.mist, NULL, 0);
	size_t first = scene->count;
	double used = poster_part_code(page, 0, card_pad, x + pad, 0) + side_gap;
	used += poster_part_address(page, faces, faces.count > 2 ? 24 : 28, 46, x + pad, used, width) + side_gap * 0.6;
	used += poster_part_typed_code(page, faces, 30, 62, x + pad, used, width);
	double left = scene->height - used;
	if (left < 2 * 36)
		page->is_over = true;
	scene_move(scene, first, 0, left / 2);
}

static void lay_words(struct poster_page *page, struct poster_faces faces, double x, double width)
{
	struct scene *scene = page->scene;
	bool is_one = faces.count == 1, is_shared = poster_has_one_title(page, faces), is_many = faces.count > 2;
	struct poster_sizes sizes = {.lead = is_one    ? 62
					     : is_many ? 34
						       : 40,
				     .title = is_one    ? 40
					      : is_many ? 26
							: 30,
				     .body = is_one    ? 32
					     : is_many ? 24
						       : 28,
				     .gap = is_one    ? 20
					    : is_many ? 9
						      : 12};
	unsigned with = POSTER_WITH_LEAD | POSTER_WITH_WHAT | POSTER_WITH_FACTS | POSTER_WITH_CONTACT |
			(page->density > 0 ? POSTER_JOINED : 0) | (is_one ? POSTER_WITH_EVENT : 0) |
			(is_shared && !is_one ? 0 : POSTER_WITH_TITLE);
	double y = margin, head = poster_part_organisation(page, faces, 30, x, y, width);
	y += head > 0 ? head + 24 : 0;
	size_t first = scene->count;
	double event = 0;
	if (is_shared && !is_one) {
		struct poster_sizes shared = {.title = 42, .body = 30, .gap = 8};
		y += poster_part_face(page, 0, POSTER_WITH_TITLE | POSTER_WITH_EVENT, shared, x, y, width) + sizes.gap;
	} else if (!is_one)
		event = poster_part_event(page, faces, NULL, 30, x, y, width);
	y += event > 0 ? event + sizes.gap * 1.5 : 0;
	y += poster_part_grid(page, faces, with, sizes, is_many ? 2 : 1, 56, x, y, width);
	double left = scene->height - margin - y;
	if (left < 0)
		page->is_over = true;
	else
		scene_move(scene, first, 0, left * 0.45);
}

static void lay(struct poster_page *page)
{
	struct poster_faces faces = {0, page->request->faces_count};
	bool is_rtl = faces.count == 1 && page->request->faces[0].is_rtl;
	page->margin = 36;
	double column = poster_part_code_width(page, card_pad) + 2 * pad,
	       width = page->scene->width - column - margin - gutter;
	if (width < 600)
		page->is_over = true;
	else
		lay_words(page, faces, is_rtl ? column + gutter : margin, width);
	lay_code(page, faces);
}

const struct poster_kind_layout *poster_slide_layout(void)
{
	static const struct poster_kind_layout layout = {lay, DENSITIES, 1.9};
	return &layout;
}

/* ---- the code alone ---------------------------------------------------------------------------------------------- */

static void lay_alone(struct poster_page *page)
{
	const struct poster_face *face = &page->request->faces[0];
	scene_code(page->scene, page->code, face->lang, face->alt, 0, 0, page->side);
}

const struct poster_kind_layout *poster_alone_layout(void)
{
	static const struct poster_kind_layout layout = {lay_alone, 1, 1};
	return &layout;
}
